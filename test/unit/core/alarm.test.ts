import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Alarm } from '../../../src/core/alarm.ts';
import { type Clock, systemClock } from '../../../src/core/clock.ts';

describe('alarm', () => {
  it('does not sleep for a negative time, about which Node prints a warning', () => {
    const slept: number[] = [];
    const clock: Clock = {
      ...systemClock,
      sleep: (ms) => {
        slept.push(ms);
        return Promise.resolve();
      },
    };
    const alarm = new Alarm(clock, () => {});
    alarm.set(-0.001);
    alarm.set(3);
    alarm.clear();
    assert.deepEqual(slept, [0, 3]);
  });
});
