import { ByteReader, ByteWriter } from '../state/byte-codec.ts';
import type { KeyBytes, KeyedTable, StateStore, TimedTable } from '../state/state-store.ts';
import {
  CHUNK_BYTES,
  chunkCodec,
  GroupChunks,
  type KeyTimer,
  readTimer,
  type TimerKind,
  writeTimer,
} from './timer-chunk.ts';
import { isBefore, TimerQueue } from './timer-queue.ts';

const NONE: readonly KeyTimer[] = [];
/** A timer that fires in the batch that sets it has a slot, so it needs no key. */
const NO_KEY: KeyBytes = { bytes: Buffer.alloc(0), from: 0, to: 0 };

/**
 * The timers of keys, on event time or on processing time. A timer makes the operator process a key
 * at a time without a row of the key. Timers fire in the order of (time, registration).
 *
 * A timer cannot be deleted. If the due time of a key has moved to a later time, the operator sets
 * another timer when the first one fires.
 *
 * Timers are stored in buckets of time. In the table, they are also grouped by the key group of
 * their key. The newest chunk of a bucket is in memory. It is written to the table when it is full
 * and at each barrier. When a bucket is almost due, its timers are copied to a priority queue. The
 * chunks remain in the table until the time of the bucket has passed, because a restore needs them.
 */
export class KeyTimers {
  readonly #table: TimedTable;
  readonly #bucketMs: number;
  /** By bucket: the newest chunk. */
  readonly #open = new Map<number, ByteWriter>();
  #firstOpen = Number.POSITIVE_INFINITY;
  /** Timers that are not due yet, of the buckets that have been read. */
  readonly #near = new TimerQueue<KeyTimer>();
  #nearEnd = Number.NEGATIVE_INFINITY;
  /**
   * Cleanup timers that are due, ascending, from `#overdueFrom` on. They have no results, so each
   * batch processes only some of them. The state of many keys that are due at the same time need
   * not be in memory at once. A bucket remains until all its timers have been taken.
   */
  #overdue: KeyTimer[] = [];
  #overdueFrom = 0;
  /**
   * More of these timers, in chunks of buckets that had already passed when they were read. They
   * follow those in `#overdue`.
   */
  readonly #overdueChunks: { readonly bucket: number; readonly reader: ByteReader }[] = [];
  /**
   * Exact timers that are due in the current batch, ascending. `#next` is the first that has not
   * fired.
   */
  #due: KeyTimer[] = [];
  #next = 0;
  /** Exact timers that the current batch has set and that are due in it. */
  readonly #added = new TimerQueue<KeyTimer>();
  #watermark = Number.NEGATIVE_INFINITY;
  readonly #keyWriter = new ByteWriter(64);
  readonly #groups = new GroupChunks();
  /** The sequence of the next timer; part of the operator's snapshot. */
  sequence = 0;

  constructor(store: StateStore, table: { readonly operator: number; readonly table: number }, bucketMs: number) {
    this.#bucketMs = bucketMs;
    this.#table = store.timedTable({
      ...table,
      name: 'timers',
      key: [],
      columns: [{ kind: 'value', codec: chunkCodec }],
    });
  }

  get #firstBucket(): number {
    return Math.min(this.#table.firstTime, this.#firstOpen);
  }

  /** No timer is due before this time. */
  get firstTime(): number {
    if (this.#hasOverdue) return Number.NEGATIVE_INFINITY;
    return Math.min(this.#near.first, Math.max(this.#nearEnd, this.#firstBucket));
  }

  get #hasOverdue(): boolean {
    return this.#overdueFrom < this.#overdue.length || this.#overdueChunks.length > 0;
  }

  /** Called after a restore. Timers up to the watermark have fired. */
  startAfter(watermark: number): void {
    this.#watermark = watermark;
  }

  /**
   * Finds the timers that are due up to `until`, the last watermark of the batch. Usually there are
   * none.
   */
  prepare(until: number): void | Promise<void> {
    if (this.#due.length > 0) this.#due = [];
    this.#next = 0;
    this.#added.clear();
    if (this.#table.firstTime <= until && this.#nearEnd <= until) {
      const wait = this.#table.load(this.#nearEnd, until);
      if (wait) return wait.then(() => this.#takeUp(until));
    }
    this.#takeUp(until);
  }

  #takeUp(until: number): void {
    if (this.#nearEnd <= until) {
      if (this.#firstBucket <= until) this.#readBuckets(until);
      this.#nearEnd = this.#bucketOf(until) + this.#bucketMs;
    }
    for (let timer = this.#near.take(until); timer !== undefined; timer = this.#near.take(until)) {
      (timer.kind === 'exact' ? this.#due : this.#overdue).push(timer);
    }
    this.#watermark = until;
  }

  #readBuckets(until: number): void {
    for (const bucket of this.#table.due(until)) {
      if (bucket.time < this.#nearEnd) continue;
      for (const slot of bucket.slots()) this.#take(bucket.time, (bucket.columns[0] as Buffer[])[slot]!, until);
    }
    const open = [...this.#open].filter(([time]) => time <= until && time >= this.#nearEnd);
    for (const [time, chunk] of open.sort(([a], [b]) => a - b)) this.#take(time, chunk.finish(), until);
  }

  #take(bucket: number, chunk: Buffer, until: number): void {
    const over = bucket + this.#bucketMs <= until;
    if (over) this.#overdueChunks.push({ bucket, reader: new ByteReader(chunk) });
    // Exact timers that were due before a restore have fired. Cleanup timers may still be pending.
    const wanted = (time: number, exact: boolean): boolean => (exact ? time > this.#watermark : !over);
    for (const reader = new ByteReader(chunk); reader.position < reader.end; ) {
      const timer = readTimer(reader, wanted);
      if (timer !== null) this.#near.add(timer);
    }
  }

  #bucketOf(time: number): number {
    return Math.floor(time / this.#bucketMs) * this.#bucketMs;
  }

  /** The timers that are due in the current batch. The operator must look up their state. */
  get due(): readonly KeyTimer[] {
    return this.#due;
  }

  /** Removes and returns at most `most` cleanup timers that are due. */
  takeOverdue(most: number): readonly KeyTimer[] {
    if (!this.#hasOverdue) return NONE;
    const overdue = this.#overdue;
    const taken = overdue.slice(this.#overdueFrom, this.#overdueFrom + most);
    this.#overdueFrom += taken.length;
    if (this.#overdueFrom * 2 > overdue.length) {
      this.#overdue = overdue.slice(this.#overdueFrom);
      this.#overdueFrom = 0;
    }
    while (taken.length < most && this.#overdueChunks.length > 0) {
      const { reader } = this.#overdueChunks[0]!;
      const timer = readTimer(reader, isCleanup);
      if (timer !== null) taken.push(timer);
      if (reader.position >= reader.end) this.#overdueChunks.shift();
    }
    return taken;
  }

  /** Removes all cleanup timers that are due. */
  dropOverdue(): void {
    this.#overdue = [];
    this.#overdueFrom = 0;
    this.#overdueChunks.length = 0;
  }

  /** The time of the next timer that is due in the current batch. */
  get nextDue(): number {
    const next = this.#due[this.#next];
    return next === undefined ? this.#added.first : Math.min(next.time, this.#added.first);
  }

  /** Returns the next timer that is due at a watermark, in the order of (time, registration). */
  fire(watermark: number): KeyTimer | null {
    const next = this.#due[this.#next];
    const added = this.#added.peek();
    if (added !== undefined && (next === undefined || isBefore(added, next)))
      return this.#added.take(watermark) ?? null;
    if (next === undefined || next.time > watermark) return null;
    this.#next++;
    return next;
  }

  /** Sets a timer for the key in a slot of the table `states`. */
  add(time: number, kind: TimerKind, states: Pick<KeyedTable, 'writeKey'>, slot: number): void {
    const key = this.#keyWriter;
    key.position = 0;
    states.writeKey(slot, key);
    if (time <= this.#watermark) {
      if (kind === 'exact') {
        this.#added.add({ time, sequence: this.sequence++, kind, ...NO_KEY, slot });
        return;
      }
      if (this.#watermark === Number.POSITIVE_INFINITY) {
        this.#overdue.push({ time, sequence: this.sequence++, kind, ...finished(key), slot });
        return;
      }
      // A cleanup timer may fire later, but it must be in the table.
      time = this.#watermark + 1;
    }
    const sequence = this.sequence++;
    const bucket = this.#bucketOf(time);
    let chunk = this.#open.get(bucket);
    if (chunk === undefined) {
      chunk = new ByteWriter(256);
      this.#open.set(bucket, chunk);
      if (bucket < this.#firstOpen) this.#firstOpen = bucket;
    }
    writeTimer(chunk, time, kind, sequence, key.buffer, 0, key.position);
    if (chunk.position > CHUNK_BYTES) {
      this.#append(bucket, chunk);
      this.#open.delete(bucket);
      this.#findFirstOpen();
    }
    if (bucket < this.#nearEnd) this.#near.add({ time, sequence, kind, ...finished(key), slot: -1 });
  }

  #append(bucket: number, chunk: ByteWriter): void {
    const segment = this.#table.segment(bucket);
    this.#groups.split(new ByteReader(chunk.buffer, 0, chunk.position), (group, bytes) => {
      const slot = segment.append(group);
      (segment.columns[0] as Buffer[])[slot] = bytes;
    });
  }

  #findFirstOpen(): void {
    this.#firstOpen = Math.min(...this.#open.keys());
  }

  /** Writes the chunks in memory to the table. Call this at each barrier. */
  flush(): void {
    for (const [bucket, chunk] of this.#open) this.#append(bucket, chunk);
    this.#open.clear();
    this.#firstOpen = Number.POSITIVE_INFINITY;
  }

  /** Called after a batch. Drops the buckets that have passed. */
  finish(): void {
    const passed = this.#watermark === Number.POSITIVE_INFINITY ? this.#watermark : this.#watermark - this.#bucketMs;
    const waiting = this.#overdue[this.#overdueFrom];
    const over = Math.min(
      passed,
      waiting === undefined ? passed : this.#bucketOf(waiting.time) - 1,
      this.#overdueChunks.length === 0 ? passed : this.#overdueChunks[0]!.bucket - 1,
    );
    if (this.#firstBucket > over) return;
    for (const bucket of this.#table.due(over)) this.#table.drop(bucket);
    for (const time of this.#open.keys()) if (time <= over) this.#open.delete(time);
    this.#findFirstOpen();
  }

  /** Returns the number of chunks, in the table and in memory. */
  async count(): Promise<number> {
    return (await this.#table.count()) + this.#open.size;
  }
}

const finished = (key: ByteWriter): KeyBytes => ({ bytes: key.finish(), from: 0, to: key.position });

const isCleanup = (_time: number, exact: boolean): boolean => !exact;
