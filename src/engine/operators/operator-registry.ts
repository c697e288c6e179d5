import { invariant } from '../../core/invariant.ts';
import type { Plan, PlannedNode } from '../../plan/plan.ts';
import { isInsertOnly } from '../../plan/traits.ts';
import type { MatchContext } from '../match/matching-parts.ts';
import type { Operator } from '../operator.ts';
import type { Sink } from '../sink.ts';
import { GroupAggregateOperator } from './aggregate/group-aggregate.ts';
import { WindowAggregateOperator } from './aggregate/window-aggregate.ts';
import { FilterOperator } from './filter.ts';
import { LateRowsOperator } from './late-rows.ts';
import { LimitOperator } from './limit.ts';
import type { MatchOperator } from './match.ts';
import { MergingUnionOperator } from './merging-union.ts';
import { ProjectOperator } from './project.ts';
import { ScanOperator } from './scan.ts';
import { FIRST_CONTENT_COLUMN } from './session/open-sessions.ts';
import { sessionAggregate } from './session/session-aggregate.ts';
import { SessionOperator } from './session/session-operator.ts';
import { SessionRows } from './session/session-table.ts';
import { SinkOperator } from './sink.ts';
import { SortOperator } from './sort.ts';
import { UnionOperator } from './union.ts';
import { WatermarkOperator } from './watermark.ts';
import { WindowTableOperator } from './window-table.ts';

/**
 * An input of an operator: the node that it reads, its fields, and its properties.
 */
export type OperatorInput = Pick<PlannedNode, 'name' | 'fields' | 'traits'>;

/** The information about the rest of the plan that an operator needs. */
export interface BuildContext extends MatchContext {
  /** The plan information about each input. */
  readonly inputs: readonly OperatorInput[];
  readonly sink: Sink | null;
}

type Factory<K extends PlannedNode['kind']> = (
  node: Extract<PlannedNode, { kind: K }>,
  context: BuildContext,
) => Operator;

/** Patterns are a seventh of all modules. A plan without a pattern starts faster without them. */
let matchOperator: typeof MatchOperator | undefined;

/** Loads the modules that the operators of a plan need. Call this before `createOperator`. */
export async function loadOperators(plan: Plan): Promise<void> {
  if (plan.nodes.some(({ kind }) => kind === 'match')) matchOperator = (await import('./match.ts')).MatchOperator;
}

/** Each kind of plan node has an operator. A missing operator is a compile error. */
const OPERATORS: { readonly [K in PlannedNode['kind']]: Factory<K> } = {
  scan: () => new ScanOperator(),
  project: (node, context) => new ProjectOperator(node, context.inputs[0]!.fields.length, context),
  filter: (node, context) => new FilterOperator(node, context.inputs[0]!.fields.length, context),
  watermark: (node, context) => new WatermarkOperator(node, context),
  union: (node) =>
    node.traits.mergesWays ? new MergingUnionOperator(node, node.traits.tracksOrigin) : new UnionOperator(node),
  'window-table': (node, context) =>
    node.window.kind === 'session'
      ? new SessionOperator(
          {
            gapMs: node.window.gapMs,
            time: node.time,
            key: node.window.partition,
            fields: node.fields,
            content: new SessionRows(context.inputs[0]!.fields, node.window.partition, context, FIRST_CONTENT_COLUMN),
          },
          context.inputs[0]!.fields,
          context,
        )
      : new WindowTableOperator(node, context),
  'group-aggregate': (node, context) =>
    new GroupAggregateOperator(
      node,
      context.inputs[0]!.fields,
      !isInsertOnly(context.inputs[0]!.traits.changes),
      context,
    ),
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
          context.inputs[0]!.fields,
          context,
        )
      : new WindowAggregateOperator(node, context.inputs[0]!.fields, context),
  match(node, context) {
    invariant(matchOperator !== undefined, 'loadOperators was called');
    return new matchOperator(node, context.inputs[0]!.fields, context);
  },
  limit: (node) => new LimitOperator(node),
  sort: (node, context) => new SortOperator(node, context),
  'late-rows': () => new LateRowsOperator(),
  sink: (_node, context) => new SinkOperator(context.sink!),
};

export function createOperator(node: PlannedNode, context: BuildContext): Operator {
  return (OPERATORS[node.kind] as Factory<PlannedNode['kind']>)(node as never, context);
}
