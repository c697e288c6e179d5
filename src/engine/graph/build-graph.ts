import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { SinkNode } from '../../plan/nodes/sink.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Endpoints } from '../endpoints.ts';
import type { OperatorContext } from '../operators/operator.ts';
import { createOperator, STATEFUL } from '../operators/operator-registry.ts';
import type { Sink } from '../sink.ts';
import { GraphNode } from './graph-node.ts';
import { SourceTask } from './source-task.ts';

export interface Graph {
  /** By position in the plan. */
  readonly nodes: readonly GraphNode[];
  /** In plan order. */
  readonly sources: readonly SourceTask[];
  /** By node name. */
  readonly sinks: ReadonlyMap<string, Sink>;
}

/**
 * Operators for every node of a plan, wired; sources with the stateless operators up to their
 * watermark as chains of their own.
 */
export function buildGraph(
  plan: Plan,
  endpoints: Endpoints,
  numberOf: (name: string) => number,
  context: Omit<OperatorContext, 'operator'>,
): Graph {
  const sinks = new Map<string, Sink>();
  const retracts = retractingNodes(plan);
  const nodes = plan.nodes.map((node) => {
    let sink: Sink | null = null;
    if (node.kind === 'sink') {
      sink = endpoints.sink(node);
      sinks.set(node.name, sink);
    }
    const input = node.inputs[0];
    const operator = createOperator(node, {
      ...context,
      operator: numberOf(node.name),
      inputFields: input === undefined ? [] : plan.nodes[input]!.fields,
      inputRetracts: input !== undefined && retracts.has(input),
      sink,
    });
    return new GraphNode(node, operator, context.clock);
  });
  for (const node of plan.nodes) {
    node.inputs.forEach((from, input) => {
      nodes[from]!.consumers.push({ node: nodes[node.id]!, input });
      nodes[node.id]!.inputs++;
    });
  }
  const sources = plan.nodes.flatMap((node) => {
    if (node.kind !== 'scan') return [];
    return [new SourceTask(node, endpoints.source(node), sourceChain(nodes, node.id), context.clock)];
  });
  return { nodes, sources, sinks };
}

/**
 * From a scan through stateless nodes with one consumer to its watermark node; only the scan where
 * there is none.
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

/** Nodes whose output may carry −U or −D. */
function retractingNodes(plan: Plan): ReadonlySet<number> {
  const found = new Set<number>();
  for (const node of plan.nodes) {
    if (node.kind === 'group-aggregate' || node.inputs.some((i) => found.has(i))) found.add(node.id);
  }
  return found;
}

/**
 * A source that reaches a node by two ways which meet above a stateful operator: there the order of
 * the two ways' rows would depend on how the input is cut into batches, so such a job runs in
 * batches of one row.
 */
export function needsSingleRows(plan: Plan): boolean {
  const sources: Set<number>[] = [];
  const meets: boolean[] = [];
  for (const node of plan.nodes) {
    const mine = new Set<number>(node.kind === 'scan' ? [node.id] : []);
    let met = false;
    for (const input of node.inputs) {
      for (const s of sources[input]!) {
        met ||= mine.has(s);
        mine.add(s);
      }
      met ||= meets[input]!;
    }
    sources.push(mine);
    meets.push(met);
    if (STATEFUL.has(node.kind) && met) return true;
  }
  return false;
}
