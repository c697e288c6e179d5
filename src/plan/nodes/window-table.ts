import type { Field } from '../../core/data-type.ts';
import { constant, record } from '../decode/decoder.ts';
import { hashOf } from '../hash.ts';
import type { Key } from '../traits.ts';
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
import {
  allColumns,
  movedColumn,
  type NodeBase,
  type NodeDefinition,
  onlyInserts,
  remainingColumns,
} from './node-definition.ts';

/**
 * A window table function without aggregation: appends window_start, window_end, window_time to
 * each input row; drops no row.
 */
export interface WindowTableOperation {
  readonly kind: 'window-table';
  readonly window: WindowSpec;
  readonly time: WindowTime;
}
export interface WindowTableNode extends NodeBase, WindowTableOperation {}

export const windowTableDefinition: NodeDefinition<WindowTableOperation> = {
  inputs: 'one',
  expressions: () => [],
  waitsForWatermark: ({ time }) => time.time === 'rowtime',
  columnsRead({ window, time }, { inputs }, wanted) {
    const passed = [...wanted].filter((i) => i < inputs[0]!.length);
    return [[...passed, time.column, ...windowPartition(window)]];
  },
  prune({ kind, window, time }, pruning) {
    const width = pruning.inputs[0]!.length;
    const at = movedColumn(pruning);
    const added = allColumns(pruning.fields).filter((i) => i >= width);
    return {
      operation: { kind, window: moveWindow(window, at), time: { ...time, column: at(time.column) } },
      kept: [...remainingColumns(pruning), ...added],
    };
  },
  lineage(node, [input]) {
    const rows = hashOf({ meaning: meaningOf(node, input!.columns), of: input!.rows });
    const added = node.fields.slice(input!.columns.length).map((_, i) => hashOf({ rows, window: i }));
    return { rows, columns: [...input!.columns, ...added] };
  },
  meaning: (node, [columns]) => meaningOf(node, columns!),
  changes: onlyInserts,
  keys: ({ window }, { inputs }, [input]) =>
    ONE_WINDOW.has(window.kind)
      ? input!
      : { unique: withEnd(input!.unique, inputs[0]!), upsert: withEnd(input!.upsert, inputs[0]!) },
  together: ({ window }) => [window.kind === 'session' ? window.partition : null],
  // A session's rows have to wait for its end; other windows are known when the row arrives.
  keepsState: ({ window }) => window.kind === 'session',
  stateBound: ({ window }) =>
    window.kind === 'session'
      ? { lasts: 'windowed', text: 'the rows of each open session, until the watermark passes its end' }
      : null,
  explain: ({ window, time }, { inputs }) => `Windows ${windowText(window, time, inputs[0]!)}`,
  fingerprint: (operation) => operation,
  decode: record<WindowTableOperation>({ kind: constant('window-table'), window: windowSpec, time: windowTime }),
  misfit: ({ window }, { fields, inputs }) =>
    fields.length === inputs[0]!.length + 3
      ? windowMisfit(window, inputs[0]!)
      : 'does not have three fields more than its input',
};

/**
 * A row belongs to one window of these kinds. For the other kinds it is repeated for each window.
 */
const ONE_WINDOW: ReadonlySet<WindowSpec['kind']> = new Set(['tumble', 'session']);

/** Returns the keys with window_end. It follows window_start, after the input's columns. */
const withEnd = (keys: readonly Key[], input: readonly Field[]): readonly Key[] =>
  keys.map((key) => [...key, input.length + 1]);

function meaningOf({ kind, fields, window, time }: WindowTableNode, columns: readonly string[]): string {
  const partition = windowPartition(window).map((i) => columns[i]!);
  // A session keeps whole rows.
  return hashOf({ kind, fields, columns, window: { ...window, partition }, time: columns[time.column]! });
}
