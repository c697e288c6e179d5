/** The number of buckets of Java's `HashSet` with few elements. */
const BUCKETS = 16;

/**
 * Returns whether Flink, when a row connects two sessions of a key, adds the earlier session to the
 * later one. The order of the values in LISTAGG depends on it. Flink takes the first of the two
 * windows in a `HashSet` (`SessionWindowAssigner.mergeWindows`, `MergingWindowSet.addWindow`).
 * Times are local, in milliseconds.
 */
export function isLaterFirst(earlier: SessionSpan, later: SessionSpan): boolean {
  // Flink puts the later window into the set first, so it is first in an equal bucket.
  return bucketOf(later) <= bucketOf(earlier);
}

export interface SessionSpan {
  readonly start: number;
  readonly end: number;
}

function bucketOf(span: SessionSpan): number {
  const hash = hashOf(span);
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}

/** `TimeWindow.hashCode` of Flink's table runtime: arithmetic modulo 2^32. */
function hashOf({ start, end }: SessionSpan): number {
  return (low(start) + inverse(((low(end) << 1) | 0) + 1)) | 0;
}

/** The lowest 32 bits of a 64-bit integer. */
const low = (value: number): number => Number(BigInt.asIntN(32, BigInt(value)));

/** The inverse of an odd number modulo 2^32, by Newton's method. */
function inverse(x: number): number {
  let y = Math.imul(Math.imul(x, x), x);
  for (let i = 0; i < 3; i++) y = Math.imul(y, 2 - Math.imul(x, y));
  return y;
}
