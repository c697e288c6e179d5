/**
 * A model of the array in java.util.PriorityQueue. It follows the documentation and the results of
 * that class. The array is a binary heap: a parent is never larger than its children. If several
 * entries compare equal, the steps below decide which one comes first. No function changes the
 * array that it is given.
 */
export type Compare<T> = (a: T, b: T) => number;

/** Adds an entry at the end. Then exchanges it with its parent while the parent is larger. */
export function enqueue<T>(queue: readonly T[], entry: T, compare: Compare<T>): T[] {
  const heap = [...queue, entry];
  let at = heap.length - 1;
  while (at > 0) {
    const parent = Math.floor((at - 1) / 2);
    if (compare(heap[parent]!, entry) <= 0) break;
    exchange(heap, at, parent);
    at = parent;
  }
  return heap;
}

/** Returns the first entry and the remaining heap. The last entry moves to the top and sinks. */
export function dequeue<T>(queue: readonly T[], compare: Compare<T>): [T, T[]] {
  const rest = queue.slice(0, -1);
  if (rest.length === 0) return [queue[0]!, rest];
  rest[0] = queue.at(-1)!;
  sink(rest, 0, compare);
  return [queue[0]!, rest];
}

/**
 * Removes the entries that `leaves` selects. Then makes a heap of the rest, from the last parent to
 * the first. Returns the queue itself if it removes no entry.
 */
export function without<T>(queue: readonly T[], leaves: (entry: T) => boolean, compare: Compare<T>): readonly T[] {
  const rest = queue.filter((entry) => !leaves(entry));
  if (rest.length === queue.length) return queue;
  for (let at = Math.floor(rest.length / 2) - 1; at >= 0; at--) sink(rest, at, compare);
  return rest;
}

/**
 * Exchanges an entry with its smaller child while that child is smaller than the entry. If both
 * children are equal, it takes the left one.
 */
function sink<T>(heap: T[], from: number, compare: Compare<T>): void {
  for (let at = from; 2 * at + 1 < heap.length; ) {
    const left = 2 * at + 1;
    const right = left + 1;
    const child = right < heap.length && compare(heap[right]!, heap[left]!) < 0 ? right : left;
    if (compare(heap[at]!, heap[child]!) <= 0) return;
    exchange(heap, at, child);
    at = child;
  }
}

function exchange<T>(heap: T[], a: number, b: number): void {
  [heap[a], heap[b]] = [heap[b]!, heap[a]!];
}
