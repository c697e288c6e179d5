import type { Operation, PlanNode } from '../plan-node.ts';
import { filterDefinition } from './filter.ts';
import { groupAggregateDefinition } from './group-aggregate.ts';
import { lateRowsDefinition } from './late-rows.ts';
import { limitDefinition } from './limit.ts';
import { matchDefinition } from './match.ts';
import type { NodeDefinition } from './node-definition.ts';
import { projectDefinition } from './project.ts';
import { scanDefinition } from './scan.ts';
import { sinkDefinition } from './sink.ts';
import { sortDefinition } from './sort.ts';
import { unionDefinition } from './union.ts';
import { watermarkDefinition } from './watermark.ts';
import { windowAggregateDefinition } from './window-aggregate.ts';
import { windowTableDefinition } from './window-table.ts';

/** Every kind of node has a definition. A missing one is a compile error. */
const DEFINITIONS: {
  readonly [K in PlanNode['kind']]: NodeDefinition<Extract<Operation, { readonly kind: K }>>;
} = {
  scan: scanDefinition,
  project: projectDefinition,
  filter: filterDefinition,
  watermark: watermarkDefinition,
  union: unionDefinition,
  'window-table': windowTableDefinition,
  'group-aggregate': groupAggregateDefinition,
  'window-aggregate': windowAggregateDefinition,
  match: matchDefinition,
  limit: limitDefinition,
  'late-rows': lateRowsDefinition,
  sort: sortDefinition,
  sink: sinkDefinition,
};

export const NODE_KINDS = Object.keys(DEFINITIONS) as readonly PlanNode['kind'][];

/** Returns the definition of the operation's kind, which takes all operations of that kind. */
export function definitionOf<O extends Operation>({ kind }: Pick<O, 'kind'>): NodeDefinition<O> {
  // The type of the table ensures that each definition is one of its kind.
  return DEFINITIONS[kind] as unknown as NodeDefinition<O>;
}
