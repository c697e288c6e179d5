import type { MatchOperation } from './match-node.ts';
import type { FilterOperation } from './nodes/filter.ts';
import type { GroupAggregateOperation } from './nodes/group-aggregate.ts';
import type { LateRowsOperation } from './nodes/late-rows.ts';
import type { LimitOperation } from './nodes/limit.ts';
import type { NodeBase } from './nodes/node-definition.ts';
import type { ProjectOperation } from './nodes/project.ts';
import type { ScanOperation } from './nodes/scan.ts';
import type { SinkOperation } from './nodes/sink.ts';
import type { SortOperation } from './nodes/sort.ts';
import type { UnionOperation } from './nodes/union.ts';
import type { WatermarkOperation } from './nodes/watermark.ts';
import type { WindowAggregateOperation } from './nodes/window-aggregate.ts';
import type { WindowTableOperation } from './nodes/window-table.ts';

/** The operation of a node of a plan on its inputs. */
export type Operation =
  | ScanOperation
  | ProjectOperation
  | FilterOperation
  | WatermarkOperation
  | UnionOperation
  | WindowTableOperation
  | GroupAggregateOperation
  | WindowAggregateOperation
  | MatchOperation
  | LimitOperation
  | LateRowsOperation
  | SinkOperation
  | SortOperation;

/** An operation in its place in a plan. */
export type PlanNode = {
  readonly [K in Operation['kind']]: NodeBase & Extract<Operation, { readonly kind: K }>;
}[Operation['kind']];
