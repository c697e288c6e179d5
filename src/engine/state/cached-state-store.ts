import { invariant } from '../../core/invariant.ts';
import type { Entries, EntriesOwner } from './entries.ts';
import { findLarge, measureEntry, occupiedBytes, storedBytes, valueBytes } from './entries-size.ts';
import { DIRTY, EXISTS, FREE, STORED } from './entry-flags.ts';
import { everything, type KeyRange, keyRange } from './entry-key.ts';
import type { EntryLimit } from './entry-limit.ts';
import { EntryWrites } from './entry-writes.ts';
import { chooseEvicted, chooseLarge, NOTHING_LARGE, recordEvicted } from './eviction.ts';
import { KeyedEntries } from './keyed-entries.ts';
import { loadState } from './load-state.ts';
import type { StateLog } from './log/state-log.ts';
import { writeToLog } from './log/write-to-log.ts';
import { LookupLimit } from './lookup-limit.ts';
import { OrderedEntries } from './ordered-entries.ts';
import type { StateBackend, StateWrite } from './state-backend.ts';
import type { KeyedTable, OrderedTable, StateStore, TableSpec, TimedTable } from './state-store.ts';
import { type SegmentEntries, TimedEntries } from './timed-entries.ts';

/** New large values count as rows, so that a look at the memory follows 8 MB of them. */
const BYTES_PER_ROW = 128;
/** The entries that changed while a checkpoint is written may always have this many bytes. */
const PRESERVED_MIN = 8 << 20;

/** What is evicted from a table: large entries of this many bytes, and a number of slots. */
interface Eviction {
  readonly entries: Entries;
  readonly slots: number;
  readonly largeBytes?: number;
}

/** The number of entries that the writer encodes before it yields to the job. */
const CHUNK = 2048;

/**
 * The write-back cache over a back end, with epochs (design: "State").
 *
 * - `seal()` at the barrier closes the current epoch and begins the next. It copies nothing.
 * - `writeSealed()` writes the sealed changes in chunks, in the background. Before an entry changes
 *   again, its sealed content is saved for this write (`preserve`). Until `unseal()`, no entry of
 *   the new epoch is written to the back end, so a snapshot has the state at the barrier.
 * - With a log (`logTo`) and all state in memory, a sealed epoch is written to a file of the log,
 *   and the back end is empty. After the first eviction, all state is written to the back end.
 * - `maintain()` between batches keeps the cache within its budget. If eviction must wait for a
 *   running checkpoint, the source waits too.
 */
export class CachedStateStore implements StateStore, EntriesOwner {
  readonly backend: StateBackend;
  epoch = 1;
  /** Milliseconds that the source waited until eviction was possible. */
  evictionWaitMs = 0;
  evictedEntries = 0;
  readonly #keyed: KeyedEntries[] = [];
  readonly #timed: TimedEntries[] = [];
  readonly #ordered: OrderedEntries[] = [];
  /** Sealed content saved by `preserve`. It is written with the sealed epoch. */
  #preserved: StateWrite[] = [];
  #log: StateLog | null = null;
  /** The previous log. It is needed until the back end has all state. */
  #leftLog: StateLog | null = null;
  /** The log is incomplete, so its next file must contain all entries. */
  #logBroken = false;
  #sealedWhole = false;
  /** Tables emptied in the current epoch, for the log. */
  #cleared: KeyRange[] = [];
  #sealedCleared: KeyRange[] = [];
  #sealed: Entries[] = [];
  #sealedDrops: SegmentEntries[] = [];
  #sealing = false;
  #unsealed: Promise<void> = Promise.resolve();
  #unsealNow: () => void = () => {};
  #budgetBytes: number;
  #rowsToLook = 65536;
  readonly #big = new Set<Entries>();
  #absent: Entries[] = [];
  readonly #writes = new EntryWrites();
  readonly #limit: EntryLimit | null;
  /** The bytes of `#preserved`. */
  #preservedBytes = 0;
  readonly #lookups = new LookupLimit();

  constructor(backend: StateBackend, budgetBytes: number, limit: EntryLimit | null = null) {
    this.backend = backend;
    this.#budgetBytes = budgetBytes;
    this.#limit = limit;
  }

  /**
   * The maximum number of rows in the next batch. It is small while the keys of a batch have large
   * entries in the back end, because all of them are read at once.
   */
  get rowLimit(): number {
    return this.#lookups.rows;
  }

  /** See `KeyedTable.grew`. */
  grew(entries: Entries, slot: number): void {
    const before = entries.large.of(slot);
    const bytes = measureEntry(entries, slot);
    this.#limit?.check(entries, slot, bytes);
    this.#rowsToLook -= Math.max(0, bytes - before) / BYTES_PER_ROW;
  }

  get budgetBytes(): number {
    return this.#budgetBytes;
  }

  /** The next `maintain` evicts what a lower budget does not allow. */
  set budgetBytes(bytes: number) {
    if (bytes < this.#budgetBytes) this.#rowsToLook = 0;
    this.#budgetBytes = bytes;
  }

  /** The budget was lowered, and the cache was not compared with it since. */
  get budgetLowered(): boolean {
    return this.#rowsToLook <= 0;
  }

  keyedTable(spec: TableSpec): KeyedTable {
    const table = new KeyedEntries(spec, this);
    this.#keyed.push(table);
    return table;
  }

  timedTable(spec: TableSpec): TimedTable {
    const table = new TimedEntries(spec, this);
    this.#timed.push(table);
    return table;
  }

  orderedTable(spec: TableSpec): OrderedTable {
    const table = new OrderedEntries(spec, this);
    this.#ordered.push(table);
    return table;
  }

  /**
   * The log with the state; null if the back end has it. It does not change between the barrier and
   * `unseal`.
   */
  get log(): StateLog | null {
    return this.#log;
  }

  /**
   * Writes checkpoints to a log while all state is in memory. The back end is then empty. Call this
   * before the first barrier and after `restore`.
   */
  async logTo(log: StateLog): Promise<void> {
    invariant(!this.#sealing && this.#log === null, 'the state has a log already');
    if (!this.#allEntries().every(({ complete }) => complete)) return;
    const { from, to } = everything();
    await this.backend.deleteRange(from, to);
    this.#log = log;
  }

  /**
   * Leaves the log, because the state no longer fits into memory. All of it must be written to the
   * back end.
   */
  async #leaveLog(): Promise<void> {
    const since = performance.now();
    if (this.#sealing) await this.#unsealed;
    this.evictionWaitMs += performance.now() - since;
    for (const table of this.#timed) table.takeDropped();
    this.#cleared = [];
    for (const entries of this.#allEntries()) entries.markAllDirty();
    this.#leftLog = this.#log;
    this.#log = null;
  }

  /** True between the barrier and the moment the snapshot's files are linked. */
  get sealing(): boolean {
    return this.#sealing;
  }

  /**
   * Makes the next checkpoint write a log file with all entries. It then needs no earlier files.
   */
  renewLog(): void {
    this.#logBroken = true;
  }

  /** Seals the epoch at the barrier. `unseal` must have ended the previous checkpoint. */
  seal(): void {
    invariant(!this.#sealing, 'a checkpoint is still being written');
    this.#sealing = true;
    this.#unsealed = new Promise((resolve) => {
      this.#unsealNow = resolve;
    });
    this.epoch++;
    this.#sealedWhole = this.#log !== null && (this.#logBroken || this.#log.wholeIsDue);
    this.#sealedCleared = this.#cleared;
    this.#cleared = [];
    for (const table of [...this.#keyed, ...this.#ordered]) this.#sealEntries(table);
    for (const table of this.#timed) {
      for (const segment of table.allSegments()) this.#sealEntries(segment);
      this.#sealedDrops.push(...table.takeDropped());
    }
  }

  #sealEntries(entries: Entries): void {
    entries.epoch = this.epoch;
    if (this.#sealedWhole) {
      entries.dirty = [];
      entries.sealedWhole = true;
      this.#sealed.push(entries);
      return;
    }
    if (entries.dirty.length === 0) return;
    entries.sealed = entries.dirty;
    entries.dirty = [];
    this.#sealed.push(entries);
  }

  preserve(entries: Entries, slot: number): void {
    if (!this.#sealing) return;
    const write = this.#writes.of(entries, slot);
    this.#preserved.push(write);
    this.#preservedBytes += write.value?.length ?? 0;
    entries.flags[slot] = (entries.flags[slot]! & ~DIRTY) | STORED;
  }

  /** Writes the sealed epoch to the log or to the back end. The job may run meanwhile. */
  writeSealed(): Promise<void> {
    return this.#log === null ? this.#writeToBackend() : this.#writeToLog(this.#log);
  }

  /** Writes the sealed epoch to the log. If the write fails, the next file contains all entries. */
  async #writeToLog(log: StateLog): Promise<void> {
    try {
      await writeToLog(log, {
        whole: this.#sealedWhole,
        epoch: this.epoch,
        cleared: this.#sealedCleared,
        dropped: this.#sealedDrops,
        tables: this.#sealed,
        removal: (entries, slot) => this.#writes.removal(entries, slot),
        preserved: () => this.#takePreserved(),
      });
      this.#logBroken = false;
    } catch (error) {
      this.#logBroken = true;
      throw error;
    } finally {
      for (const entries of this.#sealed) {
        entries.sealed = [];
        entries.sealedWhole = false;
      }
      this.#sealed = [];
      this.#sealedDrops = [];
    }
  }

  async #writeToBackend(): Promise<void> {
    for (const segment of this.#sealedDrops) await this.#deleteSegment(segment);
    this.#sealedDrops = [];
    for (const entries of this.#sealed) {
      const { sealed } = entries;
      for (let at = 0; at < sealed.length; at += CHUNK) {
        const writes = this.#takePreserved();
        const slots: number[] = [];
        for (let i = at; i < Math.min(at + CHUNK, sealed.length); i++) {
          const slot = sealed[i]!;
          if (this.#isSealedChange(entries, slot)) slots.push(slot);
        }
        if (writes.length > 0) await this.backend.write(writes);
        await this.#writePieces(entries, slots, (slot) => this.#isSealedChange(entries, slot));
        // Mark the slots clean after the write, because a clean entry may be evicted and then read
        // from the back end. If an entry changed meanwhile, it was preserved.
        for (const slot of slots) this.#written(entries, slot);
      }
      entries.sealed = [];
    }
    this.#sealed = [];
    const rest = this.#takePreserved();
    if (rest.length > 0) await this.backend.write(rest);
    // The checkpoint before this one is stored.
    this.#leftLog?.forget();
    this.#leftLog = null;
  }

  #takePreserved(): StateWrite[] {
    this.#preservedBytes = 0;
    return this.#preserved.splice(0);
  }

  /** Returns whether the slot has a change of the sealed epoch that is not written. */
  #isSealedChange(entries: Entries, slot: number): boolean {
    return (entries.flags[slot]! & DIRTY) !== 0 && entries.changedIn(slot) < this.epoch;
  }

  /**
   * Encodes and writes entries, some megabytes at a time. Skips slots that are no longer `wanted`,
   * because the job may run between two writes.
   */
  async #writePieces(
    entries: Entries,
    slots: readonly number[],
    wanted: ((slot: number) => boolean) | null,
  ): Promise<void> {
    for (let left = slots; left.length > 0; ) {
      const writes: StateWrite[] = [];
      left = left.slice(this.#writes.addPiece(entries, left, writes));
      await this.backend.write(writes);
      if (wanted !== null) left = left.filter(wanted);
    }
  }

  #written(entries: Entries, slot: number): void {
    const flags = entries.flags[slot]!;
    if (!this.#isSealedChange(entries, slot)) return;
    if ((flags & EXISTS) !== 0) entries.flags[slot] = (flags & ~DIRTY) | STORED;
    else entries.markAbsent(slot);
  }

  /**
   * Ends the checkpoint when the snapshot is linked. Entries of the new epoch may reach the back
   * end again.
   */
  unseal(): void {
    this.#sealing = false;
    // All saved content was written, or the file failed. Then the next file contains all entries
    // and must not contain the saved content.
    this.#takePreserved();
    this.#unsealNow();
  }

  /** Empties a table. The operator must not hold slots. */
  clear(entries: Entries): void | Promise<void> {
    const stored = !entries.complete || entries.mayBeStored();
    if (!stored && !this.#sealing) return entries.forgetAll();
    return this.#clear(entries);
  }

  async #clear(entries: Entries): Promise<void> {
    // A running checkpoint still contains the entries.
    if (this.#sealing) await this.#unsealed;
    const range = keyRange(entries.spec, null, null);
    if (this.#log !== null) this.#cleared.push(range);
    else await this.backend.deleteRange(range.from, range.to);
    entries.forgetAll();
  }

  async #deleteSegment(segment: SegmentEntries): Promise<void> {
    let writes: StateWrite[] = [];
    for (let slot = 0; slot < segment.size; slot++) {
      if ((segment.flags[slot]! & (STORED | FREE)) !== STORED) continue;
      writes.push(this.#writes.removal(segment, slot));
      if (writes.length >= CHUNK) {
        await this.backend.write(writes);
        writes = [];
      }
    }
    if (writes.length > 0) await this.backend.write(writes);
    if (!segment.complete) {
      for (const range of segment.ranges()) {
        for await (const entries of this.backend.scan(range.from, range.to)) {
          await this.backend.write(entries.map((e) => ({ key: e.key, value: null })));
        }
      }
    }
  }

  hasAbsent(entries: Entries): void {
    this.#absent.push(entries);
  }

  grewBig(entries: Entries): void {
    this.#big.add(entries);
  }

  /** Stops monitoring a dropped segment. */
  forget(entries: Entries): void {
    this.#big.delete(entries);
  }

  /**
   * Keeps the cache within its budget. Called between batches with the maximum number of rows in
   * the next batch. If the arrays of a table would grow beyond the budget, it evicts entries of the
   * table instead. Every 65,536 rows it checks the size of all entries, including their values.
   */
  maintain(rows: number): void | Promise<void> {
    for (const entries of this.#absent.splice(0)) entries.releaseAbsent();
    this.#noteLoaded();
    if (this.#preservedBytes > Math.max(PRESERVED_MIN, this.budgetBytes / 4)) return this.#waitForCheckpoint();
    for (const entries of this.#big) {
      if (entries.headroom() >= rows) continue;
      const size = entries.arrayBytes();
      if (this.cacheBytes() + size > this.budgetBytes) {
        return this.#evict([{ entries, slots: Math.max(rows * 2, entries.size >> 4) }]);
      }
    }
    this.#rowsToLook -= rows;
    if (this.#rowsToLook > 0) return;
    this.#rowsToLook = 65536;
    const all = this.#allEntries().map((entries) => {
      findLarge(entries);
      const largest = this.#limit === null ? null : entries.large.largest();
      if (largest !== null) this.#limit?.check(entries, largest.slot, largest.bytes);
      return { entries, bytes: occupiedBytes(entries) };
    });
    let excess = all.reduce((sum, e) => sum + e.bytes, 0) - this.budgetBytes;
    if (excess <= 0) return;
    excess += this.budgetBytes / 10;
    const plan: Eviction[] = [];
    for (const { entries, bytes } of all.sort((a, b) => b.bytes - a.bytes)) {
      if (excess <= 0) break;
      // The large entries first, because few of them are enough.
      const largeBytes = entries.kind === 'ordered' ? 0 : Math.min(excess, entries.large.bytes);
      const share = Math.min(1, (excess - largeBytes) / Math.max(1, bytes - largeBytes));
      plan.push({ entries, largeBytes, slots: Math.ceil(entries.size * share) });
      excess -= bytes;
    }
    return this.#evict(plan);
  }

  /** Limits the next batches if the lookups of the last one read large entries. */
  #noteLoaded(): void {
    let bytes = 0;
    for (const table of this.#keyed) {
      bytes += table.loadedBytes;
      table.loadedBytes = 0;
    }
    this.#lookups.batchRead(bytes, this.#budgetBytes);
  }

  /** Waits until the running checkpoint no longer needs the entries that changed meanwhile. */
  async #waitForCheckpoint(): Promise<void> {
    const since = performance.now();
    await this.#unsealed;
    this.evictionWaitMs += performance.now() - since;
  }

  async #evict(plan: readonly Eviction[]): Promise<void> {
    if (this.#log !== null) await this.#leaveLog();
    let wanted = 0;
    let freed = 0;
    // Read this once: if the drops were not written, no other change of this epoch may be written.
    const sealing = this.#sealing;
    await this.#flushDrops();
    for (const { entries, slots, largeBytes = 0 } of plan) {
      const changed: number[] = [];
      const note = (slot: number): void => {
        changed.push(slot);
      };
      const large = largeBytes > 0 ? chooseLarge(entries, largeBytes, sealing, note) : NOTHING_LARGE;
      const small = slots > 0 ? chooseEvicted(entries, slots, sealing, note) : [];
      const evicted = large.slots.length > 0 ? [...large.slots, ...small] : small;
      this.#lookups.evicted(large.largest, this.#budgetBytes);
      await this.#writePieces(entries, changed, null);
      if (large.bytes < largeBytes) wanted += entries.large.count * 4;
      recordEvicted(entries, evicted, this.budgetBytes);
      for (const slot of evicted) entries.release(slot);
      entries.shrink();
      wanted += slots;
      freed += evicted.length;
    }
    this.evictedEntries += freed;
    if (freed * 4 < wanted && this.#sealing) {
      // The remaining entries changed after the barrier. They must not be written before the
      // snapshot is linked, so the source waits.
      await this.#waitForCheckpoint();
      this.#rowsToLook = 0;
    }
  }

  /**
   * Removes segments dropped in the current epoch from the back end, before one of their entries
   * can be written again.
   */
  async #flushDrops(): Promise<void> {
    if (this.#sealing) return;
    for (const table of this.#timed) for (const segment of table.takeDropped()) await this.#deleteSegment(segment);
  }

  #allEntries(): Entries[] {
    return [...this.#keyed, ...this.#ordered, ...this.#timed.flatMap((t) => t.allSegments())];
  }

  cacheBytes(): number {
    let sum = 0;
    for (const entries of this.#allEntries()) sum += entries.arrayBytes() + valueBytes(entries) + storedBytes(entries);
    return sum;
  }

  /** Returns the part of `cacheBytes` for the hashes of keys that are only on disk. */
  keysOnDiskBytes(): number {
    return this.#allEntries().reduce((sum, entries) => sum + storedBytes(entries), 0);
  }

  /** Returns the number of live entries in memory by table, for metrics. */
  entryCounts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const t of [...this.#keyed, ...this.#ordered]) counts[`${t.spec.operator}.${t.spec.name}`] = t.live;
    for (const t of this.#timed) {
      counts[`${t.spec.operator}.${t.spec.name}`] = t.allSegments().reduce((n, s) => n + s.live, 0);
    }
    return counts;
  }

  /**
   * Loads entries from the back end, up to the budget. Called once, after all tables are declared.
   */
  restore(operators: readonly number[]): Promise<void> {
    return loadState(this.backend, new Set(operators), {
      keyed: this.#keyed,
      ordered: this.#ordered,
      timed: this.#timed,
      budgetBytes: this.budgetBytes,
      cacheBytes: () => this.cacheBytes(),
    });
  }
}
