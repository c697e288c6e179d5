import type { Batch } from '../../batch/batch.ts';
import { KIND_NAMES } from '../../batch/batch.ts';
import type { Field } from '../../core/data-type.ts';
import type { PreparedEpoch, Sink } from '../../engine/sink.ts';
import { writeJsonValue } from '../../formats/value-text.ts';
import { type OutputRows, ROWS_KEPT, ROWS_PER_MESSAGE, ROWS_WINDOW } from './messages.ts';

/**
 * Sends the output of a job's sinks to the service with bounded memory. Of a sink without followers
 * it sends the last rows; of a followed one it sends all rows while the service thread keeps up.
 * Only a preview waits for its reader. Any other job continues, and dropped rows are counted.
 */
export class OutputTap {
  followed = false;
  readonly #send: (message: OutputRows) => void;
  readonly #sinks: TappedSink[] = [];
  #unacknowledged = 0;
  #waiting: (() => void)[] = [];

  constructor(send: (message: OutputRows) => void) {
    this.#send = send;
  }

  /** Adds a tap to a sink. `waits`: the job is a preview. */
  around(inner: Sink | null, name: string, fields: readonly Field[], waits: boolean): Sink {
    const sink = new TappedSink(this, inner, name, fields, waits);
    this.#sinks.push(sink);
    return sink;
  }

  /** Forgets the sinks of a run that has ended, after their rows were sent. */
  clear(): void {
    this.flush();
    this.#sinks.length = 0;
  }

  /** Sends the collected rows. A timer and the end of the job call this method. */
  flush(): void {
    for (const sink of this.#sinks) this.#flushSink(sink);
  }

  #flushSink(sink: TappedSink): void {
    while (this.#unacknowledged < ROWS_WINDOW) {
      const message = sink.take();
      if (message === null) return;
      this.#unacknowledged++;
      this.#send(message);
    }
  }

  taken(): void {
    this.#unacknowledged--;
    for (const sink of this.#sinks) if (sink.waits) this.#flushSink(sink);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  /** Resolves at the next acknowledgement. */
  whenTaken(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Resolves when all rows of a preview have been sent and acknowledged. */
  async drain(): Promise<void> {
    this.flush();
    while (this.#sinks.some((sink) => sink.waits && sink.pending > 0)) {
      await this.whenTaken();
      this.flush();
    }
  }

  release(): void {
    for (const sink of this.#sinks) sink.waits = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}

class TappedSink implements Sink {
  waits: boolean;
  readonly #tap: OutputTap;
  readonly #inner: Sink | null;
  readonly #name: string;
  readonly #keys: readonly string[];
  readonly #texts: readonly ((value: unknown) => string)[];
  #lines: string[] = [];
  #written = 0;
  #dropped = 0;

  constructor(tap: OutputTap, inner: Sink | null, name: string, fields: readonly Field[], waits: boolean) {
    this.#tap = tap;
    this.#inner = inner;
    this.#name = name;
    this.waits = waits;
    this.#keys = fields.map((f, i) => `${i === 0 ? '' : ','}${JSON.stringify(f.name)}:`);
    this.#texts = fields.map((f) => writeJsonValue(f.type));
  }

  get pending(): number {
    return this.#lines.length;
  }

  write(batch: Batch): void | Promise<void> {
    const { selected } = batch;
    if (selected > 0) {
      this.#written += selected;
      // Rows that cannot be sent are not converted to text.
      const room = this.waits ? selected : this.#tap.followed ? ROWS_PER_MESSAGE * ROWS_WINDOW : ROWS_KEPT;
      const from = Math.max(0, selected - room);
      for (let i = from; i < selected; i++) this.#lines.push(this.#lineOf(batch, i));
      const excess = this.waits ? 0 : this.#lines.length - room;
      if (excess > 0) this.#lines.splice(0, excess);
      if (this.#tap.followed) this.#dropped += from + Math.max(0, excess);
    }
    const written = this.#inner?.write(batch);
    if (this.waits && this.#lines.length >= ROWS_PER_MESSAGE) return this.#wait(written);
    return written;
  }

  async #wait(written: void | Promise<void>): Promise<void> {
    await written;
    this.#tap.flush();
    while (this.waits && this.#lines.length >= ROWS_PER_MESSAGE) await this.#tap.whenTaken();
  }

  #lineOf(batch: Batch, i: number): string {
    const at = batch.selection === null ? i : batch.selection[i]!;
    let row = '';
    for (let c = 0; c < this.#keys.length; c++) row += this.#keys[c]! + this.#texts[c]!(batch.columns[c]!.get(at));
    return `{"op":"${KIND_NAMES[batch.kinds === null ? 0 : batch.kinds[at]!]}","row":{${row}}}`;
  }

  take(): OutputRows | null {
    if (this.#written === 0 && this.#lines.length === 0) return null;
    const lines = this.#lines.splice(0, ROWS_PER_MESSAGE);
    const message: OutputRows = {
      kind: 'rows',
      sink: this.#name,
      lines,
      written: this.#written,
      dropped: this.#dropped,
    };
    this.#written = 0;
    this.#dropped = 0;
    return message;
  }

  prepare(epoch: number): PreparedEpoch {
    return this.#inner?.prepare(epoch) ?? { prepared: Promise.resolve(null) };
  }
  async commit(prepared: unknown): Promise<void> {
    await this.#inner?.commit(prepared);
  }
  async restore(prepared: readonly unknown[], epoch: number, instance: string, process: string): Promise<void> {
    await this.#inner?.restore(prepared, epoch, instance, process);
  }
  settle(): void {
    this.#inner?.settle?.();
  }
  async close(): Promise<void> {
    await this.#inner?.close();
  }
}
