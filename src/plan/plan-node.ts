import type { MatchNode, MatchOperation } from './match-node.ts';
import type { FilterNode, FilterOperation } from './nodes/filter.ts';
import type { GroupAggregateNode, GroupAggregateOperation } from './nodes/group-aggregate.ts';
import type { ProjectNode, ProjectOperation } from './nodes/project.ts';
import type { ScanNode, ScanOperation } from './nodes/scan.ts';
import type { SinkNode, SinkOperation } from './nodes/sink.ts';
import type { UnionNode, UnionOperation } from './nodes/union.ts';
import type { WatermarkNode, WatermarkOperation } from './nodes/watermark.ts';
import type { WindowAggregateNode, WindowAggregateOperation } from './nodes/window-aggregate.ts';
import type { WindowTableNode, WindowTableOperation } from './nodes/window-table.ts';

/** What a node of a plan does to its inputs. */
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
  | SinkOperation;

/** An operation in its place in a plan. */
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
