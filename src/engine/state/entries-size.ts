import type { Entries } from './entries.ts';

/** Returns the size of `entries.stored` in bytes. */
export function storedBytes({ stored }: Entries): number {
  return stored === null ? 0 : stored.bytes();
}

/** Estimates the size of the objects in value columns from a sample, in bytes. */
export function valueBytes(entries: Entries): number {
  let sum = 0;
  entries.spec.columns.forEach((spec, c) => {
    if (spec.kind === 'value') sum += sampleBytes(entries.columns[c] as unknown[], entries.size, spec.codec.sizeOf);
  });
  return sum;
}

/** Returns the bytes that the entries use: a share of the arrays, the values, and `stored`. */
export function occupiedBytes(entries: Entries): number {
  return entries.arrayBytes() * entries.usedShare + valueBytes(entries) + storedBytes(entries);
}

function sampleBytes(column: readonly unknown[], size: number, sizeOf: (value: unknown) => number): number {
  if (size === 0) return 0;
  const step = Math.max(1, Math.floor(size / 32));
  let sum = 0;
  let n = 0;
  for (let slot = 0; slot < size; slot += step) {
    if (column[slot] !== null) sum += sizeOf(column[slot]);
    n++;
  }
  return (sum / n) * size;
}
