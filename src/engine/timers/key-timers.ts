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
/** A timer that fires in the batch in which it was set has its slot and needs no key. */
const NO_KEY: KeyBytes = { bytes: Buffer.alloc(0), from: 0, to: 0 };

/**
 * The timers of keys, on event time or on processing time: a time at which a key is to be looked at
 * although no row of its comes. They fire in the order of (time, registration).
 *
 * A timer cannot be taken back. An operator whose key is due later than it was when the timer was
 * set sets another one when it fires.
 *
 * Timers are kept in buckets of time and, in the table, under the group of their key. The newest
 * chunk of a bucket is in memory; it goes to the table when it is full and at each barrier. When a
 * bucket comes near, its timers are taken into a sorted list; they stay where they are until the
 * whole bucket is over, so that a restore finds them.
 */
export class KeyTimers {
  readonly #table: TimedTable;
  readonly #bucketMs: number;
  /** The newest chunks, by bucket. */
  readonly #open = new Map<number, ByteWriter>();
  #firstOpen = Number.POSITIVE_INFINITY;
  /** Timers of the buckets that have been taken up and that are not yet due. */
  readonly #near = new TimerQueue<KeyTimer>();
  #nearEnd = Number.NEGATIVE_INFINITY;
  /**
   * Keys to be cleaned up, from `#overdueFrom` on, ascending: their time has come, but since
   * nothing comes out when they are looked at they take their turn, some with each batch, so that a
   * great many that are due together need not be in memory together. Their buckets stay until they
   * have been taken.
   */
  #overdue: KeyTimer[] = [];
  #overdueFrom = 0;
  /** The same in chunks of buckets that were over when they were read, after the others. */
  readonly #overdueChunks: { readonly bucket: number; readonly reader: ByteReader }[] = [];
  /** Exact ones due in the batch at hand, ascending; `#next` is the first not yet fired. */
  #due: KeyTimer[] = [];
  #next = 0;
  /** Exact ones that were set in the batch at hand and are due in it. */
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

  /** After a restore: what is due up to here has been fired. */
  startAfter(watermark: number): void {
    this.#watermark = watermark;
  }

  /** Takes up what is due until the batch's last watermark; nothing to do in the usual case. */
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
    // What was due before a restore has been fired; a key may still wait to be cleaned up.
    const wanted = (time: number, exact: boolean): boolean => (exact ? time > this.#watermark : !over);
    for (const reader = new ByteReader(chunk); reader.position < reader.end; ) {
      const timer = readTimer(reader, wanted);
      if (timer !== null) this.#near.add(timer);
    }
  }

  #bucketOf(time: number): number {
    return Math.floor(time / this.#bucketMs) * this.#bucketMs;
  }

  /** Those due in the batch at hand whose state has to be looked up. */
  get due(): readonly KeyTimer[] {
    return this.#due;
  }

  /** Takes keys whose turn it is to be cleaned up, at most so many. */
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

  /** No key is to be cleaned up any more. */
  dropOverdue(): void {
    this.#overdue = [];
    this.#overdueFrom = 0;
    this.#overdueChunks.length = 0;
  }

  /** When the next of those is due. */
  get nextDue(): number {
    const next = this.#due[this.#next];
    return next === undefined ? this.#added.first : Math.min(next.time, this.#added.first);
  }

  /** The next that is due at a watermark, in order of (time, order of registration). */
  fire(watermark: number): KeyTimer | null {
    const next = this.#due[this.#next];
    const added = this.#added.peek();
    if (added !== undefined && (next === undefined || isBefore(added, next)))
      return this.#added.take(watermark) ?? null;
    if (next === undefined || next.time > watermark) return null;
    this.#next++;
    return next;
  }

  /** Sets a timer for the key in a slot of the table of states. */
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
      // It need not be at that very time, but it has to be in the table.
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

  /** Moves what is in memory only to the table. To be called at each barrier. */
  flush(): void {
    for (const [bucket, chunk] of this.#open) this.#append(bucket, chunk);
    this.#open.clear();
    this.#firstOpen = Number.POSITIVE_INFINITY;
  }

  /** After a batch: drops the buckets that are over. */
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

  /** Chunks, in the table and in memory. */
  async count(): Promise<number> {
    return (await this.#table.count()) + this.#open.size;
  }
}

const finished = (key: ByteWriter): KeyBytes => ({ bytes: key.finish(), from: 0, to: key.position });

const isCleanup = (_time: number, exact: boolean): boolean => !exact;
