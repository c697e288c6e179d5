import { Batch } from '../../src/batch/batch.ts';
import { NumberVector } from '../../src/batch/vector.ts';
import type { PollResult, Source, Split } from '../../src/engine/source.ts';

/**
 * Rows are event times in milliseconds. `idle`: there are no rows until the source wakes the job.
 */
type Script = readonly (number | 'idle')[];

/** A split that returns the rows of its script, as many at once as the caller allows. */
class FakeSplit implements Split {
  readonly id: string;
  readonly polls: number[] = [];
  #script: (number | 'idle')[];
  readonly #ends: boolean;
  #at = 0;

  constructor(id: string, script: Script, ends: boolean) {
    this.id = id;
    this.#script = [...script];
    this.#ends = ends;
  }

  add(...more: Script): void {
    this.#script.push(...more);
  }

  poll(maxRows: number): PollResult {
    this.polls.push(this.#at);
    if (this.#script[this.#at] === 'idle') {
      this.#at++;
      return 'idle';
    }
    const rows: number[] = [];
    for (let next = this.#script[this.#at]; typeof next === 'number' && rows.length < maxRows; ) {
      rows.push(next);
      next = this.#script[++this.#at];
    }
    if (rows.length > 0) return new Batch(rows.length, [new NumberVector(Float64Array.from(rows))]);
    return this.#ends ? 'end' : 'idle';
  }

  position(): unknown {
    return this.#at;
  }

  seek(position: unknown): void {
    this.#at = position as number;
  }
}

/** A source whose splits are written in a test. */
export class FakeSource implements Source {
  readonly growing: boolean;
  #splits: FakeSplit[] = [];
  wake: () => void = () => {};

  constructor(scripts: Readonly<Record<string, Script>>, how: { readonly ends: boolean; readonly growing?: boolean }) {
    this.growing = how.growing ?? false;
    for (const [id, script] of Object.entries(scripts)) this.addSplit(id, script, how.ends);
  }

  addSplit(id: string, script: Script, ends: boolean): void {
    this.#splits = [...this.#splits, new FakeSplit(id, script, ends)];
  }

  remove(id: string): void {
    this.#splits = this.#splits.filter((split) => split.id !== id);
  }

  split(id: string): FakeSplit {
    return this.#splits.find((split) => split.id === id)!;
  }

  start(wake: () => void): void {
    this.wake = wake;
  }

  splits(): readonly FakeSplit[] {
    return this.#splits;
  }

  metrics() {
    return { malformed: 0, bytes: 0 };
  }

  close(): void {}
}
