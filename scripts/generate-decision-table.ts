import { writeFileSync } from 'node:fs';
import { generateDecisionTable } from '../grammar/decision-table-text.ts';

/** Writes grammar/decision-table.ts from the rules. `npm test` fails when the file is stale. */
writeFileSync(new URL('../grammar/decision-table.ts', import.meta.url), generateDecisionTable());
