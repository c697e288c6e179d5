import { ByteReader, ByteWriter } from '../state/byte-codec.ts';
import type { KeyBytes, KeyedTable, StateStore, TimedTable } from '../state/state-store.ts';
import { NearTimers } from './near-timers.ts';
import { TimerBucket } from './timer-bucket.ts';
import {
  CHUNK_BYTES,
  chunkCodec,
  GroupChunks,
  type KeyTimer,
  readTimer,
  type TimerKind,
  writeTimer,
} from './timer-chunk.ts';
import { COLUMN_BYTES, type TimerColumns } from './timer-columns.ts';
import { isBefore, TimerQueue } from './timer-queue.ts';

const NONE: readonly KeyTimer[] = [];
/** The default of `memoryBytes`. */
const MEMORY_BYTES = 1 << 24;
/** A timer that fires in the batch that sets it has a slot, so it needs no key. */
const NO_KEY: KeyBytes = { bytes: Buffer.alloc(0), from: 0, to: 0 };

/**
 * Lets an operator look at the timers of a bucket before they are sorted. `time` is the time of the
 * timer. If the operator would set the timer again, to a time of at least `from`, it returns this
 * time, and the timer is moved. Otherwise it returns `time`.
 */
export type Postpone = (slot: number, time: number, from: number) => number;

export interface KeyTimerOptions {
  readonly operator: number;
  readonly table: number;
  /** The width of a bucket. */
  readonly bucketMs: number;
  /**
   * Returns a number that changes when the slot is given to another key. With this function, most
   * timers that are due have a slot and need no lookup.
   */
  readonly versionOf?: (slot: number) => number;
  readonly postpone?: Postpone;
  /** Buckets in memory may have this many bytes. Further timers are only in the table. */
  readonly memoryBytes?: number;
}

/**
 * The timers of keys, on event time or on processing time. A timer makes the operator process a key
 * at a time without a row of the key. Timers fire in the order of (time, registration).
 *
 * A timer cannot be deleted. If the due time of a key has moved to a later time, the operator sets
 * another timer when the first one fires.
 *
 * Timers are stored in buckets of time. In the table, they are also grouped by the key group of
 * their key. The newest chunk of a bucket is in memory. It is written to the table when it is full
 * and at each barrier. When a bucket is almost due, its timers are sorted (`NearTimers`). They come
 * from memory if the bucket was created since the last restore and the memory suffices. Otherwise
 * they are read from the chunks in the table. The chunks remain there until the time of the bucket
 * has passed, because a restore needs them.
 */
export class KeyTimers {
  readonly #table: TimedTable;
  readonly #versionOf: ((slot: number) => number) | null;
  readonly #bucketMs: number;
  readonly #postpone: Postpone | null;
  readonly #memoryBytes: number;
  readonly #buckets = new Map<number, TimerBucket>();
  #firstInMemory = Number.POSITIVE_INFINITY;
  /** The bytes of all buckets with columns. */
  #bytes = 0;
  /** Timers that are not due yet, of the buckets that have been read. */
  readonly #near: NearTimers;
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

  constructor(store: StateStore, options: KeyTimerOptions) {
    const { operator, table, bucketMs, versionOf = null, postpone = null, memoryBytes = MEMORY_BYTES } = options;
    this.#versionOf = versionOf;
    this.#bucketMs = bucketMs;
    this.#postpone = postpone;
    this.#memoryBytes = memoryBytes;
    this.#near = new NearTimers(versionOf);
    this.#table = store.timedTable({
      operator,
      table,
      name: 'timers',
      key: [],
      columns: [{ kind: 'value', codec: chunkCodec }],
    });
  }

  get #firstBucket(): number {
    return Math.min(this.#table.firstTime, this.#firstInMemory);
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
      const end = this.#bucketOf(until) + this.#bucketMs;
      if (this.#firstBucket <= until) this.#readBuckets(until, end);
      this.#nearEnd = end;
    }
    for (let timer = this.#near.take(until); timer !== undefined; timer = this.#near.take(until)) {
      (timer.kind === 'exact' ? this.#due : this.#overdue).push(timer);
    }
    this.#watermark = until;
  }

  #readBuckets(until: number, end: number): void {
    for (const segment of this.#table.due(until)) {
      const { time } = segment;
      if (time < this.#nearEnd || this.#buckets.get(time)?.columns) continue;
      for (const slot of segment.slots()) this.#take(time, (segment.columns[0] as Buffer[])[slot]!, until);
    }
    const buckets = [...this.#buckets.values()].filter(({ time }) => time <= until && time >= this.#nearEnd);
    for (const bucket of buckets.sort((a, b) => a.time - b.time)) {
      if (bucket.columns === null) this.#take(bucket.time, bucket.chunk.finish(), until);
      else this.#takeColumns(bucket, bucket.columns, end);
    }
  }

  #takeColumns(bucket: TimerBucket, columns: TimerColumns, end: number): void {
    const bytes = bucket.chunk.buffer;
    this.#dropColumns(bucket);
    if (this.#postpone !== null) this.#postponeTimers(columns, bytes, this.#postpone, end);
    this.#near.addAll(columns, bytes);
  }

  #postponeTimers(columns: TimerColumns, bytes: Buffer, postpone: Postpone, end: number): void {
    const { count, times, sequences, slots, versions, starts, ends } = columns;
    const versionOf = this.#versionOf!;
    const retained = new Int32Array(count);
    let left = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const time = versionOf(slot) === versions[i] ? postpone(slot, times[i]!, end) : times[i]!;
      if (time === times[i]) retained[left++] = i;
      else this.#append(time, 'exact', sequences[i]!, slot, bytes, starts[i]!, ends[i]!);
    }
    columns.retain(retained, left);
  }

  #take(bucket: number, chunk: Buffer, until: number): void {
    const over = bucket + this.#bucketMs <= until;
    let hasCleanups = false;
    // Exact timers that were due before a restore have fired. Cleanup timers may still be pending.
    const wanted = (time: number, exact: boolean): boolean => {
      if (exact) return time > this.#watermark;
      hasCleanups = true;
      return !over;
    };
    for (const reader = new ByteReader(chunk); reader.position < reader.end; ) {
      const timer = readTimer(reader, wanted);
      if (timer !== null) this.#near.add(timer);
    }
    // An operator without cleanup timers never takes an overdue chunk. The chunk would keep its
    // bucket, and all later ones, for ever.
    if (over && hasCleanups) this.#overdueChunks.push({ bucket, reader: new ByteReader(chunk) });
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

  /**
   * Sets a timer for the key in a slot of the table `states`. An operator that sets a fired timer
   * again passes its sequence, so the timer keeps its order among timers of the same time.
   */
  add(
    time: number,
    kind: TimerKind,
    states: Pick<KeyedTable, 'writeKey'>,
    slot: number,
    sequence: number = this.sequence++,
  ): void {
    const key = this.#keyWriter;
    key.position = 0;
    states.writeKey(slot, key);
    if (time <= this.#watermark) {
      if (kind === 'exact') {
        this.#added.add({ time, sequence, kind, ...NO_KEY, slot });
        return;
      }
      if (this.#watermark === Number.POSITIVE_INFINITY) {
        this.#overdue.push({ time, sequence, kind, ...finished(key), slot });
        return;
      }
      // A cleanup timer may fire later, but it must be in the table.
      time = this.#watermark + 1;
    }
    this.#append(time, kind, sequence, slot, key.buffer, 0, key.position);
    if (time < this.#nearEnd) this.#near.add({ time, sequence, kind, ...finished(key), slot: -1 });
  }

  #append(
    time: number,
    kind: TimerKind,
    sequence: number,
    slot: number,
    key: Uint8Array,
    from: number,
    to: number,
  ): void {
    const bucket = this.#bucketAt(this.#bucketOf(time));
    const { chunk, columns } = bucket;
    const start = chunk.position;
    writeTimer(chunk, time, kind, sequence, key, from, to);
    if (columns !== null) {
      const end = chunk.position;
      columns.add(time, sequence, slot, this.#versionOf!(slot), end - (to - from), end);
      this.#bytes += end - start + COLUMN_BYTES;
      if (kind !== 'exact' || this.#bytes > this.#memoryBytes) this.#dropColumns(bucket);
    }
    if (bucket.pending > CHUNK_BYTES) this.#write(bucket);
  }

  #bucketAt(time: number): TimerBucket {
    let bucket = this.#buckets.get(time);
    if (bucket === undefined) {
      const hasColumns = this.#versionOf !== null && time >= this.#nearEnd;
      bucket = new TimerBucket(time, hasColumns && this.#table.find(time) === undefined);
      this.#buckets.set(time, bucket);
      if (time < this.#firstInMemory) this.#firstInMemory = time;
    }
    return bucket;
  }

  #dropColumns(bucket: TimerBucket): void {
    this.#bytes -= bucket.chunk.position + bucket.columns!.count * COLUMN_BYTES;
    bucket.dropColumns();
  }

  #write(bucket: TimerBucket): void {
    const { chunk, flushed, time } = bucket;
    const segment = this.#table.segment(time);
    this.#groups.split(new ByteReader(chunk.buffer, flushed, chunk.position), (group, bytes) => {
      const slot = segment.append(group);
      (segment.columns[0] as Buffer[])[slot] = bytes;
    });
    bucket.wrote();
  }

  #findFirst(): void {
    this.#firstInMemory = Math.min(...this.#buckets.keys());
  }

  /** Writes the chunks in memory to the table. Call this at each barrier. */
  flush(): void {
    for (const bucket of this.#buckets.values()) {
      if (bucket.pending > 0) this.#write(bucket);
      if (bucket.columns === null) this.#buckets.delete(bucket.time);
    }
    this.#findFirst();
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
    for (const bucket of this.#buckets.values()) if (bucket.time <= over) this.#forget(bucket);
    this.#findFirst();
  }

  #forget(bucket: TimerBucket): void {
    if (bucket.columns !== null) this.#dropColumns(bucket);
    this.#buckets.delete(bucket.time);
  }
}

const isCleanup = (_time: number, exact: boolean): boolean => !exact;

const finished = (key: ByteWriter): KeyBytes => ({ bytes: key.finish(), from: 0, to: key.position });
