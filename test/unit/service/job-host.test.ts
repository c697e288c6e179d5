import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemScheduler } from '../../../src/core/scheduler.ts';
import { type HostEnd, JobHost } from '../../../src/service/worker/job-host.ts';
import type { FromJob, JobSpec, ToJob } from '../../../src/service/worker/messages.ts';
import type { SharedThread, ThreadEnd } from '../../../src/service/worker/worker-thread.ts';

class FakeThread implements SharedThread {
  readonly sent: ToJob[] = [];
  readonly jobs = 2;
  run(): number {
    return 1;
  }
  send(_run: number, message: ToJob): void {
    this.sent.push(message);
  }
  terminate(): void {}
}

function host(): { readonly host: JobHost; readonly ends: HostEnd[]; readonly messages: FromJob[] } {
  const ends: HostEnd[] = [];
  const messages: FromJob[] = [];
  const spec = { id: 'job' } as unknown as JobSpec;
  const listener = { onMessage: (m: FromJob) => void messages.push(m), onEnd: (end: HostEnd) => void ends.push(end) };
  return { host: new JobHost(spec, new FakeThread(), listener, systemScheduler), ends, messages };
}

const gone = (caused: boolean, suspected: boolean): ThreadEnd => ({ message: 'out of luck', caused, suspected });
const failure = (message: string, opened: boolean) => ({ code: 'JOB_FAILED', message, opened });
const SHARED = 'the thread that the job shares with others ended: out of luck';

test('a job fails if it caused the end of its thread, and is displaced otherwise', () => {
  const results = [gone(true, true), gone(false, true), gone(false, false)].map((end) => {
    const { host: job, ends } = host();
    job.onMessage({ kind: 'opened', restoredFrom: null });
    job.onThreadEnd(end);
    return ends;
  });
  assert.deepEqual(results, [
    [{ kind: 'failed', failure: failure('out of luck', true) }],
    [{ kind: 'displaced', failure: failure(SHARED, true), alone: true }],
    [{ kind: 'displaced', failure: failure(SHARED, true), alone: false }],
  ]);
});

test('a canceled job is reported as canceled, regardless of how its thread ends', () => {
  const { host: job, ends } = host();
  job.stop('cancel');
  job.onThreadEnd(gone(true, true));
  assert.deepEqual(ends, [{ kind: 'canceled' }]);
});

test('a job that leaves a shared thread because of its heap is displaced into its own', () => {
  const { host: job, ends } = host();
  const left = { code: 'JOB_FAILED', message: 'full', opened: false, displaced: true } as const;
  job.onMessage({ kind: 'failed', failure: left });
  assert.deepEqual(ends, [{ kind: 'displaced', failure: left, alone: true }]);
});

test('questions to a job that ends are rejected', async () => {
  const { host: job } = host();
  const asked = job.savepoint('s');
  job.onThreadEnd(gone(false, false));
  await assert.rejects(asked, /does not run/);
});
