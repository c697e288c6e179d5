import { readsWatermark } from '../../plan/current-watermark.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { Plan, PlannedNode } from '../../plan/plan.ts';
import type { Endpoints } from '../endpoints.ts';
import type { Operator } from '../operator.ts';
import { type BuildContext, createOperator } from '../operators/operator-registry.ts';
import type { Sink } from '../sink.ts';
import { GraphNode } from './graph-node.ts';
import { idleAdvanceMs } from './idle-advance.ts';
import { idleTimeoutMs } from './idle-timeout.ts';
import { SourceChain } from './source-chain.ts';
import { SourceReader } from './source-reader.ts';

export interface Graph {
  /** By position in the plan. */
  readonly nodes: readonly GraphNode[];
  /** In plan order. */
  readonly sources: readonly SourceReader[];
  /** By node name. */
  readonly sinks: ReadonlyMap<string, Sink>;
}

/**
 * Creates and connects the operators of a plan. A source and the stateless operators up to its
 * watermark form a chain. `partition` returns the operator to use for a node, for example one with
 * subtasks.
 */
export function buildGraph(
  plan: Plan,
  endpoints: Endpoints,
  numberOf: (name: string) => number,
  context: Omit<BuildContext, 'operator' | 'inputs' | 'sink'>,
  partition: (operator: Operator, node: PlannedNode) => Operator = (operator) => operator,
): Graph {
  const sinks = new Map<string, Sink>();
  const nodes = plan.nodes.map((node) => {
    let sink: Sink | null = null;
    if (node.kind === 'sink') {
      sink = endpoints.sink(node);
      sinks.set(node.name, sink);
    }
    const operator = createOperator(node, {
      ...context,
      operator: numberOf(node.name),
      inputs: node.inputs.map((input) => plan.nodes[input]!),
      sink,
    });
    return new GraphNode(node, partition(operator, node), context.clock);
  });
  for (const node of plan.nodes) {
    node.inputs.forEach((from, input) => {
      const consumer = { node: nodes[node.id]!, input };
      if (node.kind === 'late-rows') nodes[from]!.addLateConsumer(consumer);
      else nodes[from]!.consumers.push(consumer);
      nodes[node.id]!.inputs++;
    });
  }
  // Later nodes first, because a node depends on its consumers.
  for (const node of [...nodes].reverse()) {
    node.merges.push(...mergesBehind(node));
    node.onlyLastMark = node.consumers.every(({ node: next }) => ignoresMarks(next));
  }
  const sources = plan.nodes.flatMap((node) => {
    if (node.kind !== 'scan') return [];
    const chain = new SourceChain(sourceChain(nodes, node.id), context.clock);
    const idle = { timeoutMs: idleTimeoutMs(node, plan.settings), advanceMs: idleAdvanceMs(node) };
    return [new SourceReader(node, endpoints.source(node), chain, idle)];
  });
  return { nodes, sources, sinks };
}

/** Whether no result of a node or of the nodes downstream depends on a watermark between rows. */
function ignoresMarks({ plan, onlyLastMark }: GraphNode): boolean {
  if (plan.kind === 'sink') return true;
  const stateless = plan.kind === 'project' || plan.kind === 'filter';
  return stateless && onlyLastMark && !definitionOf(plan).expressions(plan).some(readsWatermark);
}

/**
 * Returns the nodes downstream of a node that hold their input until a round ends, in plan order.
 */
function mergesBehind({ consumers }: GraphNode): readonly GraphNode[] {
  const found = new Set<GraphNode>();
  for (const { node } of consumers) {
    if (node.operator.endRound !== undefined) found.add(node);
    for (const merge of node.merges) found.add(merge);
  }
  return [...found].sort((a, b) => a.plan.id - b.plan.id);
}

/**
 * Returns the nodes from a scan through stateless nodes with one consumer to its watermark node;
 * only the scan if there is none.
 */
function sourceChain(nodes: readonly GraphNode[], scan: number): readonly GraphNode[] {
  const chain = [nodes[scan]!];
  for (;;) {
    const tail = chain[chain.length - 1]!;
    if (tail.plan.kind === 'watermark') return chain;
    const next = tail.consumers[0]?.node;
    const stateless = next !== undefined && ['project', 'filter', 'watermark'].includes(next.plan.kind);
    if (tail.consumers.length !== 1 || !stateless) return [nodes[scan]!];
    chain.push(next);
  }
}
