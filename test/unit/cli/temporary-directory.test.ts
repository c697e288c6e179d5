import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { namespaceHere, removeWorthless, temporaryDirectory } from '../../../src/cli/temporary-directory.ts';

test('a directory that the disk does not let go of stays, and is named', ({ mock }) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-stays-'));
  const refused = mock.method(fs, 'rmSync', () => {
    throw new Error('no space left on device');
  });
  const said = mock.method(process.stderr, 'write', () => true);
  removeWorthless(directory);
  said.mock.restore();
  refused.mock.restore();
  assert.deepEqual(said.mock.calls[0]?.arguments, [`warning: ${directory} stays behind: no space left on device\n`]);
  removeWorthless(directory);
  assert.ok(!fs.existsSync(directory));
});

test('files of killed processes are removed, files of living processes are kept', () => {
  const here = namespaceHere();
  const [dead, living] = [`sequitur-run-${2 ** 22 + 1}-${here}-x`, `sequitur-run-${process.ppid}-${here}-x`].map(
    (name) => path.join(os.tmpdir(), name),
  );
  fs.mkdirSync(dead!);
  fs.mkdirSync(living!);
  const made = temporaryDirectory();
  assert.deepEqual(
    [dead!, living!, made].map((name) => fs.existsSync(name)),
    [false, true, true],
  );
  fs.rmdirSync(living!);
});

test('files of processes in another namespace are kept, because their process ids mean nothing here', () => {
  const other = path.join(os.tmpdir(), `sequitur-run-${2 ** 22 + 1}-00000000-x`);
  fs.mkdirSync(other, { recursive: true });
  temporaryDirectory();
  assert.ok(fs.existsSync(other));
  fs.rmdirSync(other);
});
