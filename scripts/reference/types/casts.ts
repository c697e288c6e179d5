import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  type DataType,
  DOUBLE,
  decimal,
  FLOAT,
  INT,
  INTERVAL_DAY_TIME,
  INTERVAL_YEAR_MONTH,
  SMALLINT,
  STRING,
  TIME,
  TINYINT,
  timestamp,
  timestampLtz,
} from '../../../src/core/data-type.ts';
import { canCast } from '../../../src/functions/cast/cast.ts';
import { table } from '../markdown.ts';

export const CAST_TYPES: readonly (readonly [name: string, type: DataType])[] = [
  ['BOOLEAN', BOOLEAN],
  ['TINYINT', TINYINT],
  ['SMALLINT', SMALLINT],
  ['INT', INT],
  ['BIGINT', BIGINT],
  ['DECIMAL', decimal(10, 2)],
  ['FLOAT', FLOAT],
  ['DOUBLE', DOUBLE],
  ['CHAR', { kind: 'char', length: 3, nullable: true }],
  ['STRING', STRING],
  ['BINARY', { kind: 'binary', length: 3, nullable: true }],
  ['BYTES', BYTES],
  ['DATE', DATE],
  ['TIME', TIME],
  ['TIMESTAMP', timestamp(3)],
  ['TIMESTAMP_LTZ', timestampLtz(3)],
  ['INTERVAL DAY TO SECOND', INTERVAL_DAY_TIME],
  ['INTERVAL YEAR TO MONTH', INTERVAL_YEAR_MONTH],
  ['ARRAY', { kind: 'array', element: INT, nullable: true }],
  ['MAP', { kind: 'map', key: INT, value: INT, nullable: true }],
  ['MULTISET', { kind: 'multiset', element: INT, nullable: true }],
  ['ROW', { kind: 'row', fields: [{ name: 'a', type: INT }], nullable: true }],
];

/** Returns the table of casts: for each type, the types that its values can become. */
export function castTable(): string {
  const rows = CAST_TYPES.map(([name, from]) => {
    const targets = (how: 'implicit' | 'explicit'): string =>
      CAST_TYPES.filter(([other, to]) => other !== name && canCast(from, to) === how)
        .map(([other]) => other)
        .join(', ');
    return [name, targets('implicit'), targets('explicit')];
  });
  return table(['from', 'implicitly, or with CAST', 'only with CAST'], rows);
}
