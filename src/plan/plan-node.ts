import type { Field } from '../core/data-type.ts';
import type { AggregateCall, Expression } from './expression.ts';
import type { MatchNode } from './match-node.ts';

/**
 * The nodes of a plan. `id` is the node's position in `Plan.nodes`; inputs always have a smaller
 * one. `fields` is the schema of the rows that come out. `name` is stable under edits elsewhere in
 * the text (statement + structural path), unique in the plan, and is what state is found by when a
 * changed plan is restored.
 */
export type PlanNode =
  | ScanNode
  | ProjectNode
  | FilterNode
  | WatermarkNode
  | UnionNode
  | WindowTableNode
  | GroupAggregateNode
  | WindowAggregateNode
  | MatchNode
  | SinkNode;

export interface NodeBase {
  readonly id: number;
  readonly name: string;
  readonly fields: readonly Field[];
}

/**
 * `options` are the WITH options as written, the connector's and the format's; secrets stand as
 * references.
 */
export interface TableOptions {
  readonly [key: string]: string;
}

/**
 * Reads the physical columns of a table that the plan needs. Each field is one physical column, or
 * a metadata column.
 */
export interface ScanNode extends NodeBase {
  readonly kind: 'scan';
  readonly table: string;
  readonly options: TableOptions;
  /** For each field: the physical column's name in the table, or the metadata key. */
  readonly columns: readonly ScanColumn[];
  /**
   * Names of all physical columns of the table in order: formats without names in the data (csv)
   * find their columns by it.
   */
  readonly physical: readonly string[];
}
export interface ScanColumn {
  readonly source: 'physical' | 'metadata';
  readonly key: string;
}

/** One expression per output field. */
export interface ProjectNode extends NodeBase {
  readonly kind: 'project';
  readonly input: number;
  readonly expressions: readonly Expression[];
}

/** Keeps the rows for which the condition is TRUE. */
export interface FilterNode extends NodeBase {
  readonly kind: 'filter';
  readonly input: number;
  readonly condition: Expression;
}

/**
 * Makes `column` the event time. After each row the watermark becomes the largest value of
 * `expression` so far (milliseconds; NULL and smaller ones ignored). A row whose `column` is NULL
 * fails the job, as in Flink.
 */
export interface WatermarkNode extends NodeBase {
  readonly kind: 'watermark';
  readonly input: number;
  readonly column: number;
  readonly expression: Expression;
}

/** UNION ALL: the rows of all inputs, in the total order of the sources. */
export interface UnionNode extends NodeBase {
  readonly kind: 'union';
  readonly inputs: readonly number[];
}

/**
 * Windows of a table function. Times in milliseconds. With `zone` (an event time of TIMESTAMP_LTZ)
 * windows are cut in local time. `column` is the time attribute in the input.
 */
export type WindowSpec =
  | { readonly kind: 'tumble'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'hop'; readonly slideMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'cumulate'; readonly stepMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'session'; readonly gapMs: number; readonly partition: readonly number[] };

export interface WindowTime {
  readonly column: number;
  readonly time: 'rowtime' | 'proctime';
  /**
   * Zone of the session when the column is TIMESTAMP_LTZ, otherwise null: windows are cut in UTC.
   */
  readonly zone: string | null;
}

/**
 * A window table function without aggregation: appends window_start, window_end, window_time to
 * each input row; drops nothing.
 */
export interface WindowTableNode extends NodeBase {
  readonly kind: 'window-table';
  readonly input: number;
  readonly window: WindowSpec;
  readonly time: WindowTime;
}

/**
 * Unbounded GROUP BY: output fields are the keys, then the aggregates; a changelog. `input` may be
 * a changelog too.
 */
export interface GroupAggregateNode extends NodeBase {
  readonly kind: 'group-aggregate';
  readonly input: number;
  readonly keys: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  /**
   * Milliseconds that a group is kept after its last change; 0 = for ever (`table.exec.state.ttl`).
   */
  readonly ttlMs: number;
  /** Whether consumers need −U before +U. */
  readonly updateBefore: boolean;
}

/**
 * GROUP BY window_start, window_end [, window_time], keys: one row per window and key when the
 * watermark passes, insert-only. Output fields: the keys, the aggregates, then the window columns
 * listed in `windowFields`.
 */
export interface WindowAggregateNode extends NodeBase {
  readonly kind: 'window-aggregate';
  readonly input: number;
  readonly window: WindowSpec;
  readonly time: WindowTime;
  readonly keys: readonly number[];
  readonly aggregates: readonly AggregateCall[];
  readonly windowFields: readonly ('start' | 'end' | 'time')[];
  /**
   * The input already carries windows (a cascade): positions of its window_start and window_end;
   * `window` is then ignored.
   */
  readonly attached?: { readonly start: number; readonly end: number };
}

/**
 * The end of a plan. `table` is `result` for a bare SELECT, whose `options.connector` is `collect`.
 */
export interface SinkNode extends NodeBase {
  readonly kind: 'sink';
  readonly input: number;
  readonly table: string;
  readonly options: TableOptions;
  /** `insert`: only +I comes; `changelog`: all four kinds. */
  readonly changelog: 'insert' | 'changelog';
  /** Positions of the primary key, empty when there is none. */
  readonly primaryKey: readonly number[];
}

export type NodeKind = PlanNode['kind'];
