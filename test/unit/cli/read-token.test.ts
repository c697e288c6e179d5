import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readToken } from '../../../src/cli/read-token.ts';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-token-'));
after(() => fs.rmSync(directory, { recursive: true }));

function tokenFile(mode: number, text = 'secret\n'): string {
  const file = path.join(directory, `token-${mode.toString(8)}`);
  fs.writeFileSync(file, text);
  fs.chmodSync(file, mode);
  return file;
}

test('reads a token that only its owner can read', () => {
  assert.equal(readToken(tokenFile(0o600)), 'secret');
  assert.equal(readToken(tokenFile(0o400)), 'secret');
});

test('refuses a file that other users can read or write', () => {
  for (const mode of [0o604, 0o644, 0o602, 0o620, 0o660, 0o444])
    assert.throws(() => readToken(tokenFile(mode)), /can be read by others; make it private: chmod 600/);
});

// A Secret of Kubernetes with `fsGroup`, and a credential of systemd, have this mode.
test('the group may read a file of root', () => {
  const file = tokenFile(0o440);
  if (process.getuid!() === 0) assert.equal(readToken(file), 'secret');
  else assert.throws(() => readToken(file), /can be read by others/);
});

test('refuses an empty file and an absent one', () => {
  assert.throws(() => readToken(tokenFile(0o600, '\n')), /is empty/);
  assert.throws(() => readToken(path.join(directory, 'absent')), /cannot read .*absent/);
});
