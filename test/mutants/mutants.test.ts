import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { MUTANTS } from './mutants.ts';

test('each deliberate fault applies to one place of the source', () => {
  const root = path.join(import.meta.dirname, '../..');
  const missing = MUTANTS.filter(
    ({ file, from }) => fs.readFileSync(path.join(root, file), 'utf8').split(from).length !== 2,
  );
  assert.deepEqual(
    missing.map(({ name, file }) => `${name} (${file})`),
    [],
  );
});
