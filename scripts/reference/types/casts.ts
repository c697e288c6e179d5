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
  typeName,
} from '../../../src/core/data-type.ts';
import { canCast } from '../../../src/functions/cast/cast.ts';
import { compileProgram } from '../../../src/index.ts';
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
  [typeName(INTERVAL_DAY_TIME), INTERVAL_DAY_TIME],
  [typeName(INTERVAL_YEAR_MONTH), INTERVAL_YEAR_MONTH],
  ['ARRAY', { kind: 'array', element: INT, nullable: true }],
  ['MAP', { kind: 'map', key: INT, value: INT, nullable: true }],
  ['MULTISET', { kind: 'multiset', element: INT, nullable: true }],
  ['ROW', { kind: 'row', fields: [{ name: 'a', type: INT }], nullable: true }],
];

const isInterval = (type: DataType): boolean => type.kind.startsWith('interval');

/** Columns of all types that a table can have, named `c0`, `c1` and so on. */
const COLUMNS = CAST_TYPES.flatMap(([, type], i) => (isInterval(type) ? [] : [`c${i} ${typeName(type)}`]));

/** Returns the table of casts: for each type, the types that its values can become. */
export function castTable(): string {
  const rows = CAST_TYPES.map(([name, from], i) => {
    const casts = CAST_TYPES.flatMap(([other, to]) =>
      other === name || isInterval(to) ? [] : [{ other, how: howToCast(sampleOf(from, i), from, to) }],
    );
    const targets = (wanted: HowToCast): string =>
      casts
        .filter(({ how }) => how === wanted)
        .map(({ other }) => other)
        .join(', ');
    const extended = targets('extended');
    return [name, targets('implicit'), targets('portable') + (extended === '' ? '' : `; *extended*: ${extended}`)];
  });
  return table(['from', 'implicitly, or with CAST', 'only with CAST'], rows);
}

const sampleOf = (type: DataType, column: number): string =>
  isInterval(type) ? `INTERVAL '1' ${type.kind === 'interval-day-time' ? 'DAY' : 'MONTH'}` : `c${column}`;

type HowToCast = 'implicit' | 'portable' | 'extended' | 'no';

/** Asks the compiler for the cast of a value. */
function howToCast(value: string, from: DataType, to: DataType): HowToCast {
  if (canCast(from, to) === 'implicit') return 'implicit';
  const program = compileProgram(
    `CREATE TABLE t (${COLUMNS.join(', ')}) WITH ('connector' = 'datagen'); SELECT CAST(${value} AS ${typeName(to)}) FROM t;`,
  );
  return program.ok ? program.level : 'no';
}
