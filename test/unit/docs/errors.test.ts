import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { errorPage } from '../../../scripts/generate-error-docs.ts';

it('docs/errors.md is the output of scripts/generate-error-docs.ts', () => {
  assert.equal(readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8'), errorPage());
});
