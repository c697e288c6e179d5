import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PartialMatch } from '../../../../src/engine/match/partial-match.ts';
import { compareStarts, offer, poll, removeStartedBy } from '../../../../src/engine/match/start-order-heap.ts';
import { NfaState } from '../../../../src/plan/nfa/nfa.ts';

const state = new NfaState(0, 'a', 'normal', 0);
const started = (time: number, sequence = 0): PartialMatch => ({
  state,
  path: null,
  start: { time, sequence, values: [] },
});
const START: PartialMatch = { state, path: null, start: null };

function heapOf(entries: readonly PartialMatch[]): PartialMatch[] {
  const heap: PartialMatch[] = [];
  for (const entry of entries) offer(heap, entry);
  return heap;
}

test('entries come out by time, then sequence, the start that always stays last', () => {
  const heap = heapOf([START, started(2, 1), started(1), started(2, 0)]);
  const order = Array.from({ length: 4 }, () => poll(heap).start);
  assert.deepEqual(
    order.map((start) => start && [start.time, start.sequence]),
    [[1, 0], [2, 0], [2, 1], null],
  );
});

test('returns the first of equal entries first, then the last, the last but one …, as java.util.PriorityQueue does', () => {
  const entries = Array.from({ length: 5 }, () => started(1));
  const heap = heapOf(entries);
  assert.deepEqual(heap, entries);
  assert.deepEqual(
    Array.from({ length: 5 }, () => entries.indexOf(poll(heap))),
    [0, 4, 3, 2, 1],
  );
});

test('a removal keeps the others in the order of their array before it is a heap again', () => {
  const [a, b, c, d, e] = [started(1), started(3), started(2), started(5), started(4)] as const;
  const heap = heapOf([a, b, c, d, e]);
  removeStartedBy(heap, 1, 0, true);
  assert.deepEqual(heap, [c, b, d, e]);
  removeStartedBy(heap, 3, 0, false);
  assert.deepEqual(new Set(heap), new Set([b, d, e]));
});

test('a heap built again from its own array is that array', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (times) => {
      const heap = heapOf(times.map((time) => started(time)));
      assert.deepEqual(heapOf(heap), heap);
      for (let i = 1; i < heap.length; i++) assert.ok(compareStarts(heap[(i - 1) >>> 1]!, heap[i]!) <= 0);
    }),
  );
});
