import fs from 'node:fs';
import path from 'node:path';
import type { GoldenCase } from '../../../src/service/golden/golden-case.ts';

interface Explanation {
  readonly reason: string;
  matches(sql: string, golden: GoldenCase, failure: string): boolean;
}

/** Differences from the oracle that are known and documented. */
const EXPLAINED: readonly Explanation[] = [
  {
    reason: 'not supported yet',
    matches: (_sql, golden, failure) => golden.error === null && /SQL_NOT_SUPPORTED|is not supported/.test(failure),
  },
  {
    reason: 'an aggregate that Flink refuses is refused here also if nobody reads it',
    matches: (_sql, golden, failure) => golden.error === null && /Flink SQL has no \w+ in a \w+ window/.test(failure),
  },
  {
    reason: 'an aggregate without GROUP BY over rows that a constant condition excludes',
    matches: (sql, golden, failure) =>
      golden.error === null && /: 0 rows instead of 1; .* got nothing/.test(failure) && hasGlobalAggregate(sql),
  },
  {
    reason: 'a column whose CAST is NULL is taken for NULL by Flink',
    matches: (sql, golden, failure) =>
      golden.error === null &&
      /":null/.test(failure) &&
      /WHERE .*CAST\(\w+ AS [A-Z]+(\(\d+, \d+\))?\) IS NULL/.test(sql),
  },
  {
    reason: 'LISTAGG with FILTER over a value that is never NULL is NOT NULL in Flink, so NULL becomes an empty text',
    matches: (sql, golden, failure) =>
      golden.error === null && /LISTAGG\(.*\) FILTER/.test(sql) && /expected .*":"".*, got .*":null/.test(failure),
  },
  {
    reason: 'a NULL in a column whose type is NOT NULL in Flink fails the job there',
    matches: (_sql, golden) =>
      golden.error?.stage === 'run' && /^Column '\w+' is NOT NULL, however, a null value/.test(messageOf(golden)),
  },
  {
    reason: "Flink's planner ends with an internal error",
    matches: (_sql, golden) =>
      golden.error?.stage === 'plan' &&
      /^IllegalArgumentException$|^Unsupported operand types: IF|^Cannot add expression of different type to set|^Mismatch of function's argument data type/.test(
        messageOf(golden),
      ),
  },
];

const hasGlobalAggregate = (sql: string): boolean =>
  sql.split('CREATE VIEW').some((view) => /\b(SUM|COUNT|AVG|MIN|MAX)\(/.test(view) && !view.includes('GROUP BY'));

const messageOf = ({ directory }: GoldenCase): string =>
  (JSON.parse(fs.readFileSync(path.join(directory, 'expected/error.json'), 'utf8')) as { message: string }).message;

/** Returns why a case may differ from the oracle; null: it must not differ. */
export function explanationOf(golden: GoldenCase, failure: string): string | null {
  const sql = fs.readFileSync(golden.sqlFile, 'utf8');
  return EXPLAINED.find(({ matches }) => matches(sql, golden, failure))?.reason ?? null;
}
