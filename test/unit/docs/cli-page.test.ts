import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { cliPage } from '../../../scripts/generate-cli-docs.ts';

const page = path.join(import.meta.dirname, '../../../docs/cli.md');

test('docs/cli.md matches the program; run scripts/generate-cli-docs.ts if this fails', () => {
  assert.equal(fs.readFileSync(page, 'utf8'), cliPage());
});
