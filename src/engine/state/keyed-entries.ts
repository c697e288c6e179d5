import type { Batch } from '../../batch/batch.ts';
import type { CachedStateStore } from './cached-state-store.ts';
import { Entries } from './entries.ts';
import { keyRange } from './entry-key.ts';
import { lookupKeys, lookupRows, slotOfStored } from './lookup.ts';
import type { KeyedTable, TableSpec } from './state-store.ts';

/** One entry per key. */
export class KeyedEntries extends Entries implements KeyedTable {
  readonly #store: CachedStateStore;

  constructor(spec: TableSpec, store: CachedStateStore) {
    super(spec, null, store, store.epoch);
    this.#store = store;
  }

  lookup(
    batch: Batch,
    keyColumns: readonly number[],
    slots: Int32Array,
    rows: Int32Array | null = batch.selection,
    count: number = batch.selected,
  ): void | Promise<void> {
    return lookupRows(this, this.#store.backend, batch, keyColumns, slots, rows, count);
  }

  lookupKeys(keys: readonly (readonly unknown[])[], slots: Int32Array): void | Promise<void> {
    return lookupKeys(this, this.#store.backend, keys, slots);
  }

  slotOfStored(key: Buffer, start: number): number {
    return slotOfStored(this, key, start);
  }

  /** Entries of the back end that are not in memory, plus the live ones. */
  async count(): Promise<number> {
    if (this.complete) return this.live;
    const { from, to } = keyRange(this.spec, null, null);
    const known = this.size;
    let stored = 0;
    const before = new Set<number>();
    for await (const chunk of this.#store.backend.scan(from, to)) {
      for (const { key } of chunk) {
        const slot = slotOfStored(this, key, 5);
        if (slot >= known || !this.exists(slot)) {
          if ((this.flags[slot]! & 2) === 0) stored++;
          if (slot >= known) before.add(slot);
        }
      }
    }
    for (const slot of before) this.release(slot);
    return this.live + stored;
  }
}
