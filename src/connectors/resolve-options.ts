import fs from 'node:fs';
import { EngineError } from '../core/engine-error.ts';
import { type ReferenceSource, referencesIn, resolveReferences } from '../core/option-reference.ts';
import type { EndpointContext, TableOptions } from './connector.ts';
import { rootedPath } from './rooted-path.ts';

/**
 * Returns the options with the values of their references; the same object where there are none.
 * Throws CONFIG_INVALID_OPTION, which names table, option and reference. Files of references obey
 * the same roots as those of tables.
 */
export function resolveOptions(
  table: string,
  options: TableOptions,
  context: Pick<EndpointContext, 'baseDirectory' | 'roots' | 'environment'>,
): TableOptions {
  if (Object.values(options).every((value) => referencesIn(value).length === 0)) return options;
  const source: ReferenceSource = {
    env: (name) => context.environment(name),
    file: (path) => fs.readFileSync(rootedPath(path, context), 'utf8'),
  };
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      try {
        return [key, resolveReferences(value, source)];
      } catch (cause) {
        const why = (cause as Error).message;
        throw new EngineError(
          'CONFIG_INVALID_OPTION',
          `table ${table}, option '${key}': ${why}`,
          { table, key },
          cause,
        );
      }
    }),
  );
}
