import { AGGREGATES } from './aggregates.ts';
import { CALLS, FIXED } from './calls.ts';
import { COLUMNS, INTERVALS, KINDS, NUMBERS, TEXTS, TIMES } from './columns.ts';

const PLACE = /\$([a-z]+\d*)/g;

/** Returns the call with the argument that `of` gives for each place and its usual column. */
function filled(call: string, of: (usual: string, place: number) => string): string {
  let place = 0;
  return call.replaceAll(PLACE, (_, usual: string) => of(usual, place++));
}

/** The call with its usual arguments, nullable and not, and with each type in each place. */
function variants(call: string, types: readonly string[]): readonly string[] {
  const places = [...call.matchAll(PLACE)].length;
  const usual = [filled(call, (column) => column), filled(call, (column) => `${column}_n`)];
  const other = Array.from({ length: places }, (_, at) =>
    types.flatMap((type) => {
      const nullable = filled(call, (column, place) => (place === at ? type : `${column}_n`));
      const isColumn = COLUMNS.some(([name]) => name === type);
      return places === 1 && isColumn ? [nullable, filled(call, () => `${type}_n`)] : [nullable];
    }),
  );
  return [...usual, ...other.flat()];
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

function pairs(types: readonly string[], ordered: boolean): readonly (readonly [string, string])[] {
  return types.flatMap((a, i) => types.slice(ordered ? 0 : i).map((b): [string, string] => [a, b]));
}

const every = (operators: readonly string[], of: readonly (readonly [string, string])[]): readonly string[] =>
  operators.flatMap((operator) => of.map(([a, b]) => `${a} ${operator} ${b}`));

/** `+ - * / %`, comparisons and concatenation of pairs of types. */
const OPERATORS = [
  ...every(['+', '-', '*', '/', '%'], pairs(NUMBERS, true)),
  ...every(['+', '-'], pairs([...TIMES, ...INTERVALS], true)),
  ...every(['+', '-', '*', '/', '%'], pairs(KINDS, true)),
  ...every(['=', '<'], pairs(KINDS, false)),
  ...every(['||'], pairs([...TEXTS, 'bn', 'vb', 'bv', 'i', 'ai'], true)),
  ...['+', '*', '=', '||'].flatMap((operator) =>
    ['i', 'bi', 'd', 'd5', 's'].flatMap((a) => [`${a}_n ${operator} ${a}_n`, `${a}_n ${operator} ${a}`]),
  ),
  'i <> i',
  'i >= i_n',
  'i IS DISTINCT FROM i',
  's IS NOT DISTINCT FROM i',
];

const FEW = ['ti', 'i', 'bi', 'f', 'd', 'd5', 'd38', 'c', 'v', 's', 'b', 'da', 'ts0', 'ts3', 'l3', 'vb', 'ai'];

/** Forms whose result is the common type of several values. */
const COMMON = [
  ...[pairs(NUMBERS, true), pairs(TEXTS, true), pairs(TIMES, true), pairs([...KINDS, 'an', 'ax'], false)].flatMap(
    (of) => of.flatMap(([a, b]) => [`CASE WHEN b THEN ${a} ELSE ${b} END`, `COALESCE(${a}, ${b})`]),
  ),
  ...pairs(FEW, true).flatMap(([a, b]) => [
    `IF(b, ${a}, ${b})`,
    `IFNULL(${a}, ${b})`,
    `NULLIF(${a}, ${b})`,
    `GREATEST(${a}, ${b})`,
    `ARRAY[${a}, ${b}]`,
  ]),
];

const TARGETS = [
  ...COLUMNS.map(([, type]) => type),
  ...['CHAR(1)', 'VARCHAR(3)', 'DECIMAL', 'DECIMAL(3, 1)', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ', 'INT NOT NULL'],
  ...['INTERVAL DAY TO SECOND', 'INTERVAL YEAR TO MONTH'],
];

/** Casts of every type to every type. */
const CASTS = [
  ...KINDS.flatMap((from) => [
    ...TARGETS.map((to) => `CAST(${from} AS ${to})`),
    `TRY_CAST(${from} AS INT)`,
    `TRY_CAST(${from} AS STRING)`,
  ]),
  'CAST(i_n AS BIGINT)',
  'CAST(i_n AS STRING)',
  'CAST(s_n AS INT)',
  'CAST(s_n AS STRING)',
  'CAST(v_n AS STRING)',
  'CAST(c_n AS VARCHAR(5))',
  'CAST(d5_n AS DECIMAL(3, 1))',
  'CAST(s_n AS DECIMAL(3, 1))',
  'CAST(s_n AS TIMESTAMP(3))',
  'CAST(ts3_n AS DATE)',
  'CAST(ts3_n AS STRING)',
  'CAST(bi_n AS INT)',
  'CAST(d_n AS INT)',
  'TRY_CAST(i_n AS BIGINT)',
  'TRY_CAST(s_n AS INT)',
  'CAST(rt AS TIMESTAMP(3))',
  'CAST(rt AS STRING)',
  'CAST(rt AS TIMESTAMP_LTZ(3))',
];

/** Expressions of one row. */
export const rowExpressions = (): readonly string[] =>
  distinct([
    ...COLUMNS.flatMap(([name]) => [name, `${name}_n`]),
    ...FIXED,
    ...OPERATORS,
    ...COMMON,
    ...CASTS,
    ...CALLS.flatMap((call) => variants(call, KINDS)),
  ]);

/** Aggregates of rows. */
export const aggregateExpressions = (): readonly string[] =>
  distinct(AGGREGATES.flatMap((call) => variants(call, [...COLUMNS.map(([name]) => name), ...INTERVALS, 'NULL'])));

/** Aggregates with DISTINCT and FILTER. */
export const modifiedAggregates = (): readonly string[] =>
  distinct(
    AGGREGATES.filter((call) => !call.includes('*')).flatMap((call) =>
      ['i', 'bi', 'd', 'd5', 's', 'ts3'].flatMap((type) => {
        const one = filled(call, (_, place) => (place === 0 ? `${type}_n` : 's_n'));
        return [one.replace('(', '(DISTINCT '), `${one} FILTER (WHERE b)`];
      }),
    ),
  );
