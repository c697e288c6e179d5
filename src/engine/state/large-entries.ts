/**
 * An entry with at least this many bytes is counted by itself. A sample of the entries would miss
 * it, or count it many times.
 */
export const LARGE_BYTES = 1 << 16;

/** The entries of a table with large values: their slots and bytes. */
export class LargeEntries {
  /** The bytes of all large entries. */
  bytes = 0;
  readonly #bytesOf = new Map<number, number>();

  get count(): number {
    return this.#bytesOf.size;
  }

  has(slot: number): boolean {
    return this.#bytesOf.has(slot);
  }

  of(slot: number): number {
    return this.#bytesOf.get(slot) ?? 0;
  }

  /** Records the size of an entry. A small entry is not kept. */
  set(slot: number, bytes: number): void {
    if (bytes < LARGE_BYTES) {
      this.delete(slot);
      return;
    }
    this.bytes += bytes - this.of(slot);
    this.#bytesOf.set(slot, bytes);
  }

  delete(slot: number): void {
    if (this.#bytesOf.size === 0) return;
    this.bytes -= this.of(slot);
    this.#bytesOf.delete(slot);
  }

  clear(): void {
    this.bytes = 0;
    this.#bytesOf.clear();
  }

  slots(): IterableIterator<number> {
    return this.#bytesOf.keys();
  }

  /** Returns the slot and the bytes of the largest entry, or null. */
  largest(): { readonly slot: number; readonly bytes: number } | null {
    let largest: { slot: number; bytes: number } | null = null;
    for (const [slot, bytes] of this.#bytesOf) if (largest === null || bytes > largest.bytes) largest = { slot, bytes };
    return largest;
  }
}
