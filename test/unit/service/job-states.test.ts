import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isActive, JOB_STATES, type JobEventName } from '../../../src/service/job-states.ts';
import { RestartStrategy } from '../../../src/service/restart-strategy.ts';
import type { JobState } from '../../../src/service/service-api.ts';

const states = Object.keys(JOB_STATES) as JobState[];

describe('job states', () => {
  it('lets a job that has ended only be started again', () => {
    for (const state of states.filter((s) => !isActive(s))) {
      for (const [event, next] of Object.entries(JOB_STATES[state])) {
        assert.equal(next, event === 'start' ? 'CREATED' : null, `${state} ${event}`);
      }
    }
  });

  it('can end every active job in every way', () => {
    const ends: Record<string, JobState> = {
      'gave-up': 'FAILED',
      stopped: 'SUSPENDED',
      canceled: 'CANCELED',
      finished: 'FINISHED',
    };
    for (const state of states.filter(isActive)) {
      for (const [event, end] of Object.entries(ends)) assert.equal(JOB_STATES[state][event as JobEventName], end);
      assert.equal(JOB_STATES[state].failed, 'RESTARTING');
    }
  });
});

describe('restart strategy', () => {
  const delays = (
    settings: Record<string, string>,
    code: 'CONNECTOR_READ' | 'EXPRESSION_FAILED' | 'JOB_FAILED',
    n: number,
  ) => {
    const strategy = new RestartStrategy(settings, () => 0.5);
    return Array.from({ length: n }, (_, i) => strategy.next(code, i * 10));
  };

  it('waits longer each time, up to a minute, by default', () => {
    const waits = delays({}, 'CONNECTOR_READ', 14) as number[];
    assert.deepEqual(waits.slice(0, 3), [1000, 1500, 2250]);
    assert.equal(waits.at(-1), 60_000);
  });

  it('spreads the waits by the jitter and never exceeds the longest', () => {
    const high = new RestartStrategy({}, () => 1);
    assert.equal(high.next('CONNECTOR_READ', 0), 1100);
    const low = new RestartStrategy({}, () => 0);
    assert.equal(low.next('CONNECTOR_READ', 0), 900);
  });

  it('start again after a long time without failure', () => {
    const strategy = new RestartStrategy({}, () => 0.5);
    assert.deepEqual([strategy.next('JOB_FAILED', 0), strategy.next('JOB_FAILED', 10)], [1000, 1500]);
    assert.equal(strategy.next('JOB_FAILED', 4_000_000), 1000);
  });

  it('fails at once if a retry cannot help', () => {
    assert.deepEqual(delays({}, 'EXPRESSION_FAILED', 1), [null]);
  });

  it('counts attempts with a fixed delay, and failures in an interval', () => {
    const fixed = {
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': '2',
      'restart-strategy.fixed-delay.delay': '3 s',
    };
    assert.deepEqual(delays(fixed, 'CONNECTOR_READ', 3), [3000, 3000, null]);
    const rate = {
      'restart-strategy.type': 'failure-rate',
      'restart-strategy.failure-rate.max-failures-per-interval': '2',
    };
    assert.deepEqual(delays(rate, 'CONNECTOR_READ', 3), [1000, 1000, null]);
    assert.deepEqual(delays({ 'restart-strategy.type': 'none' }, 'CONNECTOR_READ', 1), [null]);
  });
});
