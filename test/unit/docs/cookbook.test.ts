import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { CHAPTERS } from '../../../scripts/cookbook/recipes.ts';
import { TRANSLATIONS } from '../../../scripts/cookbook/translations.ts';
import { cookbookPage, esperSiddhiPage } from '../../../scripts/generate-cookbook.ts';
import { loadCase } from '../../../src/service/golden/golden-case.ts';

const root = path.join(import.meta.dirname, '../../..');

it('docs/cookbook.md is up to date (node scripts/generate-cookbook.ts)', () => {
  assert.equal(fs.readFileSync(path.join(root, 'docs/cookbook.md'), 'utf8'), cookbookPage());
});

it('docs/coming-from-esper-siddhi.md is up to date (node scripts/generate-cookbook.ts)', () => {
  assert.equal(fs.readFileSync(path.join(root, 'docs/coming-from-esper-siddhi.md'), 'utf8'), esperSiddhiPage());
});

it('translates each case of other-languages, and the tests of the language run them', () => {
  const folder = 'test/golden/sql/other-languages';
  const cases = fs.readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`);
  assert.deepEqual(TRANSLATIONS.map((each) => each.folder).sort(), cases.sort());
  for (const each of cases) assert.ok(loadCase(path.join(root, each))!.expected.size > 0, each);
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
