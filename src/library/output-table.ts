import { type Batch, KIND_NAMES } from '../batch/batch.ts';
import type { Field } from '../core/data-type.ts';
import type { PreparedEpoch, Sink } from '../engine/sink.ts';
import type { SinkNode } from '../plan/nodes/sink.ts';
import { type Change, rowWriter } from './row.ts';

/**
 * A buffer of a result's changes between a job and the program that reads them. The job waits while
 * `capacity` changes are unread.
 */
export class OutputTable implements Sink, AsyncIterable<Change> {
  readonly #capacity: number;
  readonly #row: ReturnType<typeof rowWriter>;
  #changes: Change[] = [];
  /** The job waits for the reader. */
  #blocking = true;
  /** The reader has left. Changes are dropped. */
  #unread = false;
  #ended = false;
  #failure: unknown = null;
  #reader: (() => void) | null = null;
  #writer: (() => void) | null = null;

  /** `insert`: the result has only +I. */
  readonly changelog: SinkNode['changelog'];

  constructor(fields: readonly Field[], changelog: SinkNode['changelog'], capacity: number) {
    this.changelog = changelog;
    this.#capacity = capacity;
    this.#row = rowWriter(fields);
  }

  write(batch: Batch): void | Promise<void> {
    if (this.#unread) return;
    for (let i = 0; i < batch.selected; i++) {
      const at = batch.selection === null ? i : batch.selection[i]!;
      const kind = KIND_NAMES[batch.kinds === null ? 0 : batch.kinds[at]!] as Change['kind'];
      this.#changes.push({ kind, row: this.#row(batch.columns.map((column) => column.get(at))) });
    }
    this.#wakeReader();
    if (this.#blocking && this.#changes.length >= this.#capacity) {
      return new Promise((resolve) => {
        this.#writer = resolve;
      });
    }
  }

  /** Ends the table after its present changes. `failure`: the job has failed. */
  end(failure: unknown = null): void {
    this.#failure ??= failure;
    this.#ended = true;
    this.#wakeReader();
    this.#wakeWriter();
  }

  /** Lets the job continue without waiting for the reader. */
  release(): void {
    this.#blocking = false;
    this.#wakeWriter();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change, void, void> {
    try {
      for (;;) {
        const changes = this.#changes.splice(0);
        if (changes.length > 0) this.#wakeWriter();
        yield* changes;
        if (this.#changes.length > 0) continue;
        if (this.#failure !== null) throw this.#failure;
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#reader = resolve;
        });
      }
    } finally {
      this.#unread = true;
      this.#changes = [];
      this.release();
    }
  }

  #wakeReader(): void {
    this.#reader?.();
    this.#reader = null;
  }

  #wakeWriter(): void {
    this.#writer?.();
    this.#writer = null;
  }

  prepare(): PreparedEpoch {
    return { prepared: Promise.resolve(null) };
  }

  async commit(): Promise<void> {}

  async restore(): Promise<void> {}

  async close(): Promise<void> {}
}
