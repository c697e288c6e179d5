import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { configurationPage } from '../../../scripts/generate-config-docs.ts';
import { SETTINGS } from '../../../src/core/settings.ts';

const page = path.join(import.meta.dirname, '../../../docs/configuration.md');

test('docs/configuration.md matches the settings; run scripts/generate-config-docs.ts if this fails', () => {
  assert.equal(fs.readFileSync(page, 'utf8'), configurationPage());
});

test('every setting appears exactly once on the page', () => {
  const text = configurationPage();
  for (const { key } of SETTINGS) assert.equal(text.split(`| \`${key}\``).length, 2, key);
});
