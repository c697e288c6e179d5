import { COLUMNS, ROWS, TABLE } from './columns.ts';
import { aggregateExpressions, modifiedAggregates, rowExpressions } from './expressions.ts';
import { measureExpressions } from './measures.ts';
import { TIME_FILES, timeQueries, timeTablesOf } from './times.ts';

/** An expression, and the rest of the query whose only column it is. */
export interface TypeQuestion {
  readonly expression: string;
  /** `FROM …`. `?` in it stands for the expression; then the column is `x`. */
  readonly from: string;
}

/** Returns the definition of the tables of a query. */
export const tablesOf = (from: string): string => timeTablesOf(from) ?? TABLE;
/** The files of all tables. */
export const FILES: Readonly<Record<string, string>> = { 't.jsonl': ROWS, ...TIME_FILES };

const WINDOW = "FROM TUMBLE(TABLE t, DESCRIPTOR(rt), INTERVAL '1' MINUTE) GROUP BY window_start, window_end";
const MATCH = 'FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY rt MEASURES ? AS x PATTERN (A B) DEFINE B AS B.i > 0)';

/** Every expression whose result type is compared with that of the oracle. */
export function typeQuestions(): readonly TypeQuestion[] {
  const from = (text: string, expressions: readonly string[]): readonly TypeQuestion[] =>
    expressions.map((expression) => ({ expression, from: text }));
  const aggregates = [...aggregateExpressions(), ...modifiedAggregates()];
  return [
    ...from('FROM t', rowExpressions()),
    ...from('FROM t', aggregates),
    ...from('FROM t GROUP BY k', aggregates),
    ...from(
      WINDOW,
      aggregates.filter((call) => COLUMNS.some(([name]) => call.includes(`(${name}_n`))),
    ),
    ...from(MATCH, measureExpressions()),
    ...timeQueries(),
  ];
}

/** Returns a query of several expressions with the same rest. Their columns are x0, x1, … */
export function queryOf(expressions: readonly string[], from: string): string {
  const columns = expressions.map((expression, i) => `${expression} AS x${i}`).join(', ');
  if (!from.includes('?')) return `SELECT ${columns} ${from}`;
  return `SELECT ${expressions.map((_, i) => `x${i}`).join(', ')} ${from.replace('? AS x', columns)}`;
}
