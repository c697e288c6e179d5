import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { send } from '../support/http-client.ts';
import { until } from '../support/service-fixture.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(ROOT, 'src/cli/main.ts');
const JOBS = 13;
const RSS_MAX = 400 * 1024 ** 2;

test('the jobs of the demo run in 400 MB with the default state.memory', {
  skip: process.platform !== 'linux',
  timeout: 300_000,
}, async (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-demo-'));
  const flags = ['serve', '--demo', '--port', '0', '--data-dir', directory, '--patterns', path.join(ROOT, 'patterns')];
  const service = spawn(process.execPath, [CLI, ...flags], { cwd: directory });
  t.after(() => {
    service.kill('SIGKILL');
    fs.rmSync(directory, { recursive: true, force: true });
  });
  let out = '';
  service.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  service.stderr.resume();
  const portOf = (): number => Number(/running at http:\S+:(\d+)\n/.exec(out)?.[1] ?? 0);
  await until('the address', () => portOf() > 0);
  const runningJobs = async (): Promise<number> =>
    ((await send(portOf(), 'GET', '/health')).json() as { jobs: { RUNNING: number } }).jobs.RUNNING;
  let running = 0;
  for (let waited = 0; running < JOBS && waited < 300; waited++) {
    running = await runningJobs();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.ok(running >= JOBS, `${running} jobs run`);
  // The thread of the golden cases ends, and the data of the demo have been played once.
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  const status = fs.readFileSync(`/proc/${service.pid}/status`, 'utf8');
  const bytesOf = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)![1]) * 1024;
  t.diagnostic(`${running} jobs: ${bytesOf('VmRSS') >> 20} MB, at most ${bytesOf('VmHWM') >> 20} MB`);
  assert.ok(bytesOf('VmRSS') <= RSS_MAX, `${bytesOf('VmRSS') >> 20} MB`);
});
