import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RestartSurroundings, runWithRestarts } from '../../../src/cli/run-with-restarts.ts';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { EngineError } from '../../../src/core/engine-error.ts';
import type { Job } from '../../../src/engine/job/job.ts';
import { RestartStrategy } from '../../../src/service/restart-strategy.ts';

const failure = (code: 'CONNECTOR_READ' | 'FORMAT_VALUE'): EngineError => new EngineError(code, 'as expected', {});
const STRATEGY = { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.attempts': '2' };

/**
 * Runs jobs with the given ends: they fail before they are opened, fail while they run, or succeed.
 */
async function lives(
  ends: readonly ('open' | 'run' | 'bad' | 'well')[],
  settings: Readonly<Record<string, string>> = STRATEGY,
  more: Partial<RestartSurroundings> = {},
) {
  const log: string[] = [];
  let life = 0;
  const clock: Clock = {
    ...systemClock,
    sleep: async (ms) => {
      log.push(`waits ${ms}`);
    },
  };
  const result = runWithRestarts(new RestartStrategy(settings, () => 0.5, 'none'), {
    clock,
    stopping: new AbortController().signal,
    async open(again) {
      const end = ends[life++];
      log.push(again ? 'goes on' : 'begins');
      if (end === 'open') throw failure('CONNECTOR_READ');
      const run = async () => {
        if (end === 'run') throw failure('CONNECTOR_READ');
        if (end === 'bad') throw failure('FORMAT_VALUE');
        return { outcome: 'finished' };
      };
      return { run } as unknown as Job;
    },
    onOpened: () => log.push('opened'),
    onFailure: () => {},
    ...more,
  });
  const outcome = await result.then(
    (ended) => ended.outcome,
    (error: EngineError) => error.code,
  );
  return [...log, outcome];
}

test('a job that failed continues; one that was never opened begins', async () => {
  assert.deepEqual(await lives(['open', 'run', 'well']), [
    'begins',
    'waits 1000',
    'begins',
    'opened',
    'waits 1000',
    'goes on',
    'opened',
    'finished',
  ]);
});

test('the last failure is reported after all attempts; at once without a strategy or if it would occur again', async () => {
  assert.equal((await lives(['run', 'run', 'run'])).at(-1), 'CONNECTOR_READ');
  assert.deepEqual(await lives(['run'], {}), ['begins', 'opened', 'CONNECTOR_READ']);
  assert.deepEqual(await lives(['bad']), ['begins', 'opened', 'FORMAT_VALUE']);
});

test('a job that is being stopped is not started again', async () => {
  const stopping = new AbortController();
  const more = { stopping: stopping.signal, onFailure: () => stopping.abort() };
  assert.deepEqual(await lives(['run', 'well'], STRATEGY, more), ['begins', 'opened', 'waits 1000', 'CONNECTOR_READ']);
});
