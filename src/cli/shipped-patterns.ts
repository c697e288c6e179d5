import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invariant } from '../core/invariant.ts';

/**
 * Returns the folder of the patterns that the package contains. This module runs from `src/cli` or
 * from `dist/src/cli`.
 */
export function shippedPatterns(): string {
  const folder = ['../../patterns/', '../../../patterns/']
    .map((relative) => fileURLToPath(new URL(relative, import.meta.url)))
    .find((place) => fs.existsSync(place));
  invariant(folder !== undefined, 'the patterns are missing from the package');
  return folder;
}
