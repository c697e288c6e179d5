import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { regexPage } from '../../../scripts/generate-regex-docs.ts';

it('docs/regular-expressions.md is the output of scripts/generate-regex-docs.ts', () => {
  assert.equal(readFileSync(new URL('../../../docs/regular-expressions.md', import.meta.url), 'utf8'), regexPage());
});
