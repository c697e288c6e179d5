import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../../src/compiler/compile.ts';
import { connectorCatalog } from '../../../../src/connectors/connector-registry.ts';
import { partitionPoint } from '../../../../src/engine/subtask/partition-point.ts';

const TABLE = `CREATE TABLE t (k STRING, n INT, big BIGINT, d DECIMAL(30, 2), ok BOOLEAN, p AS PROCTIME(), ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');\n`;

/** A SESSION aggregation of these columns by these keys. */
const session = (columns: string, keys = 'k', time = 'ts', partition = `PARTITION BY ${keys}`): string =>
  `SELECT ${columns} FROM TABLE(SESSION(TABLE t ${partition}, DESCRIPTOR(${time}), INTERVAL '5' SECOND))
   GROUP BY ${keys}${keys === '' ? '' : ', '}window_start, window_end`;

function isDivisible(query: string): boolean {
  const catalog = { tables: new Map(), views: new Map() };
  const settings = { 'sequitur.sql.level': 'extended' };
  const { statements, diagnostics } = compile(TABLE + query, {
    fileName: 'q',
    catalog,
    connectors: connectorCatalog,
    settings,
  });
  const jobs = statements.filter((statement) => statement.kind === 'job');
  assert.equal(jobs.length, 1, diagnostics.map(({ message }) => message).join('; '));
  return partitionPoint(jobs[0]!.plan) !== null;
}

const DIVISIBLE: readonly string[] = [
  session('k, window_start, COUNT(*), SUM(n), MIN(big), MAX(k), AVG(n)'),
  session('k, n, COUNT(*)', 'k, n'),
  session('k, COUNT(*) FILTER (WHERE ok)'),
  `SELECT * FROM (${session('k, COUNT(*) AS c')}) WHERE c > 2`,
];

/** Queries that run in one thread, with the reason. */
const UNDIVIDED: readonly (readonly [reason: string, query: string])[] = [
  [
    'other window',
    `SELECT k, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND))
     GROUP BY k, window_start, window_end`,
  ],
  ['no key', session('COUNT(*)', '', 'ts', '')],
  ['state of any size', session('k, COUNT(DISTINCT n)')],
  ['state of any size', session('k, LISTAGG(k)')],
  ['values that are objects', session('k, SUM(d)')],
  ['processing time', session('k, COUNT(*)', 'k', 'p')],
  ['a later operator with state', `SELECT c, COUNT(*) FROM (${session('k, COUNT(*) AS c')}) GROUP BY c`],
  ['the order of rows', `SELECT * FROM (${session('k, COUNT(*) AS c')}) LIMIT 3`],
  [
    'the watermark of a row',
    `SELECT k, CURRENT_WATERMARK(window_time)
     FROM TABLE(SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '5' SECOND))
     GROUP BY k, window_start, window_end, window_time`,
  ],
  ['two windows', `${session('k, COUNT(*)')} UNION ALL ${session('k, SUM(big)')}`],
];

for (const query of DIVISIBLE) {
  test(`divisible: ${query.split('\n')[0]}`, () => assert.equal(isDivisible(query), true));
}
for (const [reason, query] of UNDIVIDED) {
  test(`in one thread, because of ${reason}: ${query.split('\n')[0]}`, () => assert.equal(isDivisible(query), false));
}
