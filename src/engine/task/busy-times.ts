import type { GraphNode } from '../graph/graph-node.ts';

/**
 * The busy, back-pressured and idle time of an operator, in milliseconds per second (the names are
 * those of Flink's task metrics). The sum is 1,000.
 */
export interface BusyShares {
  readonly busyMsPerSecond: number;
  readonly backPressuredMsPerSecond: number;
  readonly idleMsPerSecond: number;
}

const SAMPLE_EVERY_MS = 1000;
/** The number of samples in the average. */
const SAMPLES = 5;

interface Sample {
  readonly at: number;
  readonly busy: readonly number[];
  readonly backPressured: readonly number[];
}

/**
 * Measures how the operators of a job used the last seconds. One thread runs all operators, so an
 * operator must wait while its consumers process its output. That time is its back pressure. In the
 * remaining time it is idle. The bottleneck is the busy operator; operators before it are
 * back-pressured.
 */
export class BusyTimes {
  readonly #nodes: readonly GraphNode[];
  #samples: Sample[] = [];
  #next = 0;

  constructor(nodes: readonly GraphNode[]) {
    this.#nodes = nodes;
  }

  /** Call this often. It takes one sample per second. */
  sample(now: number): void {
    if (now < this.#next) return;
    this.#next = now + SAMPLE_EVERY_MS;
    this.#samples.push({
      at: now,
      busy: this.#nodes.map((n) => n.busyMs),
      backPressured: this.#nodes.map((n) => n.backPressuredMs),
    });
    if (this.#samples.length > SAMPLES + 1) this.#samples.shift();
  }

  /** Returns the shares by the position of the node. Returns null in the first second. */
  shares(): readonly BusyShares[] | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at === first.at) return null;
    const perSecond = 1000 / (last.at - first.at);
    return this.#nodes.map((_, i) => {
      const busy = Math.min(1000, (last.busy[i]! - first.busy[i]!) * perSecond);
      const held = Math.min(1000 - busy, (last.backPressured[i]! - first.backPressured[i]!) * perSecond);
      return {
        busyMsPerSecond: Math.round(busy),
        backPressuredMsPerSecond: Math.round(held),
        idleMsPerSecond: 1000 - Math.round(busy) - Math.round(held),
      };
    });
  }
}
