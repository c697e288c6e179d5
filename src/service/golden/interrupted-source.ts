import type { PollResult, Source, SourceMetrics, Split } from '../../engine/source.ts';

/** Thrown into a job to end it like a crash: nothing after the last checkpoint survives. */
export class Interruption extends Error {}

/**
 * A source that asks for a checkpoint after some rows, waits until it is durable, lets a few more
 * rows pass and then ends the job like a crash.
 */
export class InterruptedSource implements Source {
  readonly #inner: Source;
  readonly #checkpointAfter: number;
  readonly #crashAfter: number;
  readonly #checkpoint: () => Promise<void>;
  readonly #splits = new Map<string, Split>();
  #rows = 0;
  #failure: Error | null = null;
  #state: 'before' | 'waiting' | 'after' = 'before';
  #wake: () => void = () => {};

  constructor(inner: Source, checkpointAfter: number, crashAfter: number, checkpoint: () => Promise<void>) {
    this.#inner = inner;
    this.#checkpointAfter = checkpointAfter;
    this.#crashAfter = crashAfter;
    this.#checkpoint = checkpoint;
  }

  start(wake: () => void): void {
    this.#wake = wake;
    this.#inner.start?.(wake);
  }

  restore(positions: ReadonlyMap<string, unknown>): void {
    this.#inner.restore?.(positions);
  }

  get growing(): boolean {
    return this.#inner.growing === true;
  }

  splits(): readonly Split[] {
    return this.#inner.splits().map((split) => {
      const known = this.#splits.get(split.id) ?? this.#interrupted(split);
      this.#splits.set(split.id, known);
      return known;
    });
  }

  #interrupted(inner: Split): Split {
    return {
      id: inner.id,
      poll: (maxRows) => this.#poll(inner, maxRows),
      position: () => inner.position(),
      seek: (position) => inner.seek(position),
    };
  }

  async #poll(inner: Split, maxRows: number): Promise<PollResult> {
    if (this.#state === 'before' && this.#rows >= this.#checkpointAfter) {
      this.#state = 'waiting';
      this.#checkpoint()
        .then(
          () => {
            this.#state = 'after';
          },
          (error) => {
            this.#failure = error;
          },
        )
        .finally(() => this.#wake());
    }
    if (this.#failure !== null) throw this.#failure;
    if (this.#state === 'waiting') return 'idle';
    if (this.#rows >= this.#crashAfter && this.#state === 'after') throw new Interruption('interrupted');
    const result = await inner.poll(maxRows);
    if (result === 'end' && this.#state === 'before') {
      this.#rows = Number.POSITIVE_INFINITY;
      return this.#poll(inner, maxRows);
    }
    if (typeof result === 'object') this.#rows += result.size;
    return result;
  }

  metrics(): SourceMetrics {
    return this.#inner.metrics();
  }
  close(): void | Promise<void> {
    return this.#inner.close();
  }
}
