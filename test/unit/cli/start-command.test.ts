/**
 * Tests `sequitur start` against a service of plain data: the exit code says whether the job runs.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCommand } from '../../../src/cli/commands/jobs.ts';
import type { JobState } from '../../../src/service/service-api.ts';
import { FakeService, fakeJob } from '../../support/fake-service.ts';
import { startApp } from '../../support/http-client.ts';

for (const savepoint of [undefined, 's1']) {
  for (const [state, code] of [
    ['RUNNING', 0],
    ['FINISHED', 0],
    ['SUSPENDED', 1],
    ['FAILED', 1],
  ] as const satisfies readonly [JobState, number][]) {
    test(`a start${savepoint === undefined ? '' : ' from a savepoint'} that leaves the job ${state} gives ${code}`, async (t) => {
      const service = new FakeService();
      service.list.push(fakeJob('job', { state }));
      await using app = await startApp(service);
      const written: string[] = [];
      const record = (text: unknown): boolean => written.push(String(text)) > 0;
      t.mock.method(process.stdout, 'write', record);
      t.mock.method(process.stderr, 'write', record);
      const result = await startCommand('job', {
        url: app.url,
        json: true,
        ...(savepoint === undefined ? {} : { savepoint }),
      });
      t.mock.restoreAll();
      assert.equal(result, code);
      assert.equal(written.join('').includes(`error[JOB_NOT_RUNNING]: the job job is ${state}`), code === 1);
    });
  }
}
