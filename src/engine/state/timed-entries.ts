import type { Batch } from '../../batch/batch.ts';
import type { CachedStateStore } from './cached-state-store.ts';
import { Entries } from './entries.ts';
import { decodeEntry } from './entry-codec.ts';
import { DIRTY, EXISTS } from './entry-flags.ts';
import { groupOf, KEY_GROUPS, keyRange, parseEntryKey } from './entry-key.ts';
import { lookupKeys, lookupRows, slotOfStored } from './lookup.ts';
import type { Segment, TableSpec, TimedTable } from './state-store.ts';

/** Segments by time, in memory. This time index determines which timers fire. */
export class TimedEntries implements TimedTable {
  readonly spec: TableSpec;
  firstTime = Number.POSITIVE_INFINITY;
  readonly #store: CachedStateStore;
  readonly #segments = new Map<number, SegmentEntries>();
  /** Ascending. */
  #times: number[] = [];
  /**
   * Segments dropped in the current epoch. The next write removes their entries from the back end.
   */
  #dropped: SegmentEntries[] = [];

  constructor(spec: TableSpec, store: CachedStateStore) {
    this.spec = spec;
    this.#store = store;
  }

  segment(time: number): Segment {
    const known = this.#segments.get(time);
    if (known !== undefined) return known;
    const made = new SegmentEntries(this.spec, time, this.#store);
    this.#segments.set(time, made);
    let at = this.#times.length;
    while (at > 0 && this.#times[at - 1]! > time) at--;
    this.#times.splice(at, 0, time);
    this.firstTime = this.#times[0]!;
    return made;
  }

  find(time: number): Segment | undefined {
    return this.#segments.get(time);
  }

  due(upTo: number): readonly Segment[] {
    const due: Segment[] = [];
    for (const time of this.#times) {
      if (time > upTo) break;
      due.push(this.#segments.get(time)!);
    }
    return due;
  }

  after(time: number): Segment | undefined {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low === this.#times.length ? undefined : this.#segments.get(this.#times[low]!);
  }

  load(from: number, upTo: number): void | Promise<void> {
    const missing: SegmentEntries[] = [];
    for (const time of this.#times) {
      if (time > upTo) break;
      if (time < from) continue;
      const segment = this.#segments.get(time)!;
      if (!segment.complete) missing.push(segment);
    }
    if (missing.length > 0) return this.#load(missing);
  }

  /**
   * Loads several segments together. A read of each key group costs the same for one segment as for
   * many.
   */
  async #load(missing: readonly SegmentEntries[]): Promise<void> {
    const loads = new Map(missing.map((segment) => [segment.time, new SegmentLoad(segment)]));
    const first = missing[0]!.time;
    const last = missing[missing.length - 1]!.time;
    for (let group = 0; group < KEY_GROUPS; group++) {
      const { from } = keyRange(this.spec, group, first);
      const { to } = keyRange(this.spec, group, last);
      for await (const chunk of this.#store.backend.scan(from, to)) {
        for (const { key, value } of chunk) loads.get(parseEntryKey(key, true).time!)?.take(key, value);
      }
    }
    for (const segment of missing) segment.complete = true;
  }

  drop(segment: Segment): void {
    const entries = segment as SegmentEntries;
    this.#segments.delete(entries.time);
    this.#times.splice(this.#times.indexOf(entries.time), 1);
    this.firstTime = this.#times.length === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
    this.#store.forget(entries);
    if (entries.mayBeStored()) this.#dropped.push(entries);
  }

  allSegments(): SegmentEntries[] {
    return [...this.#segments.values()];
  }

  takeDropped(): SegmentEntries[] {
    const dropped = this.#dropped;
    this.#dropped = [];
    return dropped;
  }

  async count(): Promise<number> {
    let n = 0;
    for (const segment of this.#segments.values()) {
      await segment.load();
      n += segment.live;
    }
    return n;
  }
}

export class SegmentEntries extends Entries implements Segment {
  declare readonly time: number;
  readonly #store: CachedStateStore;

  constructor(spec: TableSpec, time: number, store: CachedStateStore) {
    super(spec, time, store, store.epoch);
    this.#store = store;
  }

  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    slots: Int32Array,
    rows: Int32Array | null = batch.selection,
    count: number = batch.selected,
  ): void | Promise<void> {
    return lookupRows(this, this.#store.backend, batch, keyColumns, slots, rows, count, null);
  }

  lookupKeys(keys: readonly (readonly unknown[])[], slots: Int32Array): void | Promise<void> {
    return lookupKeys(this, this.#store.backend, keys, slots);
  }

  append(group = 0): number {
    const slot = this.allocate();
    this.groups![slot] = group;
    this.touch(slot);
    return slot;
  }

  slotOfStored(key: Buffer, start: number): number {
    return slotOfStored(this, key, start);
  }

  /** Returns the key ranges of this segment in the back end. */
  ranges(): { from: Buffer; to: Buffer }[] {
    return Array.from({ length: KEY_GROUPS }, (_, group) => keyRange(this.spec, group, this.time));
  }

  load(): void | Promise<void> {
    if (!this.complete) return this.#load();
  }

  async #load(): Promise<void> {
    const load = new SegmentLoad(this);
    for (const range of this.ranges()) {
      for await (const chunk of this.#store.backend.scan(range.from, range.to)) {
        for (const { key, value } of chunk) load.take(key, value);
      }
    }
    this.complete = true;
  }

  slots(): Int32Array {
    const slots = new Int32Array(this.live);
    let n = 0;
    let ordered = true;
    let last = -1;
    for (let slot = 0; slot < this.size; slot++) {
      if ((this.flags[slot]! & EXISTS) === 0) continue;
      slots[n++] = slot;
      const sequence = this.sequences![slot]!;
      if (sequence < last) ordered = false;
      last = sequence;
    }
    if (!ordered) {
      const { sequences } = this;
      slots.sort((a, b) => sequences![a]! - sequences![b]!);
    }
    return slots;
  }
}

/** Adds entries of the back end to a segment. */
class SegmentLoad {
  readonly #segment: SegmentEntries;
  /** The addresses (`addressOf`) of entries without a key that are in memory. */
  readonly #present = new Set<number>();

  constructor(segment: SegmentEntries) {
    this.#segment = segment;
    const { sequences, groups, flags, size } = segment;
    for (let slot = 0; groups !== null && slot < size; slot++) {
      if ((flags[slot]! & (EXISTS | DIRTY)) !== 0) this.#present.add(addressOf(groups[slot]!, sequences![slot]!));
    }
  }

  /** Adds an entry of the back end if it is missing. Memory is newer than the back end. */
  take(key: Buffer, value: Buffer): void {
    const segment = this.#segment;
    const { start } = parseEntryKey(key, true);
    if (segment.groups !== null) {
      const sequence = Number(key.readBigUInt64BE(start) ^ 0x8000000000000000n);
      if (this.#present.has(addressOf(groupOf(key), sequence))) return;
    }
    // An existing slot is newer than the scan, even if it has no entry: the removal may have been
    // written after the scan began.
    const made: number[] = [];
    const slot = slotOfStored(segment, key, start, made);
    if (made.length > 0) decodeEntry(segment, slot, value);
  }
}

/**
 * Entries of different key groups may have equal sequences, because different tasks may have
 * assigned them.
 */
const addressOf = (group: number, sequence: number): number => sequence * KEY_GROUPS + group;
