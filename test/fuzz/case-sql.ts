import fs from 'node:fs';
import path from 'node:path';
import type { PatternElement, Quantifier } from '../../src/plan/match-node.ts';
import type { MatchCase } from './match-case.ts';
import { resultVariables } from './match-node-of.ts';
import { conditionSql } from './row-test-sql.ts';

/**
 * Writes a portable case as a golden case: the query, the input, and how rows are compared. Does
 * not write the expected rows.
 */
export function writeSqlCase(given: MatchCase, directory: string, title: string): void {
  fs.mkdirSync(path.join(directory, 'input'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'query.sql'), caseSql(given));
  fs.writeFileSync(path.join(directory, 'input', 'steps.jsonl'), given.rows.map(rowLine).join(''));
  fs.writeFileSync(
    path.join(directory, 'case.json'),
    `${JSON.stringify({ title, area: 'match', compare: given.partitioned ? 'multiset' : 'ordered', set: {} })}\n`,
  );
}

function rowLine({ ts, ...row }: MatchCase['rows'][number]): string {
  const text = new Date(ts).toISOString().slice(0, 23).replace('T', ' ');
  return `${JSON.stringify({ ...row, ts: text })}\n`;
}

/** Writes the case in Flink SQL. */
export function caseSql(given: MatchCase): string {
  const variables = resultVariables(given);
  const measures = variables.flatMap((v) => [
    `FIRST(${v}.id)`,
    `LAST(${v}.id)`,
    `COUNT(${v}.id)`,
    `SUM(${v}.v)`,
    `AVG(${v}.v)`,
    `LAST(${v}.v, 1)`,
    `${v}.kind`,
  ]);
  measures.push('COUNT(*)', 'LAST(id)', 'FIRST(id)', 'MATCH_ROWTIME()');
  const defined = variables.filter((variable) => given.conditions[variable]!.length > 0);
  // DEFINE must not be empty.
  const define = defined.map((variable) => `${variable} AS ${conditionSql(given.conditions[variable]!, variable)}`);
  const order = given.order.map(({ column, descending }) => `, ${column}${descending ? ' DESC' : ''}`).join('');
  return `CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '${(given.delayMs / 1000).toFixed(3)}' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
${given.partitioned ? '  PARTITION BY k\n' : ''}  ORDER BY ts${order}
  MEASURES ${measures.map((measure, i) => `${measure} AS m${i}`).join(', ')}
  ONE ROW PER MATCH
  AFTER MATCH SKIP ${skipSql(given)}
  PATTERN (${given.pattern.elements.map(elementSql).join(' ')})${withinSql(given)}
  DEFINE
    ${(define.length > 0 ? define : [`${variables[0]} AS id > 0`]).join(',\n    ')}
) AS m;
`;
}

function skipSql({ skip }: MatchCase): string {
  switch (skip.kind) {
    case 'to-next-row':
      return 'TO NEXT ROW';
    case 'past-last-row':
      return 'PAST LAST ROW';
    case 'to-first':
      return `TO FIRST ${skip.variable}`;
    case 'to-last':
      return `TO LAST ${skip.variable}`;
    case 'no-skip':
      throw new Error('the portable level has no NO SKIP');
  }
}

function withinSql({ within }: MatchCase): string {
  return within === null ? '' : ` WITHIN INTERVAL '${within.ms / 1000}' SECOND`;
}

function elementSql(element: PatternElement): string {
  if (element.kind !== 'variable' || element.link !== 'next') throw new Error('the portable level has only variables');
  return element.variable + quantifierSql(element.quantifier);
}

function quantifierSql({ min, max, optional, greedy }: Quantifier): string {
  const reluctant = greedy ? '' : '?';
  if (max === 1) return optional ? '?' : '';
  if (max === null && min === 1) return `${optional ? '*' : '+'}${reluctant}`;
  if (max === null) return `{${min},}${reluctant}`;
  if (min === max && !optional) return `{${min}}`;
  return `{${optional ? 0 : min},${max}}${reluctant}`;
}
