/**
 * `npm test`: every test file with node:test, two at a time. Extra arguments choose files:
 * `npm test -- test/unit/plan`.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const chosen = process.argv.slice(2);
const files = (chosen.length > 0 ? chosen : ['test']).flatMap((start) => testFiles(path.resolve(root, start)));
const run = spawnSync(
  process.execPath,
  [
    '--test',
    '--test-concurrency=2',
    '--test-reporter=dot',
    '--test-reporter-destination=stderr',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  },
);
// Only the failures and the totals of the full report are printed.
const failures = run.stdout.indexOf('failing tests:');
if (failures >= 0) process.stdout.write(`\n${run.stdout.slice(failures)}`);
for (const line of run.stdout.split('\n'))
  if (/^ℹ (tests|pass|fail|skipped|todo|duration_ms)/.test(line)) console.log(line.slice(2));
process.exitCode = run.status ?? 1;

function testFiles(start: string): string[] {
  if (start.endsWith('.test.ts')) return [start];
  return fs
    .readdirSync(start, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.test.ts'))
    .map((e) => path.join(e.parentPath, e.name))
    .sort();
}
