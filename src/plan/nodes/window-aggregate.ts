import { aggregateCall } from '../decode/decode-expression.ts';
import { column, constant, list, oneOf, optional, record } from '../decode/decoder.ts';
import { explainAggregate } from '../explain-expression.ts';
import type { AggregateCall } from '../expression.ts';
import { hashOf } from '../hash.ts';
import { type Keys, NO_KEYS } from '../traits.ts';
import { columnsOf, mapAggregate, moveColumns, partsOf, withLineage } from '../walk-expression.ts';
import {
  moveWindow,
  type WindowSpec,
  type WindowTime,
  windowMisfit,
  windowPartition,
  windowSpec,
  windowText,
  windowTime,
} from '../window-spec.ts';
import { columnName, columnNames } from './column-names.ts';
import { allColumns, movedColumn, type NodeBase, type NodeDefinition, oneKey, onlyInserts } from './node-definition.ts';

/**
 * GROUP BY window_start, window_end [, window_time], keys: one row per window and key when the
 * watermark passes, insert-only. Output fields: the keys, the aggregates, then the window columns
 * listed in `windowFields`.
 */
export interface WindowAggregateOperation {
  readonly kind: 'window-aggregate';
  readonly window: WindowSpec;
  readonly time: WindowTime;
  readonly keys: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  readonly windowFields: readonly ('start' | 'end' | 'time')[];
  /**
   * The input already has windows (a cascade): positions of its window_start and window_end;
   * `window` is then ignored.
   */
  readonly attached?: AttachedWindow;
}
export interface WindowAggregateNode extends NodeBase, WindowAggregateOperation {}
export interface AttachedWindow {
  readonly start: number;
  readonly end: number;
}

export const windowAggregateDefinition: NodeDefinition<WindowAggregateOperation> = {
  inputs: 'one',
  expressions: ({ aggregates }) => aggregates.flatMap(partsOf),
  waitsForWatermark: ({ time }) => time.time === 'rowtime',
  columnsRead({ window, time, keys, aggregates, attached }) {
    const ofWindow = attached === undefined ? windowPartition(window) : [attached.start, attached.end];
    return [[...keys, ...columnsOf(aggregates.flatMap(partsOf)), time.column, ...ofWindow]];
  },
  prune(operation, pruning) {
    const { window, time, keys, aggregates, attached } = operation;
    const at = movedColumn(pruning);
    return {
      operation: {
        ...operation,
        window: attached === undefined ? moveWindow(window, at) : window,
        time: { ...time, column: at(time.column) },
        keys: keys.map(at),
        aggregates: aggregates.map((call) => mapAggregate(call, (part) => moveColumns(part, at))),
        ...(attached === undefined ? {} : { attached: { start: at(attached.start), end: at(attached.end) } }),
      },
      kept: allColumns(pruning.fields),
    };
  },
  lineage(node, [input]) {
    const rows = hashOf({ meaning: meaningOf(node, input!.columns), of: [input!.rows] });
    return { rows, columns: node.fields.map((_, i) => hashOf({ rows, field: i })) };
  },
  meaning: (node, [columns]) => meaningOf(node, columns!),
  changes: onlyInserts,
  keys: windowKeys,
  together: ({ keys }) => [keys],
  keepsState: () => true,
  stateBound: () => ({
    lasts: 'windowed',
    text: 'one entry for each key and window, until the watermark passes the end of the window',
  }),
  explain({ window, time, keys, aggregates, attached }, { inputs }) {
    const input = inputs[0]!;
    const cut = attached
      ? `windows of (${columnName(input, attached.start)}, ${columnName(input, attached.end)})`
      : windowText(window, time, input);
    const calls = aggregates.map((call) => explainAggregate(call, input));
    return `WindowAggregate ${cut} by (${columnNames(input, keys)}) computing (${calls.join(', ')})`;
  },
  fingerprint: (operation) => operation,
  decode: record<WindowAggregateOperation>({
    kind: constant('window-aggregate'),
    window: windowSpec,
    time: windowTime,
    keys: list(column),
    aggregates: list(aggregateCall),
    windowFields: list(oneOf('start', 'end', 'time')),
    attached: optional(record<AttachedWindow>({ start: column, end: column })),
  }),
  misfit({ window, keys, aggregates, windowFields, attached }, { fields, inputs }) {
    if (keys.length + aggregates.length + windowFields.length !== fields.length) {
      return 'has another number of fields than of keys, aggregates and window columns';
    }
    return attached === undefined ? windowMisfit(window, inputs[0]!) : null;
  },
};

/**
 * Returns the keys with the window. Its end or window_time identifies it. Windows of the input's
 * rows may have the same end and a different start.
 */
function windowKeys({ keys, aggregates, windowFields, attached }: WindowAggregateOperation): Keys {
  const own = keys.map((_, i) => i);
  const fieldOf = (field: WindowAggregateOperation['windowFields'][number]): number => {
    const at = windowFields.indexOf(field);
    return at < 0 ? -1 : keys.length + aggregates.length + at;
  };
  const end = Math.max(fieldOf('end'), fieldOf('time'));
  const start = fieldOf('start');
  if (end < 0 || (attached !== undefined && start < 0)) return NO_KEYS;
  return oneKey(attached === undefined ? [...own, end] : [...own, start, end]);
}

function meaningOf(node: WindowAggregateNode, columns: readonly string[]): string {
  const { kind, fields, window, windowFields, attached } = node;
  const of = (index: number): string => columns[index]!;
  const calls = node.aggregates.map((call) => mapAggregate(call, (part) => withLineage(part, columns)));
  const time = { ...node.time, column: of(node.time.column) };
  const cut = attached === undefined ? window : { start: of(attached.start), end: of(attached.end) };
  const partition = windowPartition(window).map(of);
  return hashOf({ kind, fields, cut: { ...cut, partition }, time, keys: node.keys.map(of), calls, windowFields });
}
