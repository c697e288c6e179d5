import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

const root = path.join(import.meta.dirname, '../../..');

it('names a file for each term, and each term once', () => {
  const page = fs.readFileSync(path.join(root, 'docs/glossary.md'), 'utf8');
  const rows = [...page.matchAll(/^\| ([^|]+?) \| .+? \| `([^`]+)` \|$/gm)].map(([, term, file]) => ({ term, file }));
  assert.ok(rows.length > 60, `${rows.length} terms`);
  assert.deepEqual(
    rows.filter(({ file }) => !fs.existsSync(path.join(root, file!))),
    [],
  );
  assert.equal(new Set(rows.map(({ term }) => term)).size, rows.length);
});
