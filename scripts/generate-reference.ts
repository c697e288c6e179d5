/**
 * Writes the reference pages in docs from the definitions in the code:
 * `node scripts/generate-reference.ts`. A test fails when a page is stale.
 */
import fs from 'node:fs';
import path from 'node:path';
import { connectorsPage } from './reference/connectors-page.ts';
import { formatsPage } from './reference/formats-page.ts';
import { functionsPage } from './reference/functions-page.ts';
import { typesPage } from './reference/types-page.ts';

/** The pages by their names in docs. */
export const REFERENCE_PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'functions.md': functionsPage,
  'types.md': typesPage,
  'connectors.md': connectorsPage,
  'formats.md': formatsPage,
};

if (process.argv[1] === import.meta.filename) {
  for (const [name, make] of Object.entries(REFERENCE_PAGES)) {
    fs.writeFileSync(path.join(import.meta.dirname, '..', 'docs', name), await make());
  }
}
