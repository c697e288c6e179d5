/** A longer name gets no suggestion, because the time grows with the square of the length. */
const WRITTEN_MAX = 128;

/**
 * Returns "did you mean `x`?" for the known name nearest to the written one. Returns undefined if
 * none is near.
 */
export function didYouMean(written: string, known: Iterable<string>): string | undefined {
  const near = nearest(written, known);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

/**
 * Returns the known name with the smallest edit distance. The distance is at most a third of the
 * length. A difference in case alone always counts as near.
 */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  if (written.length > WRITTEN_MAX) return undefined;
  const lower = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.floor(written.length / 3) + 1;
  for (const name of known) {
    const distance = editDistance(lower, name.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Returns the edit distance: insertions, deletions, replacements and swaps of neighbors. Returns
 * `limit` as soon as the distance reaches it.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    before = previous;
    previous = current;
  }
  return Math.min(previous[b.length]!, limit);
}
