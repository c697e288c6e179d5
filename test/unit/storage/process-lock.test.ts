import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ProcessLock } from '../../../src/storage/local/process-lock.ts';

test('a lock whose file cannot be removed has no owner', ({ mock }) => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-lock-')), 'lock');
  const lock = new ProcessLock(file);
  lock.acquire('it');
  assert.throws(() => new ProcessLock(file).acquire('it'), { code: 'JOB_LOCKED' });
  const refused = mock.method(fs, 'rmSync', () => {
    throw new Error('no space left on device');
  });
  lock.release();
  refused.mock.restore();
  assert.ok(fs.existsSync(file));
  const next = new ProcessLock(file);
  next.acquire('it');
  next.release();
  assert.ok(!fs.existsSync(file));
});
