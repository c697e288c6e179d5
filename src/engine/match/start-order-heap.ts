import type { KeptRow } from './partial-match.ts';

/** A partial or complete match. `start`: its first row; null only in the permanent start. */
interface Started {
  readonly start: KeptRow | null;
}

/**
 * A binary heap of partial matches by their first row: time, then sequence. The permanent start is
 * last. The sift steps determine the order among equal starts. This order decides which of several
 * matches survives an AFTER MATCH clause, and in which order they are emitted. So the steps are
 * those of java.util.PriorityQueue, which Flink uses: sift up stops at the first parent that is not
 * larger, sift down prefers the left child of equal children, a bulk removal keeps the array's
 * order and then heapifies from the middle down.
 */
export function compareStarts(a: Started, b: Started): number {
  if (a.start === null) return b.start === null ? 0 : 1;
  if (b.start === null) return -1;
  return a.start.time - b.start.time || a.start.sequence - b.start.sequence;
}

export function offer<Entry extends Started>(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    const above = heap[parent]!;
    if (compareStarts(entry, above) >= 0) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

/** Removes and returns the first entry of a heap that has one. */
export function poll<Entry extends Started>(heap: Entry[]): Entry {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length > 0) siftDown(heap, 0, last);
  return first;
}

/**
 * Removes and returns the entries whose first row is before the given row (`inclusive`: or is this
 * row).
 */
export function removeStartedBy<Entry extends Started>(
  heap: Entry[],
  time: number,
  sequence: number,
  inclusive: boolean,
): Entry[] {
  const removed: Entry[] = [];
  const first = heap[0]?.start ?? null;
  if (first === null) return removed;
  const firstOrder = first.time - time || first.sequence - sequence;
  if (firstOrder > 0 || (firstOrder === 0 && !inclusive)) return removed;
  let kept = 0;
  for (let i = 0; i < heap.length; i++) {
    const entry = heap[i]!;
    const start = entry.start;
    if (start !== null) {
      const order = start.time - time || start.sequence - sequence;
      if (order < 0 || (inclusive && order === 0)) {
        removed.push(entry);
        continue;
      }
    }
    heap[kept++] = entry;
  }
  if (kept === heap.length) return removed;
  heap.length = kept;
  for (let i = (kept >>> 1) - 1; i >= 0; i--) siftDown(heap, i, heap[i]!);
  return removed;
}

function siftDown<Entry extends Started>(heap: Entry[], from: number, entry: Entry): void {
  const size = heap.length;
  const half = size >>> 1;
  let at = from;
  while (at < half) {
    let child = 2 * at + 1;
    const right = child + 1;
    if (right < size && compareStarts(heap[child]!, heap[right]!) > 0) child = right;
    if (compareStarts(entry, heap[child]!) <= 0) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = entry;
}
