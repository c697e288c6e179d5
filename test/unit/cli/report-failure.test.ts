import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showProgress } from '../../../src/cli/output/progress.ts';
import { reportFailure } from '../../../src/cli/output/report-failure.ts';
import { EngineError } from '../../../src/core/engine-error.ts';

test('a failure does not continue the line of progress', (t) => {
  const written: string[] = [];
  const isTerminal = process.stderr.isTTY;
  process.stderr.isTTY = true;
  t.after(() => {
    process.stderr.isTTY = isTerminal;
  });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  t.mock.timers.enable({ apis: ['setInterval'] });
  t.mock.method(process.stderr, 'write', (text: unknown) => written.push(String(text)) > 0);
  const stop = showProgress(() => []);
  now = 2000;
  t.mock.timers.tick(300);
  const before = written.length;
  reportFailure(new EngineError('CONNECTOR_READ', 'no such file', {}), 'job a: ');
  stop();
  assert.ok(before > 0, 'there is a line of progress');
  assert.deepEqual(written.slice(before, before + 2), ['\r\u001b[K', 'job a: error[CONNECTOR_READ]: no such file\n']);
});
