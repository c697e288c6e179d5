import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, it } from 'node:test';
import { listFiles } from '../../../../src/connectors/filesystem/file-list.ts';

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-links-'));
  fs.mkdirSync(path.join(root, 'in'));
  fs.mkdirSync(path.join(root, 'out'));
  fs.writeFileSync(path.join(root, 'out/far.log'), '');
  fs.writeFileSync(path.join(root, 'in/near.log'), '');
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const link = (target: string, name: string): void => fs.symlinkSync(target, path.join(root, name));
const listed = (): readonly string[] =>
  listFiles(path.join(root, 'in')).map((file) => path.relative(path.join(root, 'in'), file));

it('a link in a directory stands for its target', () => {
  fs.mkdirSync(path.join(root, 'out/sub'));
  fs.writeFileSync(path.join(root, 'out/sub/b.log'), '');
  link('../out/far.log', 'in/a.log');
  link('../out/sub', 'in/sub');
  assert.deepEqual(listed(), ['a.log', 'near.log', 'sub/b.log']);
});

it('a link to a listed file is left out', () => {
  link('near.log', 'in/current.log');
  link('../out/far.log', 'in/one.log');
  link('../out/far.log', 'in/two.log');
  assert.deepEqual(listed(), ['near.log', 'one.log']);
});

it('a link without a target is left out, and a circle ends', () => {
  link('nothing', 'in/a.log');
  link('.', 'in/self');
  link('..', 'in/above');
  link('../out', 'in/other');
  link('../in', 'out/back');
  assert.deepEqual(listed(), ['near.log', 'other/far.log']);
});

it('the check of a link may refuse it', () => {
  link('../out/far.log', 'in/a.log');
  assert.throws(
    () =>
      listFiles(path.join(root, 'in'), (file) => {
        throw new Error(`outside: ${path.basename(file)}`);
      }),
    /outside: a\.log/,
  );
});
