import type { Batch } from '../../batch/batch.ts';
import type { ByteWriter } from './byte-codec.ts';
import type { CachedStateStore } from './cached-state-store.ts';
import { Entries, ORDERED_HEADER_SHIFT } from './entries.ts';
import { decodeEntry } from './entry-codec.ts';
import { DIRTY, EVICTING, EXISTS, FREE, STORED } from './entry-flags.ts';
import { keyGroupOf } from './entry-key.ts';
import { writeInteger } from './key-codec.ts';
import { NO_ENTRY as NONE, OrderedKeys } from './ordered-keys.ts';
import { countStored, readKeys } from './ordered-reads.ts';
import type { KeyBytes, OrderedTable, TableSpec } from './state-store.ts';
import { StoredKeys } from './stored-keys.ts';

/** Binary logarithms of the numbers and of the integers in a header. */
const NUMBERS = ORDERED_HEADER_SHIFT;
const INTEGERS = NUMBERS + 1;
/** Positions in a header: the place is a number, the others are integers. Number 0 is the epoch. */
const PLACE = 1;
const NEXT = 4;
const PREVIOUS = 5;
const OWNER = 6;

/** The store checks its memory use after this many rows. */
const LOOK_NOW = 65536;

/**
 * Many entries per key, in order. The entries of a key are a doubly linked list, sorted by (place,
 * sequence). The sequence is the order of insertion and is never reused. A removed entry and a new
 * one with the same place therefore have different keys in the back end.
 *
 * Either all entries of a key are in memory or none, so the list is complete. A removed entry
 * leaves the list at once. If the back end still has it, it keeps its slot until the removal is
 * written.
 */
export class OrderedEntries extends Entries implements OrderedTable {
  readonly keys: OrderedKeys;
  readonly #store: CachedStateStore;
  /** The headers as integers. */
  #links = new Int32Array(0);

  constructor(spec: TableSpec, store: CachedStateStore) {
    super(spec, null, store, store.epoch, 'ordered');
    this.#store = store;
    this.keys = new OrderedKeys(spec.key);
    this.stored = new StoredKeys();
    this.grown();
  }

  protected override grown(): void {
    this.#links = new Int32Array(this.headers.buffer);
  }

  /** The slot of a removed entry is not needed any more. */
  protected override get keepsAbsent(): boolean {
    return false;
  }

  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    keys: Int32Array,
    rows: Int32Array | null = batch.selection,
    count: number = batch.selected,
  ): void | Promise<void> {
    const missing: number[] = [];
    this.keys.index.lookup(batch, keyColumns, rows, count, keys, this.#allocateKey(missing), null);
    this.keys.markUsed(keys, count);
    if (missing.length > 0) return readKeys(this, this.#store.backend, missing);
  }

  lookupEncoded(encoded: readonly KeyBytes[], keys: Int32Array): void | Promise<void> {
    const missing: number[] = [];
    const allocate = this.#allocateKey(missing);
    for (let i = 0; i < encoded.length; i++) {
      const { bytes, from, to } = encoded[i]!;
      keys[i] = this.keys.index.slotOfEncoded(bytes, from, to, allocate);
    }
    this.keys.markUsed(keys, encoded.length);
    if (missing.length > 0) return readKeys(this, this.#store.backend, missing);
  }

  /** Creates key slots. Collects those whose entries may be in the back end. */
  #allocateKey(missing: number[]): (hash: number) => number {
    const { complete, stored } = this;
    return (hash) => {
      const key = this.keys.allocate();
      this.noteKeyToRelease(key);
      if (!complete && (stored === null || stored.has(hash))) missing.push(key);
      return key;
    };
  }

  first(key: number): number {
    return this.keys.headOf(key);
  }
  last(key: number): number {
    return this.keys.tailOf(key);
  }
  next(slot: number): number {
    return this.#links[(slot << INTEGERS) + NEXT]!;
  }
  previous(slot: number): number {
    return this.#links[(slot << INTEGERS) + PREVIOUS]!;
  }
  placeOf(slot: number): number {
    return this.headers[(slot << NUMBERS) + PLACE]!;
  }

  /** The key slot of an entry, also of a removed one. */
  #ownerOf(slot: number): number {
    return this.#links[(slot << INTEGERS) + OWNER]!;
  }

  #setLink(slot: number, position: number, to: number): void {
    this.#links[(slot << INTEGERS) + position] = to;
  }

  sequenceOf(slot: number): number {
    return this.sequences![slot]!;
  }

  firstFrom(key: number, place: number): number {
    let slot = this.first(key);
    while (slot !== NONE && this.placeOf(slot) < place) slot = this.next(slot);
    return slot;
  }

  insert(key: number, place: number): number {
    const slot = this.allocate();
    this.link(slot, key, place);
    this.touch(slot);
    return slot;
  }

  /** Inserts a slot into the list of its key. The caller has set the sequence. */
  link(slot: number, key: number, place: number): void {
    const { keys } = this;
    this.#setLink(slot, OWNER, key);
    this.headers[(slot << NUMBERS) + PLACE] = place;
    keys.addCount(key, 1);
    let before = keys.tailOf(key);
    while (before !== NONE && this.#isBehind(before, place, this.sequences![slot]!)) before = this.previous(before);
    const after = before === NONE ? keys.headOf(key) : this.next(before);
    this.#setLink(slot, PREVIOUS, before);
    this.#setLink(slot, NEXT, after);
    if (before === NONE) keys.setHead(key, slot);
    else this.#setLink(before, NEXT, slot);
    if (after === NONE) keys.setTail(key, slot);
    else this.#setLink(after, PREVIOUS, slot);
  }

  #isBehind(slot: number, place: number, sequence: number): boolean {
    const own = this.placeOf(slot);
    return own > place || (own === place && this.sequences![slot]! > sequence);
  }

  #unlink(slot: number): void {
    const { keys } = this;
    const key = this.#ownerOf(slot);
    const before = this.previous(slot);
    const after = this.next(slot);
    if (before === NONE) keys.setHead(key, after);
    else this.#setLink(before, NEXT, after);
    if (after === NONE) keys.setTail(key, before);
    else this.#setLink(after, PREVIOUS, before);
  }

  override remove(slot: number): void {
    if (!this.exists(slot)) return;
    this.#unlink(slot);
    super.remove(slot);
  }

  move(slot: number, place: number): number {
    const to = this.insert(this.#ownerOf(slot), place);
    this.spec.columns.forEach(({ kind }, c) => {
      if (kind === 'long') this.writeLong(c, to, this.readLong(c, slot));
      else this.columns[c]![to] = this.columns[c]![slot] as never;
    });
    this.remove(slot);
    return to;
  }

  removeRange(key: number, from: number, to: number): void {
    let slot = this.firstFrom(key, from);
    while (slot !== NONE && this.placeOf(slot) < to) {
      const next = this.next(slot);
      this.remove(slot);
      slot = next;
    }
  }

  override release(slot: number): void {
    if (this.exists(slot)) this.#unlink(slot);
    super.release(slot);
    const key = this.#ownerOf(slot);
    this.keys.addCount(key, -1);
    this.#releaseKey(key);
  }

  #releaseKey(key: number): void {
    if (this.keys.countOf(key) === 0) this.keys.release(key);
  }

  /**
   * Call this between batches. It also releases key slots that a lookup created and that have no
   * entry.
   */
  override releaseAbsent(): void {
    super.releaseAbsent();
    for (const key of this.keys.takeMade()) if (!this.keys.isFree(key)) this.#releaseKey(key);
  }

  versionOf(key: number): number {
    return this.keys.versionOf(key);
  }

  noteKeyToRelease(key: number): void {
    if (this.keys.noteMade(key)) this.#store.hasAbsent(this);
  }

  override keyOf(key: number): readonly unknown[] {
    return this.keys.index.keyOf(key);
  }
  override writeKey(key: number, writer: ByteWriter): void {
    this.keys.index.writeKey(writer, key);
  }

  /** Writes the encoded key of an entry, for a block of the log. */
  writeKeyOfSlot(slot: number, writer: ByteWriter): void {
    this.keys.index.writeKey(writer, this.#ownerOf(slot));
  }

  override writeAddress(slot: number, writer: ByteWriter): number {
    const from = writer.position;
    this.writeKeyOfSlot(slot, writer);
    const group = keyGroupOf(writer.buffer, from, writer.position);
    writeInteger(writer, this.placeOf(slot));
    writeInteger(writer, this.sequences![slot]!);
    return group;
  }

  /** Adds an entry of the back end. */
  takeStored(key: number, place: number, sequence: number, value: Buffer): void {
    const slot = this.allocate();
    this.sequences![slot] = sequence;
    if (sequence >= this.nextSequence) this.nextSequence = sequence + 1;
    this.link(slot, key, place);
    decodeEntry(this, slot, value);
  }

  /**
   * Chooses entries to evict, at least `target` if possible. It chooses all entries of keys that
   * were not used since the hand last passed, and removed entries whose removal can be written now.
   * While a checkpoint is written, keys with changes stay in memory.
   */
  evict(target: number, sealing: boolean, write: (slot: number) => void): readonly number[] {
    const evicted: number[] = [];
    const { flags } = this;
    for (let slot = 0; !sealing && slot < this.size; slot++) {
      if ((flags[slot]! & (FREE | EXISTS | DIRTY)) !== DIRTY) continue;
      write(slot);
      flags[slot] = EVICTING;
      evicted.push(slot);
    }
    // The hand may pass again before the slots are released.
    const isFixed = (key: number): boolean =>
      (flags[this.first(key)]! & EVICTING) !== 0 || this.#removedOf(key) > 0 || (sealing && this.#hasChanges(key));
    for (let key = this.keys.nextUnused(isFixed); key !== NONE && evicted.length < target; ) {
      for (let slot = this.first(key); slot !== NONE; slot = this.next(slot)) {
        if ((flags[slot]! & DIRTY) !== 0) write(slot);
        flags[slot] = (flags[slot]! & ~DIRTY) | STORED | EVICTING;
        evicted.push(slot);
      }
      this.complete = false;
      this.stored?.add(this.keys.index.hashOf(key));
      key = this.keys.nextUnused(isFixed);
    }
    return evicted;
  }

  #hasChanges(key: number): boolean {
    for (let slot = this.first(key); slot !== NONE; slot = this.next(slot)) {
      if ((this.flags[slot]! & DIRTY) !== 0) return true;
    }
    return false;
  }

  /**
   * Returns the number of removed entries of a key that still have slots and are not being evicted.
   */
  #removedOf(key: number): number {
    let linked = 0;
    for (let slot = this.first(key); slot !== NONE; slot = this.next(slot)) linked++;
    return this.keys.countOf(key) - linked;
  }

  override forgetAll(): void {
    super.forgetAll();
    this.keys.clear();
  }

  relieve(): void | Promise<void> {
    return this.#store.maintain(LOOK_NOW);
  }

  override arrayBytes(): number {
    return super.arrayBytes() + this.keys.bytes();
  }

  async count(): Promise<number> {
    if (this.complete) return this.live;
    return this.live + (await countStored(this, this.#store.backend));
  }
}
