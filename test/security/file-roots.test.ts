import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { rootedPath } from '../../src/connectors/rooted-path.ts';

test('paths outside of the roots are refused in any notation', (t) => {
  const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-roots-')));
  t.after(() => fs.rmSync(base, { recursive: true }));
  const root = path.join(base, 'root');
  fs.mkdirSync(path.join(root, 'in'), { recursive: true });
  fs.mkdirSync(path.join(base, 'root-beside'));
  fs.writeFileSync(path.join(base, 'secret.jsonl'), '{}\n');
  fs.symlinkSync(base, path.join(root, 'link'));
  fs.symlinkSync(path.join(base, 'secret.jsonl'), path.join(root, 'link.jsonl'));
  fs.symlinkSync('/etc', path.join(root, 'in', 'etc'));
  fs.symlinkSync(path.join(base, 'not-there-yet'), path.join(root, 'dangling'));
  const context = { baseDirectory: root, roots: [root] };

  for (const written of [
    '../secret.jsonl',
    'in/../../secret.jsonl',
    '/etc/passwd',
    `${base}/secret.jsonl`,
    '../root-beside/x.jsonl',
    `${root}/../root-beside`,
    'link/secret.jsonl',
    'link.jsonl',
    'link/new-file.jsonl',
    'in/etc/passwd',
    'dangling',
    'dangling/x.jsonl',
    'file:///etc/passwd',
    `file://${root}/%2e%2e/secret.jsonl`,
    `file://${root}/..%2fsecret.jsonl`,
    'file:///etc/pass%00wd',
    'in/a\0b',
    '\0/etc/passwd',
  ]) {
    assert.throws(() => rootedPath(written, context), { code: 'CONNECTOR_PATH' }, JSON.stringify(written));
  }
  for (const written of ['in/a.jsonl', './new/deep/a.jsonl', `${root}/a.jsonl`, 'in/..', `file://${root}/a.jsonl`]) {
    assert.ok(rootedPath(written, context).startsWith(root), written);
  }
});
