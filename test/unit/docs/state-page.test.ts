/** Checks the pages that name the tests of their statements. Each named file must exist. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.join(import.meta.dirname, '../../..');

for (const page of ['docs/state.md', 'docs/reliability.md']) {
  if (!fs.existsSync(path.join(root, page))) continue;
  test(`every test that ${page} names exists`, () => {
    const named = [...fs.readFileSync(path.join(root, page), 'utf8').matchAll(/\b(?:test|bench)\/[\w/.-]*\w/g)];
    assert.ok(named.length >= 8);
    for (const [file] of named) assert.ok(fs.existsSync(path.join(root, file)), file);
  });
}
