/** The entry exists. Without this flag, the slot only has a key. */
export const EXISTS = 1;
/** The entry differs from the back end, because it was written or removed. */
export const DIRTY = 2;
/** The back end may have an entry with this key. */
export const STORED = 4;
/** The entry was used since the eviction hand last passed. */
export const USED = 8;
/** The slot is free. */
export const FREE = 16;
/** The eviction hand has chosen the slot, and it will be released. */
export const EVICTING = 32;
