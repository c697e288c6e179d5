import type { TaskCut } from '../checkpoint/messages.ts';
import type { SourceSnapshot } from '../checkpoint/source-snapshot.ts';
import type { PreparedEpoch } from '../sink.ts';
import type { GraphNode } from './graph-node.ts';

/** The output of a sink that a barrier has closed. */
export interface PreparedPart extends PreparedEpoch {
  readonly name: string;
}

/**
 * A barrier that travels through a graph, from the sources to the sinks along the same edges as
 * batches. It collects what a checkpoint keeps besides the tables: positions, the operators' small
 * values, counters, and the sinks' parts of the epoch. A node processes the barrier when it has
 * arrived on all inputs. There is no await, so all nodes process it at the same moment between two
 * batches.
 */
export class Barrier {
  readonly epoch: number;
  readonly parts: PreparedPart[] = [];
  readonly #sources: Record<string, SourceSnapshot> = {};
  readonly #snapshots: Record<string, unknown> = {};
  readonly #rows: Record<string, { in: number; out: number }> = {};

  constructor(epoch: number) {
    this.epoch = epoch;
  }

  get cut(): TaskCut {
    return { sources: this.#sources, snapshots: this.#snapshots, rows: this.#rows };
  }

  passSource(name: string, snapshot: SourceSnapshot): void {
    this.#sources[name] = snapshot;
  }

  /**
   * Records the values of a node. `unsent`: rows that the node has counted and that are read again
   * after a restore.
   */
  passNode({ plan, operator, rowsIn, rowsOut }: GraphNode, unsent = { in: 0, out: 0 }): void {
    const snapshot = operator.snapshot?.();
    if (snapshot !== undefined) this.#snapshots[plan.name] = snapshot;
    this.#rows[plan.name] = { in: rowsIn - unsent.in, out: rowsOut - unsent.out };
    const part = operator.prepare?.(this.epoch);
    if (part === undefined) return;
    // If another sink throws at once, nothing awaits this promise.
    part.prepared.catch(() => {});
    this.parts.push({ name: plan.name, ...part });
  }
}
