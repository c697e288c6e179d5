import { ByteReader, ByteWriter } from '../state/byte-codec.ts';
import type { KeyedTable, StateStore, TimedTable, ValueCodec } from '../state/state-store.ts';

/**
 * `exact`: something may come out at this very time. `cleanup`: from about this time on the key's
 * state may be empty; nothing comes out.
 */
export type DeadlineKind = 'exact' | 'cleanup';

export interface Deadline {
  readonly time: number;
  readonly kind: DeadlineKind;
  /** The key's bytes. */
  readonly key: Buffer;
  /** Slot of the key's state; -1 until it has been looked up. Good for one batch. */
  slot: number;
}

const EXACT = 1;
const NONE: readonly Deadline[] = [];
/** Bytes of a bucket that wait in memory before they go to the table. */
export const CHUNK_BYTES = 1 << 15;

/**
 * Times at which keys are to be looked at although no row of theirs comes. One time-ordered table
 * for all keys, so that a key that is never seen again is cleaned up like any other: in buckets of
 * time, each a list of chunks of (time, kind, key) in the order of registration. The newest chunk
 * of a bucket is in memory, and goes to the table when it is full and at each barrier. When a
 * bucket comes near, its entries are taken into a sorted list; they stay where they are until the
 * whole bucket is over, so that a restore finds them.
 */
export class Deadlines {
  readonly #table: TimedTable;
  readonly #bucketMs: number;
  /** The newest chunks, by bucket. */
  readonly #open = new Map<number, ByteWriter>();
  #firstOpen = Number.POSITIVE_INFINITY;
  /**
   * Deadlines of the buckets that have been taken up and that are not yet due, ascending from
   * `#nearFrom` on.
   */
  #near: Deadline[] = [];
  #nearFrom = 0;
  #nearEnd = Number.NEGATIVE_INFINITY;
  /**
   * Keys to be cleaned up, from `#overdueFrom` on, ascending: their time has come, but since
   * nothing comes out when they are looked at they take their turn, some with each batch, so that a
   * great many that are due together need not be in memory together. Their buckets stay until they
   * have been taken.
   */
  #overdue: Deadline[] = [];
  #overdueFrom = 0;
  /** The same in chunks of buckets that were over when they were read, after the others. */
  readonly #overdueChunks: { readonly bucket: number; readonly reader: ByteReader }[] = [];
  /** Exact ones due in the batch at hand, ascending; `#next` is the first not yet fired. */
  #due: Deadline[] = [];
  #next = 0;
  #watermark = Number.NEGATIVE_INFINITY;
  readonly #keyWriter = new ByteWriter(64);

  constructor(store: StateStore, table: { readonly operator: number; readonly table: number }, bucketMs: number) {
    this.#bucketMs = bucketMs;
    this.#table = store.timedTable({
      ...table,
      name: 'deadlines',
      key: [],
      columns: [{ kind: 'value', codec: chunkCodec }],
    });
  }

  get #firstBucket(): number {
    return Math.min(this.#table.firstTime, this.#firstOpen);
  }

  /** No deadline is due before this time. */
  get firstTime(): number {
    if (this.#hasOverdue) return Number.NEGATIVE_INFINITY;
    const near = this.#near[this.#nearFrom]?.time ?? Number.POSITIVE_INFINITY;
    return Math.min(near, Math.max(this.#nearEnd, this.#firstBucket));
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
    if (this.#table.firstTime <= until && this.#nearEnd <= until) {
      const buckets = this.#table.due(until).filter((bucket) => bucket.time >= this.#nearEnd);
      const loading = buckets.map((bucket) => bucket.load()).filter((promise) => promise !== undefined);
      if (loading.length > 0) return Promise.all(loading).then(() => this.#takeUp(until));
    }
    this.#takeUp(until);
  }

  #takeUp(until: number): void {
    if (this.#nearEnd <= until) {
      if (this.#firstBucket <= until) this.#readBuckets(until);
      this.#nearEnd = this.#bucketOf(until) + this.#bucketMs;
    }
    const near = this.#near;
    let end = this.#nearFrom;
    while (end < near.length && near[end]!.time <= until) end++;
    if (end > this.#nearFrom) {
      const due: Deadline[] = [];
      for (let i = this.#nearFrom; i < end; i++) (near[i]!.kind === 'exact' ? due : this.#overdue).push(near[i]!);
      this.#due = due;
      this.#nearFrom = end;
      if (end * 2 > near.length) {
        this.#near = near.slice(end);
        this.#nearFrom = 0;
      }
    }
    this.#watermark = until;
  }

  #readBuckets(until: number): void {
    const near = this.#near.slice(this.#nearFrom);
    for (const bucket of this.#table.due(until)) {
      if (bucket.time < this.#nearEnd) continue;
      for (const slot of bucket.slots()) this.#take(bucket.time, (bucket.columns[0] as Buffer[])[slot]!, until, near);
    }
    const open = [...this.#open].filter(([time]) => time <= until && time >= this.#nearEnd);
    for (const [time, chunk] of open.sort(([a], [b]) => a - b)) this.#take(time, chunk.finish(), until, near);
    this.#near = near.sort((a, b) => a.time - b.time);
    this.#nearFrom = 0;
  }

  #take(bucket: number, chunk: Buffer, until: number, into: Deadline[]): void {
    const over = bucket + this.#bucketMs <= until;
    if (over) this.#overdueChunks.push({ bucket, reader: new ByteReader(chunk) });
    // What was due before a restore has been fired; a key may still wait to be cleaned up.
    const wanted = (time: number, exact: boolean): boolean => (exact ? time > this.#watermark : !over);
    for (const reader = new ByteReader(chunk); reader.position < reader.end; ) {
      const deadline = readDeadline(reader, wanted);
      if (deadline !== null) into.push(deadline);
    }
  }

  #bucketOf(time: number): number {
    return Math.floor(time / this.#bucketMs) * this.#bucketMs;
  }

  /** Those due in the batch at hand whose state has to be looked up. */
  get due(): readonly Deadline[] {
    return this.#due;
  }

  /** Takes keys whose turn it is to be cleaned up, at most so many. */
  takeOverdue(most: number): readonly Deadline[] {
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
      const deadline = readDeadline(reader, isCleanup);
      if (deadline !== null) taken.push(deadline);
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
    return next === undefined ? Number.POSITIVE_INFINITY : next.time;
  }

  /** The next that is due at a watermark, in order of (time, order of registration). */
  fire(watermark: number): Deadline | null {
    const next = this.#due[this.#next];
    if (next === undefined || next.time > watermark) return null;
    this.#next++;
    return next;
  }

  /** Registers a deadline of the key in a slot of the table of states. */
  add(time: number, kind: DeadlineKind, states: Pick<KeyedTable, 'writeKey'>, slot: number): void {
    const key = this.#keyWriter;
    key.position = 0;
    states.writeKey(slot, key);
    if (time <= this.#watermark) {
      if (kind === 'exact') {
        insert(this.#due, { time, kind, key: key.finish(), slot }, this.#next);
        return;
      }
      if (this.#watermark === Number.POSITIVE_INFINITY) {
        this.#overdue.push({ time, kind, key: key.finish(), slot });
        return;
      }
    }
    if (kind === 'cleanup' && time <= this.#watermark) {
      // It need not be at that very time, but it has to be in the table.
      this.add(this.#watermark + 1, kind, states, slot);
      return;
    }
    const bucket = this.#bucketOf(time);
    let chunk = this.#open.get(bucket);
    if (chunk === undefined) {
      chunk = new ByteWriter(256);
      this.#open.set(bucket, chunk);
      if (bucket < this.#firstOpen) this.#firstOpen = bucket;
    }
    writeDeadline(chunk, time, kind, key.buffer, 0, key.position);
    if (chunk.position > CHUNK_BYTES) {
      this.#append(bucket, chunk);
      this.#open.delete(bucket);
      this.#findFirstOpen();
    }
    if (bucket < this.#nearEnd) insert(this.#near, { time, kind, key: key.finish(), slot: -1 }, this.#nearFrom);
  }

  #append(bucket: number, chunk: ByteWriter): void {
    const segment = this.#table.segment(bucket);
    const slot = segment.append();
    (segment.columns[0] as Buffer[])[slot] = chunk.finish();
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

export const chunkCodec: ValueCodec = {
  encode: (value, writer) => writer.bytes(value as Buffer),
  decode: (reader) => reader.bytes(),
  sizeOf: (value) => 100 + (value as Buffer).length,
};

const isCleanup = (_time: number, exact: boolean): boolean => !exact;

/** A record at the end of a chunk. */
export function writeDeadline(
  chunk: ByteWriter,
  time: number,
  kind: DeadlineKind,
  key: Buffer,
  from: number,
  to: number,
): void {
  chunk.double(time);
  chunk.byte(kind === 'exact' ? EXACT : 0);
  chunk.varint(to - from);
  chunk.raw(key, from, to);
}

/** The next record of a chunk; null where it is not wanted. */
function readDeadline(reader: ByteReader, wanted: (time: number, exact: boolean) => boolean): Deadline | null {
  const time = reader.double();
  const exact = reader.byte() === EXACT;
  const length = reader.varint();
  reader.position += length;
  if (!wanted(time, exact)) return null;
  const key = reader.buffer.subarray(reader.position - length, reader.position);
  return { time, kind: exact ? 'exact' : 'cleanup', key, slot: -1 };
}

/** Puts a deadline behind those of its time, not before position `from`. */
function insert(list: Deadline[], deadline: Deadline, from: number): void {
  let at = list.length;
  while (at > from && list[at - 1]!.time > deadline.time) at--;
  list.splice(at, 0, deadline);
}
