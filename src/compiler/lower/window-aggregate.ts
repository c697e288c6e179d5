import { type DataType, timestamp } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { AggregateCall, Expression } from '../../plan/expression.ts';
import { collectColumns, mapAggregate, partsOf, replaceColumns } from '../../plan/walk-expression.ts';
import type { WindowSpec } from '../../plan/window-spec.ts';
import { withoutAttribute } from '../typecheck/convert.ts';
import { logicOf } from '../typecheck/expression-forms.ts';
import type { PreparedKeys } from './group-keys.ts';
import type { GroupWindow } from './group-window.ts';
import type { QueryPlace } from './query-place.ts';
import { project, type Relation, type RelationField, type WindowColumn, type WindowOrigin } from './relation.ts';
import { WINDOW_COLUMN_NAMES, type WindowRole, windowColumnType } from './window-columns.ts';
import { checkSlices } from './window-spec.ts';

interface Aggregated {
  readonly relation: Relation;
  readonly positions: readonly number[];
}

/**
 * Lowers GROUP BY to a window aggregation. The keys contain window_start and window_end of one
 * table function, or GROUP BY contains a window function. Returns null for an ordinary grouping.
 * For sessions the other keys must be the function's PARTITION BY columns. Otherwise the result is
 * a changelog, as in Flink.
 */
export function aggregateWindows(
  prepared: PreparedKeys,
  legacy: GroupWindow | null,
  roles: readonly WindowRole[],
  place: QueryPlace,
  span: SourceSpan,
): Aggregated | 'refused' | null {
  if (legacy !== null) {
    noteUnmerged(legacy.spec, prepared.aggregates, span, place);
    const spec: WindowSpec =
      legacy.spec.kind === 'session' ? { ...legacy.spec, partition: prepared.keys } : legacy.spec;
    const time = { ...legacy.time, column: prepared.time! };
    return build(
      prepared,
      prepared.keys.map((_, i) => i),
      spec,
      { ...time },
      null,
      roles,
      legacy.timeType,
      place,
    );
  }
  const windows = prepared.keys.map((index) => prepared.input.fields[index]!.window);
  const start = windows.findIndex((window) => window?.role === 'start');
  const end = windows.findIndex((window) => window?.role === 'end');
  const origin = windows[start]?.origin;
  if (start < 0 || end < 0 || origin !== windows[end]?.origin || origin === undefined) return null;
  const own = windows.flatMap((window, i) => (window?.origin === origin ? [] : [i]));
  const below = origin.table === null ? null : belowWindows(prepared.input, origin.table, columnsBelow(origin.table));
  if (origin.spec.kind === 'session' && !isBySession(prepared, own, origin, below)) return null;
  if (!checkSlices(origin.spec, span, place.job.session)) return 'refused';
  noteUnmerged(origin.spec, prepared.aggregates, span, place);
  const rolesOfKeys = windows.flatMap((window) => (window?.origin === origin ? [window.role] : []));
  const fields = (['start', 'end', 'time'] as const).filter((role) => rolesOfKeys.includes(role));
  const timeType =
    origin.table === null ? timeTypeOf(origin) : origin.table.inputs[0]!.fields[origin.time.column]!.type;
  const direct = below === null ? null : moveBelow(prepared, own, below, origin.table!, place.scope);
  let result: Aggregated;
  if (direct !== null) result = build(direct, own, origin.spec, origin.time, null, fields, timeType, place);
  else {
    const attached = { start: prepared.keys[start]!, end: prepared.keys[end]! };
    result = build(
      prepared,
      own,
      origin.spec,
      { ...origin.time, column: attached.end },
      attached,
      fields,
      timeType,
      place,
    );
  }
  // positions of the keys in the order of GROUP BY: the window columns come last
  const nAggregates = prepared.aggregates.length;
  const positions = windows.map((window, i) =>
    window?.origin === origin ? own.length + nAggregates + fields.indexOf(window.role) : own.indexOf(i),
  );
  return { relation: result.relation, positions: [...positions, ...prepared.aggregates.map((_, i) => own.length + i)] };
}

/** Flink cannot merge the accumulators of these aggregates. */
const UNMERGED = /^(FIRST_VALUE|LAST_VALUE|JSON_ARRAYAGG|JSON_OBJECTAGG)\b/;

/** Notes aggregates that Flink refuses in windows made of parts (recorded: sweep `portable`). */
function noteUnmerged(
  { kind }: WindowSpec,
  calls: readonly AggregateCall[],
  span: SourceSpan,
  place: QueryPlace,
): void {
  const name = calls.map((call) => UNMERGED.exec(call.function)?.[1]).find((each) => each !== undefined);
  if (kind !== 'tumble' && name !== undefined)
    place.job.session.extension(span, `${name} in a ${kind.toUpperCase()} window`);
}

const timeTypes = new WeakMap<WindowOrigin, DataType>();
const timeTypeOf = (origin: WindowOrigin): DataType => timeTypes.get(origin) ?? timestamp(3, false);

function build(
  prepared: PreparedKeys,
  own: readonly number[],
  spec: WindowSpec,
  time: WindowOrigin['time'],
  attached: { readonly start: number; readonly end: number } | null,
  roles: readonly WindowRole[],
  timeType: DataType,
  place: QueryPlace,
): Aggregated {
  const keys = own.map((i) => prepared.keys[i]!);
  const origin: { -readonly [K in keyof WindowOrigin]: WindowOrigin[K] } = { spec, time, table: null };
  timeTypes.set(origin, timeType);
  const windowFields = roles.map(
    (role): RelationField => ({
      name: WINDOW_COLUMN_NAMES[role],
      type: windowColumnType(role, timeType),
      window: { role, origin } satisfies WindowColumn,
    }),
  );
  const fields: RelationField[] = [
    ...own.map((i, k) => ({ name: prepared.names[i]!, type: withoutAttribute(prepared.input.fields[keys[k]!]!.type) })),
    ...prepared.aggregates.map((call, i) => ({ name: `agg$${i}`, type: call.type })),
    ...windowFields,
  ];
  const relation: Relation = {
    operation: {
      kind: 'window-aggregate',
      window: spec,
      time,
      keys,
      aggregates: prepared.aggregates,
      windowFields: roles,
      ...(attached === null ? {} : { attached }),
    },
    inputs: [prepared.input],
    fields,
    scope: place.scope,
  };
  origin.grouped = { relation, keys: own.length };
  return { relation, positions: fields.map((_, i) => i) };
}

/**
 * The expressions between a window table function and its aggregation, rewritten over the input of
 * the function.
 */
interface Below {
  /**
   * One expression for each column of the relation. Undefined if the column depends on the window.
   */
  readonly columns: readonly (Expression | undefined)[];
  readonly conditions: readonly Expression[];
}

/** The number of columns of a table function that do not depend on the window. */
const columnsBelow = (table: Relation): number => table.inputs[0]!.fields.length;

/**
 * Rewrites the expressions between a table function and an aggregation over the function's input.
 * The aggregation can then assign the windows. Returns null if one of these expressions reads a
 * window column. `columns`: the first columns of `table`, which do not depend on the window.
 */
function belowWindows(relation: Relation, table: Relation, columns: number): Below | null {
  if (relation === table) {
    return {
      columns: table.fields.map((field, index) =>
        index < columns ? { kind: 'column', index, type: field.type } : undefined,
      ),
      conditions: [],
    };
  }
  const { operation } = relation;
  if (operation.kind !== 'filter' && operation.kind !== 'project') return null;
  const below = belowWindows(relation.inputs[0]!, table, columns);
  if (below === null) return null;
  if (operation.kind === 'project')
    return { ...below, columns: operation.expressions.map((expression) => substitute(expression, below)) };
  const condition = substitute(operation.condition, below);
  return condition === undefined ? null : { ...below, conditions: [...below.conditions, condition] };
}

function substitute(expression: Expression, below: Below): Expression | undefined {
  const used = new Set<number>();
  collectColumns(expression, used);
  if ([...used].some((index) => below.columns[index] === undefined)) return undefined;
  return replaceColumns(expression, (column) => below.columns[column.index]!);
}

/** Returns whether the keys without the window are those that tell the sessions apart. */
function isBySession(
  prepared: PreparedKeys,
  own: readonly number[],
  { spec, table, grouped }: WindowOrigin,
  below: Below | null,
): boolean {
  if (spec.kind !== 'session') return false;
  if (table !== null) return samePartition(prepared, own, spec.partition, below);
  const { relation, keys } = grouped!;
  const partition = Array.from({ length: keys }, (_, i) => i);
  return samePartition(prepared, own, partition, belowWindows(prepared.input, relation, keys));
}

function samePartition(
  prepared: PreparedKeys,
  own: readonly number[],
  partition: readonly number[],
  below: Below | null,
): boolean {
  const keys = own.map((i) => below?.columns[prepared.keys[i]!]);
  return (
    keys.length === partition.length &&
    partition.every((index) => keys.some((key) => key?.kind === 'column' && key.index === index))
  );
}

/**
 * Returns the aggregation's input without the table function. Keeps the conditions. Adds a
 * projection only if a key is an expression.
 */
function moveBelow(
  prepared: PreparedKeys,
  own: readonly number[],
  below: Below,
  table: Relation,
  scope: string,
): PreparedKeys | null {
  const keys = own.map((i) => below.columns[prepared.keys[i]!]);
  if (keys.includes(undefined)) return null;
  const substituted = prepared.aggregates.map((call) =>
    partsOf(call).every((part) => substitute(part, below) !== undefined),
  );
  if (substituted.includes(false)) return null;
  const aggregates = prepared.aggregates.map((call) => mapAggregate(call, (part) => substitute(part, below)!));
  let input = table.inputs[0]!;
  if (below.conditions.length > 0) {
    input = {
      operation: { kind: 'filter', condition: logicOf('and', below.conditions) },
      inputs: [input],
      fields: input.fields,
      scope,
    };
  }
  const expressions = keys as Expression[];
  const width = input.fields.length;
  const extra = expressions.filter((key) => key.kind !== 'column');
  if (extra.length > 0) {
    const all = [
      ...input.fields.map((field, index): Expression => ({ kind: 'column', index, type: field.type })),
      ...extra,
    ];
    const fields = [
      ...input.fields,
      ...extra.map((key, i) => ({ name: `key$${i}`, type: key.type, added: true as const })),
    ];
    input = project(input, all, fields, scope);
  }
  const positions = new Map(
    own.map((i, k) => [
      i,
      expressions[k]!.kind === 'column'
        ? (expressions[k] as { index: number }).index
        : width + extra.indexOf(expressions[k]!),
    ]),
  );
  return { ...prepared, input, keys: prepared.keys.map((_, i) => positions.get(i) ?? -1), aggregates };
}
