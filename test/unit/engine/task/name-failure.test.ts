import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { EngineError } from '../../../../src/core/engine-error.ts';
import { namingFailure } from '../../../../src/engine/task/name-failure.ts';

test('errors of the operating system get a code; other errors do not change', async () => {
  const open = async (): Promise<Buffer> => fs.promises.readFile('/nowhere/at/all');
  await assert.rejects(namingFailure('CHECKPOINT_STORE', 'no checkpoints', open), {
    code: 'CHECKPOINT_STORE',
    message: /^no checkpoints: ENOENT/,
  });
  const own = new EngineError('JOB_LOCKED', 'taken', {});
  await assert.rejects(
    namingFailure('CHECKPOINT_STORE', 'x', () => Promise.reject(own)),
    own,
  );
  const bug = new TypeError('a bug');
  await assert.rejects(
    namingFailure('CHECKPOINT_STORE', 'x', () => Promise.reject(bug)),
    bug,
  );
  assert.equal(await namingFailure('CHECKPOINT_STORE', 'x', async () => 1), 1);
});
