import type { TestRow } from '../unit/engine/operators/match-harness.ts';

/**
 * The fuzzer's conditions are lists of tests that must all be true. `row-test-plan.ts` writes them
 * as a plan's expression for the engine. `row-test-sql.ts` writes them as SQL for the oracle. This
 * file evaluates them in a plain way for the reference.
 */
export type RowTest =
  | { readonly test: 'kind'; readonly in: readonly string[] }
  | { readonly test: 'value'; readonly compare: Comparison; readonly value: number }
  /**
   * Compares the row's value with that of an earlier row of a variable. `orNone`: also true if
   * there is no such row, or no value in it.
   */
  | {
      readonly test: 'earlier';
      readonly compare: Comparison;
      readonly column: 'v' | 'kind';
      readonly of: EarlierRow;
      readonly orNone: boolean;
    }
  /**
   * An aggregate of `v` over the rows of a variable, or of all variables. The row under test counts
   * if it is tested for that variable.
   */
  | {
      readonly test: 'total';
      readonly total: Total;
      readonly of: string | null;
      readonly compare: Comparison;
      readonly value: number;
    }
  | { readonly test: 'any'; readonly of: readonly RowTest[] };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type Total = 'COUNT' | 'SUM' | 'MIN' | 'MAX' | 'AVG';

export interface EarlierRow {
  readonly variable: string;
  readonly from: 'first' | 'last';
  readonly offset: number;
}

/** A row and the variable it is bound to. */
export interface Bound {
  readonly variable: string;
  readonly row: TestRow;
}

/** Returns whether a row can be `variable` after the rows bound so far. NULL makes a test fail. */
export function passes(tests: readonly RowTest[], variable: string, row: TestRow, bound: readonly Bound[]): boolean {
  const all = [...bound, { variable, row }];
  return tests.every((test) => passesOne(test, row, all));
}

function passesOne(test: RowTest, row: TestRow, all: readonly Bound[]): boolean {
  switch (test.test) {
    case 'kind':
      return test.in.includes(row.kind);
    case 'value':
      return compares(test.compare, row.v, test.value);
    case 'earlier': {
      const rows = all.filter(({ variable }) => variable === test.of.variable);
      const other = rows.at(test.of.from === 'first' ? test.of.offset : -1 - test.of.offset)?.row[test.column] ?? null;
      return (test.orNone && other === null) || compares(test.compare, row[test.column], other);
    }
    case 'total': {
      const values = all
        .filter(({ variable }) => test.of === null || variable === test.of)
        .flatMap((entry) => (entry.row.v === null ? [] : [entry.row.v]));
      return compares(test.compare, totalOf(test.total, values), test.value);
    }
    case 'any':
      return test.of.some((one) => passesOne(one, row, all));
  }
}

/**
 * Computes an aggregate. Without values COUNT is 0 and all other aggregates are NULL. AVG of whole
 * numbers is cut to a whole number.
 */
function totalOf(total: Total, values: readonly number[]): number | null {
  if (total === 'COUNT') return values.length;
  if (values.length === 0) return null;
  const sum = values.reduce((a, b) => a + b, 0);
  if (total === 'SUM') return sum;
  if (total === 'AVG') return Math.trunc(sum / values.length);
  return total === 'MIN' ? Math.min(...values) : Math.max(...values);
}

function compares<T extends number | string>(comparison: Comparison, a: T | null, b: T | null): boolean {
  if (a === null || b === null) return false;
  switch (comparison) {
    case '=':
      return a === b;
    case '<>':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}
