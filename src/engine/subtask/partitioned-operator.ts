import { Batch, MAX_WATERMARK, MIN_WATERMARK, watermarkBatch } from '../../batch/batch.ts';
import { type Vector, VectorBuilder } from '../../batch/vector.ts';
import type { PlannedNode } from '../../plan/plan.ts';
import type { Operator, OperatorCounters, Output } from '../operator.ts';
import { batchMessage, batchOf, marksBetween } from './batch-message.ts';
import type { KeyRouting } from './key-routing.ts';
import type { RemoteSubtask } from './remote-subtask.ts';
import type { MadeBatches } from './subtask-messages.ts';

/** The other subtasks may owe the results of this many batches, or of this many rows. */
const BATCHES_AHEAD = 64;
const ROWS_AHEAD = BATCHES_AHEAD * 4096;

interface PartitionedOptions {
  readonly node: PlannedNode;
  /** The columns of the input that the operator reads. */
  readonly reads: ReadonlySet<number>;
  readonly routing: KeyRouting;
  readonly remotes: readonly RemoteSubtask[];
}

/**
 * An operator whose key groups are divided among subtasks. Subtask 0 runs in the thread of the
 * task, the others in threads of their own. Each has its own state.
 *
 * Rows of a key keep their order. The results of another subtask are emitted `BATCHES_AHEAD`
 * batches after the batch that caused them, so the order of the output does not depend on the speed
 * of the threads. A watermark is emitted after the results of all subtasks.
 */
export class PartitionedOperator implements Operator {
  readonly #local: Operator;
  readonly #options: PartitionedOptions;
  readonly #emptyColumns: readonly Vector[];
  /** The batches whose results are owed, in order: their last watermark and their rows. */
  readonly #owed: { readonly watermark: number; readonly rows: number }[] = [];
  #rowsOwed = 0;
  #watermark = MIN_WATERMARK;
  #emitted = MIN_WATERMARK;

  constructor(local: Operator, options: PartitionedOptions) {
    this.#local = local;
    this.#options = options;
    this.#emptyColumns = options.node.fields.map((f) => new VectorBuilder(f.type, 0).finish());
  }

  onBatch(batch: Batch, input: number, out: Output): void | Promise<void> {
    const { routing, remotes, reads } = this.#options;
    routing.route(batch);
    for (const [i, remote] of remotes.entries()) {
      remote.process(batchMessage(batch, routing.rows[i + 1]!, routing.counts[i + 1]!, reads));
    }
    this.#watermark = batch.lastWatermark(this.#watermark);
    this.#owed.push({ watermark: this.#watermark, rows: batch.selected });
    this.#rowsOwed += batch.selected;
    const ahead = this.#watermark === MAX_WATERMARK ? 0 : BATCHES_AHEAD;
    const wait = this.#local.onBatch(this.#localPart(batch), input, this.#rowsTo(out));
    return wait ? wait.then(() => this.#collect(ahead, out)) : this.#collect(ahead, out);
  }

  #localPart(batch: Batch): Batch {
    const { rows, counts } = this.#options.routing;
    const count = counts[0]!;
    const selection = rows[0]!.slice(0, count);
    return new Batch(
      batch.size,
      batch.columns,
      null,
      selection,
      count,
      marksBetween(batch.marks, selection, count, false),
    );
  }

  /** Passes on the rows and drops the watermarks, because the other subtasks may be behind. */
  #rowsTo(out: Output): Output {
    return {
      onlyLastMark: true,
      emit(batch) {
        if (batch.selected === 0) return;
        const { size, columns, selection, selected } = batch;
        out.emit(batch.marks === null ? batch : new Batch(size, columns, null, selection, selected));
      },
    };
  }

  /** Emits results until the other subtasks owe those of `ahead` batches at most. */
  #collect(ahead: number, out: Output): void | Promise<void> {
    while (this.#owed.length > ahead || this.#rowsOwed > ROWS_AHEAD) {
      const { remotes } = this.#options;
      for (let i = 0; i < remotes.length; i++) {
        const made = remotes[i]!.take();
        if (made === null) return this.#waitFor(i, ahead, out);
        this.#emit(made, out);
      }
      this.#advance(out);
    }
  }

  /** Waits for the results of a subtask and of those after it, for the oldest batch. */
  async #waitFor(first: number, ahead: number, out: Output): Promise<void> {
    for (const remote of this.#options.remotes.slice(first)) this.#emit(await remote.taken(), out);
    this.#advance(out);
    await this.#collect(ahead, out);
  }

  #emit({ batches }: MadeBatches, out: Output): void {
    for (const batch of batches) out.emit(batchOf(batch));
  }

  /** Emits the watermark of the oldest batch. All its results have been emitted. */
  #advance(out: Output): void {
    const { watermark, rows } = this.#owed.shift()!;
    this.#rowsOwed -= rows;
    if (watermark <= this.#emitted) return;
    this.#emitted = watermark;
    out.emit(watermarkBatch(this.#emptyColumns, watermark));
  }

  settle(out: Output): void | Promise<void> {
    return this.#collect(0, out);
  }

  snapshot(): unknown {
    return this.#local.snapshot?.();
  }

  async restore(snapshot: unknown): Promise<void> {
    await this.#local.restore?.(snapshot);
  }

  /** Counters are the sums over all subtasks. */
  metrics(): OperatorCounters {
    const sum: Record<string, number | Readonly<Record<string, number>>> = { ...this.#local.metrics?.() };
    for (const { counters } of this.#options.remotes) {
      for (const [name, value] of Object.entries(counters)) {
        const before = sum[name] ?? 0;
        if (typeof value === 'number' && typeof before === 'number') sum[name] = before + value;
      }
    }
    return sum;
  }

  async close(): Promise<void> {
    await Promise.all([this.#local.close?.(), ...this.#options.remotes.map((remote) => remote.close())]);
  }
}
