import type { Batch } from '../../batch/batch.ts';
import { type Vector, VectorBuilder } from '../../batch/vector.ts';
import type { Clock } from '../../core/clock.ts';
import { type MarkLane, WatermarkOperator } from '../operators/watermark.ts';
import type { GraphNode } from './graph-node.ts';

/**
 * The stateless operators from a scan to its watermark. They run with the source. All splits of
 * the source go through them; each split has its own lane for its watermark.
 */
export class SourceChain {
  readonly nodes: readonly GraphNode[];
  readonly clock: Clock;
  /** Output columns without rows. */
  readonly emptyColumns: readonly Vector[];
  readonly #watermarks: WatermarkOperator | null;

  /** `nodes`: in order; the consumers of the last one get the output. */
  constructor(nodes: readonly GraphNode[], clock: Clock) {
    this.nodes = nodes;
    this.clock = clock;
    this.emptyColumns = this.tail.plan.fields.map((f) => new VectorBuilder(f.type, 0).finish());
    this.#watermarks = nodes.map((n) => n.operator).find((o) => o instanceof WatermarkOperator) ?? null;
  }

  get tail(): GraphNode {
    return this.nodes[this.nodes.length - 1]!;
  }

  /** The source has a watermark, and so a position in the total order. */
  get hasEventTime(): boolean {
    return this.#watermarks !== null;
  }

  /** Counts the time of a read that returned rows as busy. Waiting for rows does not count. */
  noteRead(since: number): void {
    this.nodes[0]!.busyMs += this.clock.monotonicMs() - since;
  }

  /**
   * Stateless operators never wait, and emit at most one batch per batch. `into`: the input of
   * each; null: no output.
   */
  run(batch: Batch, lane: MarkLane): { readonly into: readonly Batch[]; readonly out: Batch } | null {
    if (this.#watermarks !== null) this.#watermarks.lane = lane;
    const into: Batch[] = [];
    let current = batch;
    for (const node of this.nodes) {
      into.push(current);
      let made: Batch | null = null;
      node.rowsIn += current.selected;
      const since = this.clock.monotonicMs();
      void node.operator.onBatch(current, 0, {
        emit: (b) => {
          made = b;
        },
      });
      node.busyMs += this.clock.monotonicMs() - since;
      if (made === null) return null;
      current = made;
      node.rowsOut += current.selected;
    }
    return { into, out: current };
  }

  /** Passes a batch to the nodes downstream of the source. */
  emit(batch: Batch): void | Promise<void> {
    const since = this.clock.monotonicMs();
    const wait = this.tail.deliverRound(batch);
    if (wait) return wait.then(() => this.#addBackPressure(since));
    this.#addBackPressure(since);
  }

  #addBackPressure(since: number): void {
    const ms = this.clock.monotonicMs() - since;
    for (const node of this.nodes) node.backPressuredMs += ms;
  }
}
