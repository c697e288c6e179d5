import { writeFileSync } from 'node:fs';
import { generateCstTypes } from '../grammar/cst-type-text.ts';

/** Writes grammar/cst-types.ts from the rules. `npm test` fails when the file is stale. */
writeFileSync(new URL('../grammar/cst-types.ts', import.meta.url), generateCstTypes());
