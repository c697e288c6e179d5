import type { Batch } from '../../batch/batch.ts';
import type { CachedStateStore } from './cached-state-store.ts';
import { Entries } from './entries.ts';
import { DIRTY } from './entry-flags.ts';
import { keyRange } from './entry-key.ts';
import { lookupEncoded, lookupKeys, lookupRows, slotOfStored } from './lookup.ts';
import type { KeyBytes, KeyedTable, LookupFilter, TableSpec } from './state-store.ts';
import { StoredKeys } from './stored-keys.ts';

/** The store checks its memory use after this many rows. */
const LOOK_NOW = 65536;

/** One entry per key. */
export class KeyedEntries extends Entries implements KeyedTable {
  readonly #store: CachedStateStore;

  constructor(spec: TableSpec, store: CachedStateStore) {
    super(spec, null, store, store.epoch);
    this.#store = store;
    if (this.index !== null) this.stored = new StoredKeys(spec.note !== undefined);
  }

  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    slots: Int32Array,
    rows: Int32Array | null = batch.selection,
    count: number = batch.selected,
    filter: LookupFilter | null = null,
  ): void | Promise<void> {
    return lookupRows(this, this.#store.backend, batch, keyColumns, slots, rows, count, filter);
  }

  lookupKeys(keys: readonly (readonly unknown[])[], slots: Int32Array): void | Promise<void> {
    return lookupKeys(this, this.#store.backend, keys, slots);
  }

  lookupEncoded(keys: readonly KeyBytes[], slots: Int32Array): void | Promise<void> {
    return lookupEncoded(this, this.#store.backend, keys, slots);
  }

  grew(slot: number): void {
    this.#store.grew(this, slot);
  }

  get lookupLimit(): number {
    return this.#store.rowLimit;
  }

  relieve(): void | Promise<void> {
    return this.#store.maintain(LOOK_NOW);
  }

  clear(): void | Promise<void> {
    return this.#store.clear(this);
  }

  /**
   * Returns the slot of a key of the back end. `made` collects the slots that the lookup creates.
   */
  slotOfStored(key: Buffer, start: number, made: number[] = []): number {
    return slotOfStored(this, key, start, made);
  }

  /** Returns the number of live entries, and of those that are only in the back end. */
  async count(): Promise<number> {
    if (this.complete) return this.live;
    const { from, to } = keyRange(this.spec, null, null);
    let stored = 0;
    for await (const chunk of this.#store.backend.scan(from, to)) {
      const made: number[] = [];
      for (const { key } of chunk) {
        const slot = this.slotOfStored(key, 5, made);
        if (made[made.length - 1] === slot) stored++;
        else if (!this.exists(slot) && (this.flags[slot]! & DIRTY) === 0) stored++;
      }
      // Release slots that were created for this check. A slot without an entry means that the
      // entry does not exist.
      for (const slot of made) this.release(slot);
    }
    return this.live + stored;
  }
}
