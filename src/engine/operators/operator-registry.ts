import type { Field } from '../../core/data-type.ts';
import type { PlanNode } from '../../plan/plan-node.ts';
import type { Sink } from '../sink.ts';
import { GroupAggregateOperator } from './aggregate/group-aggregate.ts';
import { WindowAggregateOperator } from './aggregate/window-aggregate.ts';
import { FilterOperator } from './filter.ts';
import { MatchOperator } from './match.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { ProjectOperator } from './project.ts';
import { ScanOperator } from './scan.ts';
import { FIRST_CONTENT_COLUMN } from './session/open-sessions.ts';
import { sessionAggregate } from './session/session-aggregate.ts';
import { SessionOperator } from './session/session-operator.ts';
import { SessionRows } from './session/session-table.ts';
import { SinkOperator } from './sink.ts';
import { UnionOperator } from './union.ts';
import { WatermarkOperator } from './watermark.ts';
import { WindowTableOperator } from './window-table.ts';

/** What a node's operator needs to know of the plan around it. */
export interface BuildContext extends OperatorContext {
  readonly inputFields: readonly Field[];
  /** The input carries −U or −D. */
  readonly inputRetracts: boolean;
  readonly sink: Sink | null;
}

type Factory<K extends PlanNode['kind']> = (node: Extract<PlanNode, { kind: K }>, context: BuildContext) => Operator;

/** Every kind of plan node has an operator; a missing one does not compile. */
const OPERATORS: { readonly [K in PlanNode['kind']]: Factory<K> } = {
  scan: () => new ScanOperator(),
  project: (node, context) => new ProjectOperator(node, context.inputFields.length, context),
  filter: (node, context) => new FilterOperator(node, context.inputFields.length, context),
  watermark: (node, context) => new WatermarkOperator(node, context),
  union: (node) => new UnionOperator(node),
  'window-table': (node, context) =>
    node.window.kind === 'session'
      ? new SessionOperator(
          {
            gapMs: node.window.gapMs,
            time: node.time,
            key: node.window.partition,
            fields: node.fields,
            content: new SessionRows(context.inputFields, node.window.partition, context, FIRST_CONTENT_COLUMN),
          },
          context.inputFields,
          context,
        )
      : new WindowTableOperator(node, context),
  'group-aggregate': (node, context) =>
    new GroupAggregateOperator(node, context.inputFields, context.inputRetracts, context),
  'window-aggregate': (node, context) =>
    node.window.kind === 'session' && node.attached === undefined
      ? new SessionOperator(
          {
            gapMs: node.window.gapMs,
            time: node.time,
            key: node.keys,
            fields: node.fields,
            content: sessionAggregate(node, context, FIRST_CONTENT_COLUMN),
          },
          context.inputFields,
          context,
        )
      : new WindowAggregateOperator(node, context.inputFields, context),
  match: (node, context) => new MatchOperator(node, context.inputFields, context),
  sink: (_node, context) => new SinkOperator(context.sink!),
};

export function createOperator(node: PlanNode, context: BuildContext): Operator {
  return (OPERATORS[node.kind] as Factory<PlanNode['kind']>)(node as never, context);
}

/** Nodes that keep state between batches. */
export const STATEFUL: ReadonlySet<PlanNode['kind']> = new Set([
  'group-aggregate',
  'window-aggregate',
  'window-table',
  'match',
]);
