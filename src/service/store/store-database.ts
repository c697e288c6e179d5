/** One thing that the service knows. `kind` and `name` identify it. */
export interface StoreEntry {
  readonly kind: string;
  readonly name: string;
  /** JSON. */
  readonly content: string;
}

export type StoreWrite =
  /** Adds an entry after all others, or replaces the content of the entry in its place. */
  | { readonly put: StoreEntry }
  /** Does nothing if there is no such entry. */
  | { readonly remove: Pick<StoreEntry, 'kind' | 'name'> };

/**
 * The port to the database of the service. A simulation passes its own. The service reads all
 * entries when it starts, and writes afterwards.
 */
export interface StoreDatabase {
  /** The entries at the start, in the order in which they were added. */
  readonly entries: readonly StoreEntry[];
  /**
   * Writes all or nothing. The writes are durable when the method returns. Throws STATE_STORE if
   * they have not taken effect.
   */
  write(writes: readonly StoreWrite[]): void;
  /**
   * Whether only a restart shows if the last write has taken effect. No more writes are possible.
   */
  readonly inDoubt: boolean;
  close(): void;
}
