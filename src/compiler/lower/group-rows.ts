import type { SourceSpan } from '../../core/diagnostic.ts';
import type { AggregateCall, Expression } from '../../plan/expression.ts';
import { withoutAttribute } from '../typecheck/convert.ts';
import { type GroupKey, prepareKeys } from './group-keys.ts';
import type { GroupWindow } from './group-window.ts';
import type { QueryPlace } from './query-place.ts';
import { project, type Relation, type RelationField, type WindowColumn } from './relation.ts';
import { warnStandingTime } from './warn-standing-time.ts';
import { aggregateWindows } from './window-aggregate.ts';
import type { WindowRole } from './window-columns.ts';

export interface Aggregated {
  readonly relation: Relation;
  /** Position in the relation of each key, aggregate and window column. */
  readonly positions: readonly number[];
}

/**
 * Adds an aggregation over an input. The keys decide its kind: a window aggregation if they contain
 * a whole window, otherwise an unbounded aggregation.
 */
export function groupRows(
  input: Relation,
  keys: readonly GroupKey[],
  aggregates: readonly AggregateCall[],
  window: GroupWindow | null,
  roles: readonly WindowRole[],
  place: QueryPlace,
  span: SourceSpan,
): Aggregated | null {
  const prepared = prepareKeys(input, keys, aggregates, window?.column ?? null, place.scope);
  const windowed = aggregateWindows(prepared, window, roles, place, span);
  if (windowed === 'refused') return null;
  if (windowed !== null) {
    const { operation } = windowed.relation;
    if (operation.kind === 'window-aggregate' && operation.time.time === 'rowtime')
      warnStandingTime(input, 'the last window', span, place.job.session);
    return windowed;
  }
  warnHalfWindow(
    prepared.keys.map((index) => prepared.input.fields[index]!.window),
    span,
    place,
  );
  const keyFields = prepared.keys.map((index, i): RelationField => {
    const field = prepared.input.fields[index]!;
    return { name: keys[i]!.name, type: withoutAttribute(field.type) };
  });
  const fields = [...keyFields, ...prepared.aggregates.map((call, i) => ({ name: `agg$${i}`, type: call.type }))];
  const relation: Relation = {
    operation: {
      kind: 'group-aggregate',
      keys: prepared.keys,
      aggregates: prepared.aggregates,
      updateBefore: true,
    },
    inputs: [prepared.input],
    fields,
    scope: place.scope,
  };
  return { relation, positions: fields.map((_, i) => i) };
}

/**
 * Warns if the keys contain only the start or only the end of a window. Flink then makes an
 * unbounded aggregation.
 */
function warnHalfWindow(windows: readonly (WindowColumn | undefined)[], span: SourceSpan, place: QueryPlace): void {
  for (const window of windows) {
    if (window === undefined || window.role === 'time') continue;
    const other = window.role === 'start' ? 'end' : 'start';
    if (windows.some((each) => each?.origin === window.origin && each.role === other)) continue;
    place.job.session.diagnostics.warn(
      'SQL_UNBOUNDED_STATE',
      span,
      `GROUP BY has window_${window.role} without window_${other}, so it is no window aggregation, as in Flink: it sends changes for each row and keeps its state for ever`,
      `write GROUP BY window_start, window_end, also if window_${other} is not selected`,
    );
  }
}

/** Groups by all columns, for SELECT DISTINCT and UNION. */
export function distinctRows(input: Relation, place: QueryPlace, span: SourceSpan): Relation | null {
  const keys = input.fields.map(
    (field, index): GroupKey => ({ expression: { kind: 'column', index, type: field.type }, name: field.name }),
  );
  const result = groupRows(input, keys, [], null, [], place, span);
  if (result === null) return null;
  const { relation, positions } = result;
  const isSame = positions.every((position, i) => position === i && relation.fields[i]!.name === input.fields[i]!.name);
  if (isSame) return relation;
  const fields = input.fields.map((field, i) => ({ ...relation.fields[positions[i]!]!, name: field.name }));
  const expressions = positions.map(
    (index): Expression => ({ kind: 'column', index, type: relation.fields[index]!.type }),
  );
  return project(relation, expressions, fields, place.scope);
}
