import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { LAUNCHER, withLauncher } from '../../scripts/launcher.ts';
import { limitMessage } from '../../src/cli/process-limits.ts';

const CLI = path.join(import.meta.dirname, '../../src/cli/main.ts');

/** Runs the command line in a shell with a limit. */
function run(limit: string, ...args: readonly string[]): { code: number | null; err: string } {
  const { status, stderr } = spawnSync('sh', ['-c', `${limit}; exec "$0" "$@"`, ...args], { encoding: 'utf8' });
  return { code: status, err: stderr };
}

it('says which limit of the system is too low, with one line and exit code 2', () => {
  const cases: readonly (readonly [limit: string, message: RegExp, command: string])[] = [
    ['ulimit -n 30', /may open 30 files, but needs at least 40 file descriptors/, '--version'],
    ['ulimit -n 200', /may open 200 files, but needs at least 640 file descriptors/, 'serve'],
    ['ulimit -v 8000000', /may use 7\.6 GB of virtual memory, but V8 reserves up to 64\.0 GB/, 'serve'],
  ];
  for (const [limit, message, command] of cases) {
    const { code, err } = run(limit, process.execPath, CLI, command);
    assert.equal(code, 2, `${limit}: ${err}`);
    assert.match(err, /^error\[CONFIG_PROCESS_LIMIT\]: .*\n$/);
    assert.match(err, message);
  }
  assert.equal(run('ulimit -n 64', process.execPath, CLI, '--version').code, 0);
});

it('says so in the built program even where Node cannot start', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-launcher-'));
  try {
    const program = path.join(folder, 'program.mjs');
    fs.writeFileSync(program, withLauncher('#!/usr/bin/env node\nconsole.error(process.argv.length);\n'), {
      mode: 0o755,
    });
    fs.symlinkSync(process.execPath, path.join(folder, 'node'));
    const path_ = `PATH=${folder}:$PATH`;
    assert.deepEqual(run(path_, program, 'a b', 'c'), { code: 0, err: '4\n' });
    for (const limit of ['ulimit -n 20', 'ulimit -v 100000', 'ulimit -v 1000000']) {
      const { code, err } = run(`${path_}; ${limit}`, program);
      assert.equal(code, 2, err);
      assert.match(
        err,
        /^error\[CONFIG_PROCESS_LIMIT\]: the limit of .* is \d+, but at least \d+ is needed; raise it\n$/,
      );
    }
    assert.equal(LAUNCHER.split('\n').length, 3);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

it('bounds the young generation of the built service, so that its memory levels off', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-launcher-'));
  try {
    const program = path.join(folder, 'program.mjs');
    fs.writeFileSync(program, withLauncher('#!/usr/bin/env node\nconsole.error(process.execArgv.join());\n'), {
      mode: 0o755,
    });
    fs.symlinkSync(process.execPath, path.join(folder, 'node'));
    const path_ = `PATH=${folder}:$PATH`;
    assert.deepEqual(run(path_, program, 'serve', '--demo'), { code: 0, err: '--max-semi-space-size=8\n' });
    assert.deepEqual(run(path_, program, 'run', 'x.sql'), { code: 0, err: '\n' });
    assert.deepEqual(run(path_, program), { code: 0, err: '\n' });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

it('needs less address space for the built service than for one that runs from sources', () => {
  const limits = (gigabytes: number): string => `Max address space         ${gigabytes * 2 ** 30} unlimited bytes\n`;
  assert.match(
    limitMessage('serve', limits(7), false)!,
    /may use 7\.0 GB of virtual memory, but V8 reserves up to 8\.0 GB/,
  );
  assert.equal(limitMessage('serve', limits(8), false), null);
  assert.match(limitMessage('serve', limits(8), true)!, /up to 64\.0 GB/);
});

it('accepts limits that are not set, and systems without the file', () => {
  assert.equal(limitMessage('serve', ''), null);
  assert.equal(
    limitMessage('serve', 'Max address space         unlimited            unlimited            bytes\n'),
    null,
  );
});
