import type { Entries } from './entries.ts';
import { LARGE_BYTES } from './large-entries.ts';

/** The number of entries whose size is measured with each look at the memory. */
const MEASURED = 4096;

/** Returns the size of `entries.stored` in bytes. */
export function storedBytes({ stored }: Entries): number {
  return stored === null ? 0 : stored.bytes();
}

/**
 * Returns the size of the objects in value columns in bytes: the known size of large entries, and
 * an estimate from a sample for the others.
 */
export function valueBytes(entries: Entries): number {
  let sum = entries.large.bytes;
  entries.spec.columns.forEach((spec, c) => {
    if (spec.kind === 'value') sum += sampleBytes(entries, entries.columns[c] as unknown[], spec.codec.sizeOf);
  });
  return sum;
}

/** Returns the bytes that the entries use: a share of the arrays, the values, and `stored`. */
export function occupiedBytes(entries: Entries): number {
  return entries.arrayBytes() * entries.usedShare + valueBytes(entries) + storedBytes(entries);
}

function sampleBytes(entries: Entries, column: readonly unknown[], sizeOf: (value: unknown) => number): number {
  const { size, large } = entries;
  if (size === 0) return 0;
  const step = Math.max(1, Math.floor(size / 32));
  let sum = 0;
  let n = 0;
  let found = 0;
  let foundBytes = 0;
  for (let slot = 0; slot < size; slot += step) {
    n++;
    if (column[slot] === null || large.has(slot)) continue;
    const bytes = sizeOf(column[slot]);
    if (bytes >= LARGE_BYTES) {
      found++;
      foundBytes += bytes;
    } else sum += bytes;
  }
  // A few large entries say nothing about the others. `findLarge` will find their number.
  return found * 4 < n ? (sum / n) * size + foundBytes : ((sum + foundBytes) / n) * size;
}

/** Returns the size of the objects of one entry in bytes. */
export function entryBytes(entries: Entries, slot: number): number {
  const { columns, large, spec } = entries;
  const known = large.has(slot);
  let sum = 0;
  for (let c = 0; c < columns.length; c++) {
    const column = spec.columns[c]!;
    if (column.kind !== 'value') continue;
    const value = (columns[c] as unknown[])[slot];
    if (value === null || value === undefined) continue;
    const { sizeOf, measure } = column.codec;
    sum += known && measure !== undefined ? measure(value) : sizeOf(value);
  }
  return sum;
}

/** Measures an entry exactly, and records it if it is large. Returns its bytes. */
export function measureEntry(entries: Entries, slot: number): number {
  const { columns, spec } = entries;
  let sum = 0;
  for (let c = 0; c < columns.length; c++) {
    const column = spec.columns[c]!;
    const value = column.kind === 'value' ? (columns[c] as unknown[])[slot] : null;
    if (column.kind !== 'value' || value === null || value === undefined) continue;
    sum += (column.codec.measure ?? column.codec.sizeOf)(value);
  }
  entries.large.set(slot, sum);
  return sum;
}

/**
 * Measures some entries and records the large ones. Successive calls visit all entries. An operator
 * changes values without a call, so the store has to look for large ones.
 */
export function findLarge(entries: Entries): void {
  if (!entries.spec.columns.some(({ kind }) => kind === 'value')) return;
  const { size, large } = entries;
  for (let n = Math.min(MEASURED, size); n > 0; n--) {
    if (entries.measured >= size) entries.measured = 0;
    const slot = entries.measured++;
    if (entryBytes(entries, slot) >= LARGE_BYTES || large.has(slot)) measureEntry(entries, slot);
  }
}
