import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { CHAPTERS } from '../../../scripts/cookbook/recipes.ts';
import { cookbookPage } from '../../../scripts/generate-cookbook.ts';
import { loadCase } from '../../../src/service/golden/golden-case.ts';

const root = path.join(import.meta.dirname, '../../..');

it('docs/cookbook.md is up to date (node scripts/generate-cookbook.ts)', () => {
  assert.equal(fs.readFileSync(path.join(root, 'docs/cookbook.md'), 'utf8'), cookbookPage());
});

it('has at least 25 answers, each a case with rows that the tests of the language run', () => {
  const recipes = CHAPTERS.flatMap((chapter) => chapter.recipes);
  assert.ok(recipes.length >= 25);
  for (const { folder } of recipes) {
    assert.match(folder, /^(patterns|test\/golden\/sql)\//);
    const golden = loadCase(path.join(root, folder));
    assert.ok(golden !== null && golden.error === null, folder);
    for (const [sink, lines] of golden.expected) assert.ok(lines.trim() !== '', `${folder}: ${sink}`);
  }
});
