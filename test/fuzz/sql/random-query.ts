import type { SweepQuestion } from '../../sweeps/sweep-case.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { declaration, randomExpression, SQL_TYPES, type SqlColumn, type SqlType } from './random-expression.ts';
import { randomRows } from './random-rows.ts';

/** A table or view of the text so far. */
interface Relation {
  readonly name: string;
  readonly columns: readonly SqlColumn[];
  /** The time attribute, not among the columns; null: there is none. */
  readonly time: string | null;
  /** Whether it has updates or deletes. */
  readonly hasChanges: boolean;
  /** Whether the order of its rows depends on the implementation, as for windows and unions. */
  readonly isUnordered: boolean;
}

/** Returns the query of a view (without CREATE VIEW) and the view's properties. */
type Layer = (random: SeededRandom, from: Relation, name: string) => { sql: string; relation: Relation };

const KEYS: readonly SqlType[] = ['STRING', 'INT', 'BOOLEAN', 'DATE', 'BIGINT'];

const project: Layer = (random, from, name) => {
  const columns = Array.from({ length: random.between(2, 4) }, (_, i): SqlColumn & { sql: string } => {
    const type = random.oneOf(SQL_TYPES);
    return { name: `${name}c${i}`, type, sql: randomExpression(random, type, from.columns, random.between(1, 3)) };
  });
  const time = from.time !== null && random.chance(0.8) ? from.time : null;
  const where = random.chance(0.6) ? ` WHERE ${randomExpression(random, 'BOOLEAN', from.columns, 2)}` : '';
  const list = columns.map((column) => `${column.sql} AS ${column.name}`);
  if (time !== null) list.push(time);
  return { sql: `SELECT ${list.join(', ')} FROM ${from.name}${where}`, relation: { ...from, name, columns, time } };
};

interface Aggregate {
  readonly sql: string;
  readonly type: SqlType;
}

/** Sums of DOUBLE and results that depend on the order are left out for rows without an order. */
function randomAggregate(random: SeededRandom, from: Relation): Aggregate {
  const expression = (type: SqlType): string => randomExpression(random, type, from.columns, random.between(0, 2));
  const filter = random.chance(0.2) ? ` FILTER (WHERE ${randomExpression(random, 'BOOLEAN', from.columns, 1)})` : '';
  const choices: (() => Aggregate)[] = [
    () => ({ sql: 'COUNT(*)', type: 'BIGINT' }),
    () => ({ sql: `COUNT(${expression(random.oneOf(SQL_TYPES))})`, type: 'BIGINT' }),
    () => ({ sql: `COUNT(DISTINCT ${expression(random.oneOf(['STRING', 'INT', 'DATE']))})`, type: 'BIGINT' }),
    () => ({ sql: `SUM(${expression('INT')})`, type: 'INT' }),
    () => ({ sql: `SUM(${expression('BIGINT')})`, type: 'BIGINT' }),
    () => ({ sql: `CAST(SUM(${expression('DECIMAL')}) AS DECIMAL(10, 2))`, type: 'DECIMAL' }),
    () => ({ sql: `AVG(${expression('INT')})`, type: 'INT' }),
  ];
  // Flink does not retract MAX of values that only grow. This is not supported yet.
  if (!from.hasChanges) {
    choices.push(() => {
      const type = random.oneOf(['INT', 'BIGINT', 'DECIMAL', 'DOUBLE', 'STRING', 'TIMESTAMP', 'DATE'] as const);
      return { sql: `${random.oneOf(['MIN', 'MAX'])}(${expression(type)})`, type };
    });
  }
  if (!from.isUnordered) {
    choices.push(
      () => ({
        sql: `SUM(${random.oneOf(['x', '0.5E0', 'CAST(0 AS DOUBLE)'].filter((c) => c !== 'x' || from.columns.some(({ name }) => name === 'x')))})`,
        type: 'DOUBLE',
      }),
      () => ({ sql: `LISTAGG(${expression('STRING')})`, type: 'STRING' }),
    );
    if (!from.hasChanges) {
      choices.push(() => {
        const type = random.oneOf(['INT', 'STRING', 'DECIMAL', 'BOOLEAN'] as const);
        return { sql: `${random.oneOf(['FIRST_VALUE', 'LAST_VALUE'])}(${expression(type)})`, type };
      });
    }
  }
  const { sql, type } = random.oneOf(choices)();
  // If no row passes the FILTER of an aggregate of a constant, Flink does not write NULL.
  const isConstant = !from.columns.some(({ name }) => new RegExp(`\\b${name}\\b`).test(sql));
  return { sql: filter !== '' && !sql.startsWith('CAST') && !isConstant ? `${sql}${filter}` : sql, type };
}

const aggregates = (random: SeededRandom, from: Relation, name: string): readonly (SqlColumn & Aggregate)[] =>
  Array.from({ length: random.between(1, 3) }, (_, i) => ({ name: `${name}a${i}`, ...randomAggregate(random, from) }));

const group: Layer = (random, from, name) => {
  const keys = from.columns.filter(({ type }) => KEYS.includes(type));
  const by = random.some(keys, Math.min(keys.length, random.between(0, 2)));
  const results = aggregates(random, from, name);
  const having = random.chance(0.25) ? ` HAVING COUNT(*) ${random.oneOf(['>', '<='])} ${random.between(1, 3)}` : '';
  const list = [...by.map((key) => key.name), ...results.map(({ sql, name: as }) => `${sql} AS ${as}`)];
  const grouping = by.length > 0 ? ` GROUP BY ${by.map((key) => key.name).join(', ')}` : '';
  return {
    sql: `SELECT ${list.join(', ')} FROM ${from.name}${grouping}${having}`,
    relation: { ...from, name, columns: [...by, ...results], time: null, hasChanges: true },
  };
};

const distinct: Layer = (random, from, name) => {
  const columns = random.some(from.columns, Math.min(from.columns.length, random.between(1, 3)));
  return {
    sql: `SELECT DISTINCT ${columns.map((column) => column.name).join(', ')} FROM ${from.name}`,
    relation: { ...from, name, columns, time: null, hasChanges: from.hasChanges },
  };
};

const union: Layer = (random, from, name) => {
  const columns = random.some(from.columns, Math.min(from.columns.length, random.between(1, 3)));
  const list = columns.map((column) => column.name).join(', ');
  const where = (): string => ` WHERE ${randomExpression(random, 'BOOLEAN', from.columns, 1)}`;
  return {
    sql: `SELECT ${list} FROM ${from.name}${where()} UNION ALL SELECT ${list} FROM ${from.name}${where()}`,
    relation: { ...from, name, columns, time: null, isUnordered: true },
  };
};

function windowOf(random: SeededRandom, table: string, time: string, key: string | null): string {
  const seconds = (n: number): string => `INTERVAL '${n}' SECOND`;
  const size = random.oneOf([2, 4, 5, 10, 30]);
  const offset = random.chance(0.2) ? `, ${seconds(random.oneOf([1, -1]))}` : '';
  switch (random.below(4)) {
    case 0:
      return `TUMBLE(TABLE ${table}, DESCRIPTOR(${time}), ${seconds(size)}${offset})`;
    case 1:
      return `HOP(TABLE ${table}, DESCRIPTOR(${time}), ${seconds(size)}, ${seconds(size * random.between(1, 3))}${offset})`;
    case 2:
      return `CUMULATE(TABLE ${table}, DESCRIPTOR(${time}), ${seconds(size)}, ${seconds(size * random.between(1, 3))})`;
    default:
      return `SESSION(TABLE ${table}${key === null ? '' : ` PARTITION BY ${key}`}, DESCRIPTOR(${time}), ${seconds(random.between(1, 5))})`;
  }
}

const windowed: Layer = (random, from, name) => {
  const keys = from.columns.filter(({ type }) => KEYS.includes(type));
  const by = random.some(keys, Math.min(keys.length, random.between(0, 1)));
  const results = aggregates(random, from, name);
  const withTime = random.chance(0.4);
  const list = [
    ...by.map((key) => key.name),
    `window_start AS ${name}s`,
    `window_end AS ${name}e`,
    ...results.map(({ sql, name: as }) => `${sql} AS ${as}`),
    ...(withTime ? [`window_time AS ${name}t`] : []),
  ];
  const grouping = [...by.map((key) => key.name), 'window_start', 'window_end', ...(withTime ? ['window_time'] : [])];
  const columns: SqlColumn[] = [
    ...by,
    { name: `${name}s`, type: 'TIMESTAMP' },
    { name: `${name}e`, type: 'TIMESTAMP' },
    ...results,
  ];
  return {
    sql: `SELECT ${list.join(', ')} FROM ${windowOf(random, from.name, from.time!, by[0]?.name ?? null)} GROUP BY ${grouping.join(', ')}`,
    relation: { name, columns, time: withTime ? `${name}t` : null, hasChanges: false, isUnordered: true },
  };
};

function randomLayer(random: SeededRandom, from: Relation): Layer {
  const layers: Layer[] = [project, project, group, distinct, union];
  if (from.time !== null && !from.hasChanges) layers.push(windowed, windowed, windowed);
  return random.oneOf(layers);
}

const TABLE: readonly SqlColumn[] = [
  { name: 'i', type: 'INT' },
  { name: 'b', type: 'BIGINT' },
  { name: 'd', type: 'DECIMAL' },
  { name: 'x', type: 'DOUBLE' },
  { name: 'k', type: 'STRING' },
  { name: 's', type: 'STRING' },
  { name: 'f', type: 'BOOLEAN' },
  { name: 'zt', type: 'TIMESTAMP' },
  { name: 'dy', type: 'DATE' },
];

/**
 * Returns a random text: a table, up to three views over it, and a SELECT of all columns of the
 * last view, with random rows. The same seed and number always give the same text.
 */
export function randomQuery(random: SeededRandom, name: string): SweepQuestion {
  const delay = random.oneOf([0, 2, 5]);
  const declared = TABLE.map((column) => `${column.name} ${declaration(column.type)}`).join(', ');
  const lines = [
    `CREATE TABLE t (${declared}, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '${delay}' SECOND)\n` +
      "  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');",
  ];
  let relation: Relation = { name: 't', columns: TABLE, time: 'ts', hasChanges: false, isUnordered: false };
  for (let layers = random.between(1, 3), n = 1; n <= layers; n++) {
    const layer = randomLayer(random, relation)(random, relation, `v${n}`);
    lines.push(`CREATE VIEW v${n} AS ${layer.sql};`);
    relation = layer.relation;
  }
  const list = relation.columns.map((column) => column.name);
  if (relation.time !== null) list.push(`CAST(${relation.time} AS STRING) AS tm`);
  lines.push(`SELECT ${list.join(', ')} FROM ${relation.name};`);
  const compare = !relation.isUnordered ? 'ordered' : relation.hasChanges ? 'final' : 'multiset';
  return { name, sql: `${lines.join('\n')}\n`, files: { 't.jsonl': randomRows(random, delay) }, compare };
}
