import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

const root = path.join(import.meta.dirname, '../../..');
const page = fs.readFileSync(path.join(root, 'docs/faq.md'), 'utf8');
const links = [...page.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)];

it('docs/faq.md has 25 to 40 questions', () => {
  const questions = page.match(/^### .*\?$/gm)!;
  assert.ok(questions.length >= 25 && questions.length <= 40, `${questions.length} questions`);
  assert.equal(questions.length, page.match(/^### /gm)!.length, 'each is a question');
});

it('docs/faq.md links to cases that the tests run, and to titles that exist', () => {
  assert.ok(links.length > 30);
  for (const [, target, title] of links) {
    const file = path.join(root, 'docs', target!);
    if (/\/golden\//.test(target!)) {
      assert.ok(fs.existsSync(path.join(file, 'query.sql')), target);
      continue;
    }
    const titles = fs.readFileSync(file, 'utf8').match(/^#+ .*/gm)!;
    if (title !== undefined) assert.ok(titles.map(anchorOf).includes(title), `${target}#${title}`);
  }
});

/** Returns the name under which a page's title can be linked. */
function anchorOf(title: string): string {
  return title
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
