import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsText } from '../../../src/cli/output/size-text.ts';
import { estimate, type Probe } from '../../../src/cli/size/estimate.ts';

const MB = 2 ** 20;
const probe: Probe = {
  job: 'j',
  rows: 1_000_000,
  ms: 2000,
  cpuMs: 3000,
  eventMs: 100_000,
  stateFirstHalf: 40 * MB,
  stateSecondHalf: 42 * MB,
  entries: 1000,
  checkpointBytes: 20 * MB,
};

test('cores and room at a rate', () => {
  const { capacity, cores, tooFast } = estimate(probe, 10_000);
  assert.deepEqual([capacity, cores.toFixed(3), tooFast], [500_000, '0.030', false]);
  assert.equal(estimate(probe, 400_000).tooFast, true);
});

test('temporary state depends on the rows in a second of event time', () => {
  // The probe has 10,000 rows in each second of event time.
  assert.equal(estimate(probe, 10_000).steadyStateBytes, 42 * MB);
  assert.equal(estimate(probe, 20_000).steadyStateBytes, 84 * MB);
  assert.equal(estimate(probe, 100).steadyStateBytes, 42 * MB, 'fewer rows may be as many keys');
  assert.equal(estimate(probe, 20_000).growthPerDay, 0);
});

test('state that grew continues growing', () => {
  const { steadyStateBytes, growthPerDay, stateMemory } = estimate({ ...probe, stateSecondHalf: 80 * MB }, 1000);
  assert.equal(steadyStateBytes, null);
  // 40 MB in the second 500,000 rows
  assert.equal(Math.round(growthPerDay / MB), Math.round(80 * 86.4));
  assert.equal(stateMemory, 2048 * MB);
});

test('a job that waited for its rows can process more than came', () => {
  assert.equal(estimate(probe, 10_000).limit, 'speed');
  const waiting = estimate({ ...probe, rows: 1000, ms: 20_000, cpuMs: 200 }, 100);
  assert.deepEqual([waiting.limit, waiting.capacity, waiting.tooFast], ['arrival', 5000, false]);
  assert.match(
    needsText({ ...probe, rows: 1000, ms: 20_000, cpuMs: 200 }, waiting),
    /= 50 rows\/s, limited by the rate at which the rows arrived; .* 5,000 rows\/s/,
  );
  assert.match(needsText(probe, estimate(probe, 10)), /limited by the speed of the job/);
});
