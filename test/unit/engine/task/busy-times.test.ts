import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GraphNode } from '../../../../src/engine/graph/graph-node.ts';
import { BusyTimes } from '../../../../src/engine/task/busy-times.ts';

const node = (): GraphNode => ({ busyMs: 0, backPressuredMs: 0 }) as GraphNode;

test('the shares of the last seconds (busy, waiting for later operators, idle) add up', () => {
  const [source, aggregate] = [node(), node()];
  const times = new BusyTimes([source, aggregate]);
  times.sample(0);
  assert.equal(times.shares(), null);
  source.busyMs += 200;
  source.backPressuredMs += 700;
  aggregate.busyMs += 700;
  times.sample(500);
  assert.equal(times.shares(), null, 'looks once a second');
  times.sample(1000);
  assert.deepEqual(times.shares(), [
    { busyMsPerSecond: 200, backPressuredMsPerSecond: 700, idleMsPerSecond: 100 },
    { busyMsPerSecond: 700, backPressuredMsPerSecond: 0, idleMsPerSecond: 300 },
  ]);
});

test('old times no longer count', () => {
  const one = node();
  const times = new BusyTimes([one]);
  times.sample(0);
  one.busyMs += 1000;
  for (let at = 1000; at <= 10_000; at += 1000) times.sample(at);
  assert.deepEqual(times.shares(), [{ busyMsPerSecond: 0, backPressuredMsPerSecond: 0, idleMsPerSecond: 1000 }]);
});
