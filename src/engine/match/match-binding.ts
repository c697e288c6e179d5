import type { Vector } from '../../batch/vector.ts';
import { InvariantError, invariant } from '../../core/invariant.ts';
import { aggregateRows, createAggregator } from '../../functions/aggregates/registry.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { Expression, MatchAggregate, MatchNavigation } from '../../plan/expression.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { compileScalar, type MatchResolver } from '../expressions/compile-scalar.ts';
import type { ColumnReader, ScalarExpression } from '../expressions/evaluate.ts';
import type { PartitionRows } from './matcher.ts';
import type { KeptRow, PathNode } from './partial-match.ts';
import { countsValues, ValueCounts } from './value-counts.ts';

/** The row under test in its batch. Each operator has one object, which moves from row to row. */
export class BatchRow {
  columns: readonly Vector[] = [];
  row = 0;
  /** The variable for which the row is tested. */
  variable = -1;
}

/**
 * A row of a match: a row on the path of the match, or the row under test. Or a row outside the
 * match, whose variable is -1.
 */
type MatchedRow = PathNode | BatchRow | RowBeside;
interface RowBeside {
  readonly row: KeptRow;
  readonly variable: -1;
}

/**
 * The input of an expression of DEFINE or MEASURES. Each operator has one object and fills it
 * before each evaluation.
 */
export interface MatchBinding {
  /** Rows matched so far, newest first; in ALL ROWS PER MATCH those up to the shown row. */
  path: PathNode | null;
  /**
   * All rows of the match, for FINAL. In conditions and in ONE ROW PER MATCH the same as `path`.
   */
  whole: PathNode | null;
  /** The row whose columns ALL ROWS PER MATCH shows; in MEASURES only. */
  shown: KeptRow | null;
  /** Rows around the match, for PREV and NEXT; null if they are not read. */
  rows: PartitionRows | null;
  /**
   * The row under test (null in MEASURES), and the variable for which it is tested (-1 in
   * MEASURES).
   */
  current: BatchRow | null;
  variable: number;
  /** MATCH_ROWTIME: the time at which the match was decided. */
  time: number;
  /** MATCH_NUMBER; null if matches are not counted. */
  number: bigint | null;
  /** MATCH_STATUS. */
  status: 'MATCH' | 'TIMEOUT';
}

export function emptyBinding(current: BatchRow | null): MatchBinding {
  return {
    path: null,
    whole: null,
    shown: null,
    rows: null,
    current,
    variable: -1,
    time: 0,
    number: null,
    status: 'MATCH',
  };
}

/** Creates a reader of columns. `keptAt[column]` is a column's place in the values of kept rows. */
export function rowReader(keptAt: Int32Array): ColumnReader<MatchedRow> {
  return (row, index) => (row instanceof BatchRow ? row.columns[index]!.get(row.row) : row.row.values[keptAt[index]!]);
}

/**
 * Compiles the nodes that only MATCH_RECOGNIZE has. The row under test counts as the last row of
 * the variable for which it is tested. The name of a subset means the rows of the subset's members.
 */
export function matchResolver(
  variables: readonly string[],
  read: ColumnReader<MatchedRow>,
  environment: FunctionEnvironment,
  subsets: MatchNode['subsets'] = [],
): MatchResolver<MatchBinding> {
  const ofRow: MatchResolver<MatchedRow> = (node) => {
    invariant(node.kind === 'match-classifier', () => `${node.kind} is not an expression of one row`);
    return (row) => variables[row.variable] ?? null;
  };
  const perRow = (expression: Expression) => compileScalar(expression, read, environment, ofRow);
  return (node) => {
    switch (node.kind) {
      case 'match-navigation':
        return navigation(node, rowsOf(node.variable, variables, subsets), physicalStep(node, perRow(node.expression)));
      case 'match-aggregate':
        return aggregation(node, rowsOf(node.variable, variables, subsets), perRow);
      case 'match-time':
        return node.time === 'proctime' ? () => environment.now() : (binding) => binding.time;
      case 'match-number':
        return (binding) => binding.number;
      case 'match-status':
        return (binding) => binding.status;
      case 'match-classifier':
        throw new InvariantError('CLASSIFIER is read from a row');
    }
  };
}

/**
 * By variable: 1 if the variable's rows are included. Null: the rows of all variables. A name that
 * is not in the pattern has no rows.
 */
type Rows = Uint8Array | null;

function rowsOf(name: string | null, variables: readonly string[], subsets: MatchNode['subsets']): Rows {
  if (name === null) return null;
  const members = subsets.find((subset) => subset.name === name)?.members ?? [name];
  return Uint8Array.from(variables, (variable) => (members.includes(variable) ? 1 : 0));
}

function navigation(
  node: MatchNavigation,
  rows: Rows,
  evaluate: (row: MatchedRow, binding: MatchBinding) => unknown,
): ScalarExpression<MatchBinding> {
  const { offset } = node;
  const pathOf = node.final ? wholePath : shownPath;
  if (node.direction === 'last') {
    return (binding) => {
      let skip = offset;
      if (countsCurrent(binding, rows)) {
        if (skip === 0) return evaluate(binding.current!, binding);
        skip--;
      }
      const row = fromEnd(pathOf(binding), rows, skip);
      return row === null ? null : evaluate(row, binding);
    };
  }
  return (binding) => {
    const path = pathOf(binding);
    const matched = countRows(path, rows);
    if (offset < matched) return evaluate(fromEnd(path, rows, matched - 1 - offset)!, binding);
    return offset === matched && countsCurrent(binding, rows) ? evaluate(binding.current!, binding) : null;
  };
}

/**
 * Compiles PREV and NEXT. They go from a row of the match to another row of the partition, which
 * need not be in the match.
 */
function physicalStep(
  node: MatchNavigation,
  evaluate: ScalarExpression<MatchedRow>,
): (row: MatchedRow, binding: MatchBinding) => unknown {
  const { physical } = node;
  if (physical === undefined || physical === 0) return evaluate;
  return (from, binding) => {
    invariant(!(from instanceof BatchRow) && binding.rows !== null, 'PREV and NEXT have the rows of the partition');
    const row = binding.rows.at(from.row.sequence + physical);
    if (row === null) return null;
    return evaluate(nodeAt(binding.whole, row.sequence) ?? { row, variable: -1 });
  };
}

/**
 * Returns the node of a row in a match of consecutive rows. Returns null for a row before or after
 * the match.
 */
function nodeAt(last: PathNode | null, sequence: number): PathNode | null {
  let node = last;
  if (node === null || sequence > node.row.sequence) return null;
  while (node !== null && node.row.sequence > sequence) node = node.previous;
  return node;
}

const shownPath = (binding: MatchBinding): PathNode | null => binding.path;
const wholePath = (binding: MatchBinding): PathNode | null => binding.whole;

function aggregation(
  node: MatchAggregate,
  rows: Rows,
  perRow: (expression: Expression) => ScalarExpression<MatchedRow>,
): ScalarExpression<MatchBinding> {
  const { call } = node;
  const pathOf = node.final ? wholePath : shownPath;
  if (call.function.toUpperCase() === 'COUNT' && call.args.length === 0 && call.filter === undefined) {
    return (binding) => countRows(pathOf(binding), rows) + (countsCurrent(binding, rows) ? 1 : 0);
  }
  const aggregator = createAggregator(call, false);
  const only = rows === null ? -1 : onlyVariable(rows);
  const counts = only >= 0 && countsValues(node) ? new ValueCounts(perRow(call.args[0]!), only) : null;
  const args = call.args.map(perRow);
  const filter = call.filter === undefined ? null : perRow(call.filter);
  return (binding) => {
    const index = binding.current === null ? pathOf(binding)?.index : undefined;
    if (counts !== null && index !== undefined) return counts.count(index);
    const values: unknown[][] = [];
    const add = (row: MatchedRow): void => {
      if (filter === null || filter(row) === true) values.push(args.map((arg) => arg(row)));
    };
    if (countsCurrent(binding, rows)) add(binding.current!);
    for (let path = pathOf(binding); path !== null; ) {
      if (rows === null || rows[path.variable] === 1) {
        add(path);
        path = path.previous;
      } else path = beforeRun(path);
    }
    return aggregateRows(aggregator, values.reverse(), args.length);
  };
}

function countsCurrent(binding: MatchBinding, rows: Rows): boolean {
  return binding.current !== null && (rows === null || rows[binding.variable] === 1);
}

function countRows(path: PathNode | null, rows: Rows): number {
  if (rows === null || path === null) return path === null ? 0 : path.length;
  let count = 0;
  if (path.index !== undefined) {
    const { ofVariable } = path.index;
    for (let i = 0; i < rows.length; i++) if (rows[i] === 1) count += ofVariable[i]!.length;
    return count;
  }
  for (let node: PathNode | null = path; node !== null; ) {
    if (rows[node.variable] === 1) {
      count++;
      node = node.previous;
    } else node = beforeRun(node);
  }
  return count;
}

/** Returns the variable if only one is included, otherwise -1. */
function onlyVariable(rows: Uint8Array): number {
  const first = rows.indexOf(1);
  return first === rows.lastIndexOf(1) ? first : -1;
}

/** Returns the row with `skip` included rows after it. */
function fromEnd(path: PathNode | null, rows: Rows, skip: number): PathNode | null {
  const only = path?.index === undefined || rows === null ? -1 : onlyVariable(rows);
  if (only >= 0) return path!.index!.ofVariable[only]![skip] ?? null;
  let left = skip;
  for (let node = path; node !== null; ) {
    if (rows !== null && rows[node.variable] !== 1) node = beforeRun(node);
    else if (left-- === 0) return node;
    else node = node.previous;
  }
  return null;
}

/** Returns the node before the rows of the same variable that end with this one, if it is known. */
function beforeRun(node: PathNode): PathNode | null {
  return node.beforeRun === undefined ? node.previous : node.beforeRun;
}
