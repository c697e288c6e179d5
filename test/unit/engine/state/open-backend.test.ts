import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import { openBackend } from '../../../../src/engine/state/open-backend.ts';

test('live state that a dead process left is never used again', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'open-backend-'));
  fs.writeFileSync(path.join(directory, '000001.sst'), 'of another life');
  let found: readonly string[] | null = null;
  const openFiles = async (place: string) => {
    found = fs.existsSync(place) ? fs.readdirSync(place) : [];
    return new MemoryBackend();
  };
  await openBackend({ backend: 'rocksdb', memoryBytes: 1 << 20, directory, openFiles }, null);
  assert.deepEqual(found, []);
  fs.rmSync(directory, { recursive: true, force: true });
});
