import { ByteWriter } from '../state/byte-codec.ts';
import { TimerColumns } from './timer-columns.ts';

/**
 * The timers of a bucket that were set since the last restore. The bytes from `flushed` on are not
 * in the table yet.
 */
export class TimerBucket {
  readonly time: number;
  chunk = new ByteWriter(256);
  flushed = 0;
  /**
   * All timers of the bucket. Then `chunk` has all their bytes. Null: some timers are only in the
   * table, so all are read from there.
   */
  columns: TimerColumns | null;

  constructor(time: number, isWhole: boolean) {
    this.time = time;
    this.columns = isWhole ? new TimerColumns() : null;
  }

  /** The size of the bytes that must still be written to the table. */
  get pending(): number {
    return this.chunk.position - this.flushed;
  }

  /** Called when the pending bytes are in the table. */
  wrote(): void {
    if (this.columns === null) this.chunk.reset();
    this.flushed = this.chunk.position;
  }

  /** Stops the columns. The pending bytes remain. */
  dropColumns(): void {
    const rest = this.chunk.buffer.subarray(this.flushed, this.chunk.position);
    this.chunk = new ByteWriter(Math.max(256, rest.length));
    this.chunk.raw(rest, 0, rest.length);
    this.flushed = 0;
    this.columns = null;
  }
}
