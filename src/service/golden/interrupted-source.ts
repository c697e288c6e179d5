import type { PollResult, Source, SourceMetrics } from '../../engine/source.ts';

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
  #rows = 0;
  #failure: Error | null = null;
  #state: 'before' | 'waiting' | 'after' = 'before';

  constructor(inner: Source, checkpointAfter: number, crashAfter: number, checkpoint: () => Promise<void>) {
    this.#inner = inner;
    this.#checkpointAfter = checkpointAfter;
    this.#crashAfter = crashAfter;
    this.#checkpoint = checkpoint;
  }

  async poll(maxRows: number): Promise<PollResult> {
    if (this.#state === 'before' && this.#rows >= this.#checkpointAfter) {
      this.#state = 'waiting';
      this.#checkpoint().then(
        () => {
          this.#state = 'after';
        },
        (error) => {
          this.#failure = error;
        },
      );
    }
    if (this.#failure !== null) throw this.#failure;
    if (this.#state === 'waiting') return 'idle';
    if (this.#rows >= this.#crashAfter && this.#state === 'after') throw new Interruption('interrupted');
    const result = await this.#inner.poll(maxRows);
    if (result === 'end' && this.#state === 'before') {
      this.#rows = Number.POSITIVE_INFINITY;
      return 'idle';
    }
    if (typeof result === 'object') this.#rows += result.size;
    return result;
  }

  position(): unknown {
    return this.#inner.position();
  }
  seek(position: unknown): void | Promise<void> {
    return this.#inner.seek(position);
  }
  metrics(): SourceMetrics {
    return this.#inner.metrics();
  }
  close(): void | Promise<void> {
    return this.#inner.close();
  }
}
