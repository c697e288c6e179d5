import type { Vector } from '../../batch/vector.ts';
import { aggregateRows, createAggregator } from '../../functions/aggregates/registry.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { MatchAggregate, MatchNavigation } from '../../plan/expression.ts';
import { compileScalar, type MatchResolver } from '../expressions/compile-scalar.ts';
import type { ColumnReader, ScalarExpression } from '../expressions/evaluate.ts';
import type { KeptRow, PathNode } from './partial-match.ts';

/** The row under test, still in its batch. One object per operator, moved from row to row. */
export class BatchRow {
  columns: readonly Vector[] = [];
  row = 0;
}

/** A row of a match: kept, or the one under test. */
type MatchedRow = KeptRow | BatchRow;

/** What an expression of DEFINE or MEASURES sees. One object per operator, filled before each evaluation. */
export interface MatchBinding {
  /** Rows matched so far, the last first. */
  path: PathNode | null;
  /** The row under test and the variable it is tested for; null and -1 in MEASURES. */
  current: BatchRow | null;
  variable: number;
  /** MATCH_ROWTIME: the time being processed. */
  time: number;
}

/** `keptAt[column]` is a column's place in the values of kept rows. */
export function rowReader(keptAt: Int32Array): ColumnReader<MatchedRow> {
  return (row, index) => (row instanceof BatchRow ? row.columns[index]!.get(row.row) : row.values[keptAt[index]!]);
}

/** Compiles the nodes that only MATCH_RECOGNIZE has. The row under test counts as the last row of the variable it is tested for. */
export function matchResolver(
  variables: readonly string[],
  read: ColumnReader<MatchedRow>,
  environment: FunctionEnvironment,
): MatchResolver<MatchBinding> {
  const indexOf = (name: string | null): number => {
    if (name === null) return ANY;
    const index = variables.indexOf(name);
    return index >= 0 ? index : NONE;
  };
  return (node) => {
    switch (node.kind) {
      case 'match-navigation':
        return navigation(node, indexOf(node.variable), compileScalar(node.expression, read, environment));
      case 'match-aggregate':
        return aggregation(node, indexOf(node.variable), read, environment);
      case 'match-time':
        return (binding) => binding.time;
      default:
        throw new Error(`${node.kind} is not yet evaluated`);
    }
  };
}

/** Stands for "rows of all variables". */
const ANY = -2;
/** A variable of DEFINE that the pattern lacks has no rows. */
const NONE = -3;

function navigation(
  node: MatchNavigation,
  variable: number,
  evaluate: ScalarExpression<MatchedRow>,
): ScalarExpression<MatchBinding> {
  const { offset } = node;
  if (node.direction === 'last') {
    return (binding) => {
      let skip = offset;
      if (countsCurrent(binding, variable)) {
        if (skip === 0) return evaluate(binding.current!);
        skip--;
      }
      const row = fromEnd(binding.path, variable, skip);
      return row === null ? null : evaluate(row);
    };
  }
  return (binding) => {
    const matched = countRows(binding.path, variable);
    if (offset < matched) return evaluate(fromEnd(binding.path, variable, matched - 1 - offset)!);
    return offset === matched && countsCurrent(binding, variable) ? evaluate(binding.current!) : null;
  };
}

function aggregation(
  node: MatchAggregate,
  variable: number,
  read: ColumnReader<MatchedRow>,
  environment: FunctionEnvironment,
): ScalarExpression<MatchBinding> {
  const { call } = node;
  if (call.function.toUpperCase() === 'COUNT' && call.args.length === 0 && call.filter === undefined) {
    return (binding) => countRows(binding.path, variable) + (countsCurrent(binding, variable) ? 1 : 0);
  }
  const aggregator = createAggregator(call, false);
  const args = call.args.map((arg) => compileScalar(arg, read, environment));
  const filter = call.filter === undefined ? null : compileScalar(call.filter, read, environment);
  return (binding) => {
    const rows: unknown[][] = [];
    const add = (row: MatchedRow): void => {
      if (filter === null || filter(row) === true) rows.push(args.map((arg) => arg(row)));
    };
    if (countsCurrent(binding, variable)) add(binding.current!);
    for (let path = binding.path; path !== null; path = path.previous) {
      if (variable === ANY || path.variable === variable) add(path.row);
    }
    return aggregateRows(aggregator, rows.reverse(), args.length);
  };
}

function countsCurrent(binding: MatchBinding, variable: number): boolean {
  return binding.current !== null && (variable === ANY || variable === binding.variable);
}

function countRows(path: PathNode | null, variable: number): number {
  if (variable === ANY) return path === null ? 0 : path.length;
  let count = 0;
  for (let node = path; node !== null; node = node.previous) if (node.variable === variable) count++;
  return count;
}

/** The row of the variable with `skip` rows of it after it. */
function fromEnd(path: PathNode | null, variable: number, skip: number): KeptRow | null {
  let left = skip;
  for (let node = path; node !== null; node = node.previous) {
    if (variable !== ANY && node.variable !== variable) continue;
    if (left-- === 0) return node.row;
  }
  return null;
}
