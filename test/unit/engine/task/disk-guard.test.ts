import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineError } from '../../../../src/core/engine-error.ts';
import { DiskGuard } from '../../../../src/engine/task/disk-guard.ts';

const MB = 1048576;

/**
 * Creates a guard with a clock that only sleeping moves, and with a disk whose free space is a
 * function of that time.
 */
function guard(freeMbAt: (ms: number) => number, stopped = () => false) {
  let now = 0;
  const low: number[] = [];
  const clock = {
    now: () => now,
    monotonicMs: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const disk = new DiskGuard({
    clock,
    freeBytes: async () => freeMbAt(now) * MB,
    lowWaterBytes: 256 * MB,
    entries: () => ({ 'alerts.match, matches': 1_234_567, 'alerts.match, deadlines': 12 }),
    onLow: (bytes) => low.push(bytes / MB),
    stopped,
  });
  return { disk, low, time: () => now, at: (ms: number) => disk.check(ms) };
}

test('checks at most once a second, and does not wait while there is space', async () => {
  let looks = 0;
  const { at, low } = guard(() => {
    looks++;
    return 1000;
  });
  for (const ms of [0, 10, 500, 999, 1000, 1001]) await at(ms);
  assert.equal(looks, 2);
  assert.deepEqual(low, []);
});

test('waits for space, reports that once, and continues when there is space', async () => {
  const { at, low, time } = guard((ms) => (ms < 5000 ? 100 : 300));
  await at(0);
  assert.equal(time(), 5000);
  assert.deepEqual(low, [100]);
});

test('fails after half a minute, with the figures and the largest state', async () => {
  const { at, time } = guard(() => 100);
  await assert.rejects(
    async () => at(0),
    (error) =>
      error instanceof EngineError &&
      error.code === 'STATE_DISK' &&
      error.message ===
        'only 100 MB are free on the disk of the state; state.disk.low-water-mark is 256 MB; the largest table is alerts.match, matches with 1234567 entries',
  );
  assert.equal(time(), 30_000);
});

test('a job that is asked to stop does not wait', async () => {
  const { at, time } = guard(
    () => 100,
    () => true,
  );
  await at(0);
  assert.equal(time(), 0);
});
