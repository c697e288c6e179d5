import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { REFERENCE_PAGES } from '../../../scripts/generate-reference.ts';

const docs = path.join(import.meta.dirname, '../../../docs');

for (const [name, make] of Object.entries(REFERENCE_PAGES)) {
  it(`docs/${name} is up to date (node scripts/generate-reference.ts)`, async () => {
    assert.equal(fs.readFileSync(path.join(docs, name), 'utf8'), await make());
  });
}
