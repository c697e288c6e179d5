import { invariant } from '../../core/invariant.ts';
import { DIRTY, type Entries, type EntriesOwner, EXISTS, FREE, STORED } from './entries.ts';
import { everything, type KeyRange, keyRange } from './entry-key.ts';
import { EntryWrites } from './entry-writes.ts';
import { chooseLeaving, noteLeaving } from './eviction.ts';
import { KeyedEntries } from './keyed-entries.ts';
import { loadState } from './load-state.ts';
import type { StateLog } from './log/state-log.ts';
import { writeToLog } from './log/write-to-log.ts';
import { OrderedEntries } from './ordered-entries.ts';
import type { StateBackend, StateWrite } from './state-backend.ts';
import type { KeyedTable, OrderedTable, StateStore, TableSpec, TimedTable } from './state-store.ts';
import { type SegmentEntries, TimedEntries } from './timed-entries.ts';

/** Entries encoded in one go before the writer lets the job go on. */
const CHUNK = 2048;

/**
 * The write-back cache over a back end, with epochs (design: "State").
 *
 * - `seal()` at the barrier: the current epoch is closed, the next begins. Nothing is copied.
 * - `writeSealed()` in the background: writes what changed up to the barrier, in chunks. An entry
 *   about to change first puts its sealed content into that write (`preserve`). Until `unseal()`
 *   nothing of the new epoch reaches the back end, so a snapshot taken then is the state at the
 *   barrier.
 * - With a log (`logTo`), and as long as everything is in memory, a sealed epoch goes into a file
 *   of the log and the back end has nothing; the first eviction ends that, and from then on
 *   everything is written to the back end.
 * - `maintain()` between batches: keeps the cache within its budget. What must wait for a running
 *   checkpoint makes the source wait.
 */
export class CachedStateStore implements StateStore, EntriesOwner {
  readonly backend: StateBackend;
  budgetBytes: number;
  epoch = 1;
  /** Milliseconds that the source waited for eviction to be allowed. */
  evictionWaitMs = 0;
  evictedEntries = 0;
  readonly #keyed: KeyedEntries[] = [];
  readonly #timed: TimedEntries[] = [];
  readonly #ordered: OrderedEntries[] = [];
  /** Old contents saved by `preserve`, to be written with the sealed epoch. */
  #preserved: StateWrite[] = [];
  #log: StateLog | null = null;
  /** The log that the state has left, needed until the back end has been written. */
  #leftLog: StateLog | null = null;
  /** The log lacks something: its next file has to be whole. */
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
  #rowsToLook = 65536;
  readonly #big = new Set<Entries>();
  #absent: Entries[] = [];
  readonly #writes = new EntryWrites();

  constructor(backend: StateBackend, budgetBytes: number) {
    this.backend = backend;
    this.budgetBytes = budgetBytes;
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
   * The log that has the state, if one has. From the barrier until `unseal` that does not change.
   */
  get log(): StateLog | null {
    return this.#log;
  }

  /**
   * Checkpoints go into a log as long as all state is in memory, and the back end has nothing. Call
   * before the first barrier, and after `restore`.
   */
  async logTo(log: StateLog): Promise<void> {
    invariant(!this.#sealing && this.#log === null, 'the state has a log already');
    if (!this.#allEntries().every(({ complete }) => complete)) return;
    const { from, to } = everything();
    await this.backend.deleteRange(from, to);
    this.#log = log;
  }

  /** The state no longer fits into memory: nothing counts as written. */
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

  /** The next checkpoint's log is a whole file, with nothing of those before. */
  renewLog(): void {
    this.#logBroken = true;
  }

  /** The barrier. The previous checkpoint must be out of the back end's way (`unseal`). */
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
    this.#preserved.push(this.#writes.of(entries, slot));
    entries.flags[slot] = (entries.flags[slot]! & ~DIRTY) | STORED;
  }

  /** Writes the sealed epoch to the log, or to the back end. The job may go on meanwhile. */
  writeSealed(): Promise<void> {
    return this.#log === null ? this.#writeToBackend() : this.#writeToLog(this.#log);
  }

  /** What could not be written is in the next file: that will be a whole one. */
  async #writeToLog(log: StateLog): Promise<void> {
    try {
      await writeToLog(log, {
        whole: this.#sealedWhole,
        epoch: this.epoch,
        cleared: this.#sealedCleared,
        dropped: this.#sealedDrops,
        tables: this.#sealed,
        removal: (entries, slot) => this.#writes.removal(entries, slot),
        preserved: () => this.#preserved.splice(0),
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
        const writes = this.#preserved;
        this.#preserved = [];
        const slots: number[] = [];
        for (let i = at; i < Math.min(at + CHUNK, sealed.length); i++) {
          const slot = sealed[i]!;
          if ((entries.flags[slot]! & DIRTY) === 0 || entries.changedIn(slot) >= this.epoch) continue;
          slots.push(slot);
        }
        this.#writes.addAll(entries, slots, writes);
        if (writes.length > 0) await this.backend.write(writes);
        // Only now: what is clean may leave the cache or be looked for in the back end. One that
        // changed meanwhile was preserved, which writes the same again.
        for (const slot of slots) this.#written(entries, slot);
      }
      entries.sealed = [];
    }
    this.#sealed = [];
    const rest = this.#preserved;
    this.#preserved = [];
    if (rest.length > 0) await this.backend.write(rest);
    // The checkpoint before this one is stored.
    this.#leftLog?.forget();
    this.#leftLog = null;
  }

  #written(entries: Entries, slot: number): void {
    const flags = entries.flags[slot]!;
    if ((flags & DIRTY) === 0 || entries.changedIn(slot) >= this.epoch) return;
    if ((flags & EXISTS) !== 0) entries.flags[slot] = (flags & ~DIRTY) | STORED;
    else entries.markAbsent(slot);
  }

  /** The snapshot is linked: entries of the new epoch may reach the back end again. */
  unseal(): void {
    this.#sealing = false;
    // All that was saved is written, unless its file failed: then the next one is whole, and must
    // not have what changed since as it was.
    this.#preserved = [];
    this.#unsealNow();
  }

  /** Empties a keyed table; between the operator's uses of its slots. */
  clear(entries: Entries): void | Promise<void> {
    const stored = !entries.complete || entries.mayBeStored();
    if (!stored && !this.#sealing) return entries.forgetAll();
    return this.#clear(entries);
  }

  async #clear(entries: Entries): Promise<void> {
    // A checkpoint that is being written still has the entries in it.
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

  /** A dropped segment no longer counts. */
  forget(entries: Entries): void {
    this.#big.delete(entries);
  }

  /**
   * Keeps the cache within its budget; called between batches with the number of rows that the next
   * one may bring. Tables whose arrays would outgrow the budget give up slots instead; and what all
   * entries occupy, values included, is looked at every 64 thousand rows.
   */
  maintain(rows: number): void | Promise<void> {
    for (const entries of this.#absent.splice(0)) entries.releaseAbsent();
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
    const all = this.#allEntries().map((entries) => ({ entries, bytes: entries.occupiedBytes() }));
    let excess = all.reduce((sum, e) => sum + e.bytes, 0) - this.budgetBytes;
    if (excess <= 0) return;
    excess += this.budgetBytes / 10;
    const plan: { entries: Entries; slots: number }[] = [];
    for (const { entries, bytes } of all.sort((a, b) => b.bytes - a.bytes)) {
      if (excess <= 0) break;
      plan.push({ entries, slots: Math.ceil(entries.size * Math.min(1, excess / Math.max(1, bytes))) });
      excess -= bytes;
    }
    return this.#evict(plan);
  }

  async #evict(plan: readonly { readonly entries: Entries; readonly slots: number }[]): Promise<void> {
    if (this.#log !== null) await this.#leaveLog();
    let wanted = 0;
    let freed = 0;
    // Decided once: where drops had to stay, nothing else of this epoch may be written either.
    const sealing = this.#sealing;
    await this.#flushDrops();
    for (const { entries, slots } of plan) {
      const writes: StateWrite[] = [];
      const leaving = chooseLeaving(entries, slots, sealing, (slot) => writes.push(this.#writes.of(entries, slot)));
      if (writes.length > 0) await this.backend.write(writes);
      noteLeaving(entries, leaving, this.budgetBytes);
      for (const slot of leaving) entries.release(slot);
      entries.shrink();
      wanted += slots;
      freed += leaving.length;
    }
    this.evictedEntries += freed;
    if (freed * 4 < wanted && this.#sealing) {
      // What is left changed after the barrier and may not be written before the snapshot is
      // linked: the source waits.
      const since = performance.now();
      await this.#unsealed;
      this.evictionWaitMs += performance.now() - since;
      this.#rowsToLook = 0;
    }
  }

  /**
   * Segments dropped in the current epoch must leave the back end before an entry of theirs could
   * be written again.
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
    for (const entries of this.#allEntries())
      sum += entries.arrayBytes() + entries.valueBytes() + entries.storedBytes();
    return sum;
  }

  /** The part of `cacheBytes` that says which keys are on disk only. */
  keysOnDiskBytes(): number {
    return this.#allEntries().reduce((sum, entries) => sum + entries.storedBytes(), 0);
  }

  /** Live entries in memory, by table, for metrics. */
  entryCounts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const t of [...this.#keyed, ...this.#ordered]) counts[`${t.spec.operator}.${t.spec.name}`] = t.live;
    for (const t of this.#timed) {
      counts[`${t.spec.operator}.${t.spec.name}`] = t.allSegments().reduce((n, s) => n + s.live, 0);
    }
    return counts;
  }

  /**
   * Loads what the back end holds, as far as the budget goes; the rest stays there. Called once,
   * after all tables are declared.
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
