/** More rows than a batch ever has. */
const UNLIMITED = 1 << 20;
/** The largest part of the cache's budget that the entries of one lookup should need. */
const PART = 1 / 4;

/**
 * The number of keys that may be looked up at once. A lookup reads all missing entries of a batch,
 * so a batch must have few rows while entries in the back end are large. The number falls when
 * large entries are evicted or read, and doubles with each batch that reads little.
 */
export class LookupLimit {
  rows = UNLIMITED;

  /** Called when entries leave for the back end. `largest`: the bytes of the largest. */
  evicted(largest: number, budgetBytes: number): void {
    if (largest > 0) this.rows = Math.max(1, Math.min(this.rows, Math.floor((budgetBytes * PART) / largest)));
  }

  /** Called after each batch, with the bytes that its lookups read. */
  batchRead(bytes: number, budgetBytes: number): void {
    const part = budgetBytes * PART;
    if (bytes > part) this.rows = Math.max(1, Math.min(this.rows, UNLIMITED >> 8) >> 1);
    else if (this.rows < UNLIMITED && bytes * 4 < part) this.rows = Math.min(UNLIMITED, this.rows * 2);
  }
}
