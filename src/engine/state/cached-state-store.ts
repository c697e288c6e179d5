import { invariant } from '../../core/invariant.ts';
import { BackendWrites } from './backend-writes.ts';
import type { Entries, EntriesOwner } from './entries.ts';
import { findLarge, measureEntry, occupiedBytes, storedBytes, valueBytes } from './entries-size.ts';
import { everything, type KeyRange, keyRange } from './entry-key.ts';
import type { EntryLimit } from './entry-limit.ts';
import { EntryWrites } from './entry-writes.ts';
import { chooseEvicted, chooseLarge, NOTHING_LARGE, recordEvicted } from './eviction.ts';
import { KeyedEntries } from './keyed-entries.ts';
import { loadState } from './load-state.ts';
import type { StateLog } from './log/state-log.ts';
import { LookupLimit } from './lookup-limit.ts';
import { OrderedEntries } from './ordered-entries.ts';
import { SealedEpoch } from './sealed-epoch.ts';
import type { StateBackend } from './state-backend.ts';
import type { KeyedTable, OrderedTable, StateStore, TableSpec, TimedTable } from './state-store.ts';
import { TimedEntries } from './timed-entries.ts';

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
  #log: StateLog | null = null;
  /** The previous log. It is needed until the back end has all state. */
  #leftLog: StateLog | null = null;
  /** The log is incomplete, so its next file must contain all entries. */
  #logBroken = false;
  /** Tables emptied in the current epoch, for the log. */
  #cleared: KeyRange[] = [];
  #budgetBytes: number;
  #rowsToLook = 65536;
  readonly #big = new Set<Entries>();
  #absent: Entries[] = [];
  readonly #writes: BackendWrites;
  readonly #sealed: SealedEpoch;
  readonly #limit: EntryLimit | null;
  readonly #lookups = new LookupLimit();

  constructor(backend: StateBackend, budgetBytes: number, limit: EntryLimit | null = null) {
    this.backend = backend;
    const writes = new EntryWrites();
    this.#writes = new BackendWrites(backend, writes);
    this.#sealed = new SealedEpoch(this.#writes, writes);
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
    invariant(!this.#sealed.open && this.#log === null, 'the state has a log already');
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
    if (this.#sealed.open) await this.#sealed.ended;
    this.evictionWaitMs += performance.now() - since;
    for (const table of this.#timed) table.takeDropped();
    this.#cleared = [];
    for (const entries of this.#allEntries()) entries.markAllDirty();
    this.#leftLog = this.#log;
    this.#log = null;
  }

  /** True between the barrier and the moment the snapshot's files are linked. */
  get sealing(): boolean {
    return this.#sealed.open;
  }

  /**
   * Makes the next checkpoint write a log file with all entries. It then needs no earlier files.
   */
  renewLog(): void {
    this.#logBroken = true;
  }

  /** Seals the epoch at the barrier. `unseal` must have ended the previous checkpoint. */
  seal(): void {
    const whole = this.#log !== null && (this.#logBroken || this.#log.wholeIsDue);
    this.#sealed.begin(this.epoch + 1, whole, this.#cleared);
    this.epoch++;
    this.#cleared = [];
    for (const table of [...this.#keyed, ...this.#ordered]) this.#sealed.add(table);
    for (const table of this.#timed) {
      for (const segment of table.allSegments()) this.#sealed.add(segment);
      this.#sealed.addDropped(table.takeDropped());
    }
  }

  /** Writes the sealed epoch to the log or to the back end. The job may run meanwhile. */
  async writeSealed(): Promise<void> {
    if (this.#log !== null) {
      await this.#writeToLog(this.#log);
      return;
    }
    await this.#sealed.writeToBackend();
    // The checkpoint before this one is stored.
    this.#leftLog?.forget();
    this.#leftLog = null;
  }

  /** If the write fails, the next file contains all entries. */
  async #writeToLog(log: StateLog): Promise<void> {
    try {
      await this.#sealed.writeToLog(log);
      this.#logBroken = false;
    } catch (error) {
      this.#logBroken = true;
      throw error;
    }
  }

  preserve(entries: Entries, slot: number): void {
    this.#sealed.preserve(entries, slot);
  }

  /**
   * Ends the checkpoint when the snapshot is linked. Entries of the new epoch may reach the back
   * end again.
   */
  unseal(): void {
    this.#sealed.end();
  }

  /** Empties a table. The operator must not hold slots. */
  clear(entries: Entries): void | Promise<void> {
    const stored = !entries.complete || entries.mayBeStored();
    if (!stored && !this.#sealed.open) return entries.forgetAll();
    return this.#clear(entries);
  }

  async #clear(entries: Entries): Promise<void> {
    // A running checkpoint still contains the entries.
    if (this.#sealed.open) await this.#sealed.ended;
    const range = keyRange(entries.spec, null, null);
    if (this.#log !== null) this.#cleared.push(range);
    else await this.backend.deleteRange(range.from, range.to);
    entries.forgetAll();
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
    if (this.#sealed.preservedBytes > Math.max(PRESERVED_MIN, this.budgetBytes / 4)) return this.#waitForCheckpoint();
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
    await this.#sealed.ended;
    this.evictionWaitMs += performance.now() - since;
  }

  async #evict(plan: readonly Eviction[]): Promise<void> {
    if (this.#log !== null) await this.#leaveLog();
    let wanted = 0;
    let freed = 0;
    // Read this once: if the drops were not written, no other change of this epoch may be written.
    const sealing = this.#sealed.open;
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
      await this.#writes.write(entries, changed, null);
      if (large.bytes < largeBytes) wanted += entries.large.count * 4;
      recordEvicted(entries, evicted, this.budgetBytes);
      for (const slot of evicted) entries.release(slot);
      entries.shrink();
      wanted += slots;
      freed += evicted.length;
    }
    this.evictedEntries += freed;
    if (freed * 4 < wanted && this.#sealed.open) {
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
    if (this.#sealed.open) return;
    for (const table of this.#timed)
      for (const segment of table.takeDropped()) await this.#writes.deleteSegment(segment);
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
