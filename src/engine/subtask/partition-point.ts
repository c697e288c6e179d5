import { physicalOf } from '../../core/data-type.ts';
import { readsWatermark } from '../../plan/current-watermark.ts';
import type { Expression } from '../../plan/expression.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { WindowAggregateNode } from '../../plan/nodes/window-aggregate.ts';
import type { Plan, PlannedNode } from '../../plan/plan.ts';
import { isInsertOnly } from '../../plan/traits.ts';

/** Aggregates whose accumulators have a fixed size. */
const SMALL: ReadonlySet<string> = new Set(['COUNT', 'SUM', 'MIN', 'MAX', 'AVG']);

/**
 * Returns the node of a plan that can have subtasks; null: none. It is an aggregation of SESSION
 * windows with keys and event time. Only filters, projections and one sink follow it, so the order
 * among keys does not matter.
 */
export function partitionPoint({ nodes }: Plan): PlannedNode | null {
  const found = nodes.filter((node) => node.kind === 'window-aggregate' && isPartitionable(node, nodes));
  return found.length === 1 ? found[0]! : null;
}

function isPartitionable(node: Extract<PlannedNode, WindowAggregateNode>, nodes: readonly PlannedNode[]): boolean {
  const { keys, time, window, attached, aggregates, traits, fields } = node;
  if (window.kind !== 'session' || attached !== undefined || keys.length === 0 || time.time !== 'rowtime') return false;
  const input = nodes[node.inputs[0]!]!;
  const read = [...keys, time.column].map((column) => input.fields[column]!);
  return (
    !traits.tracksOrigin &&
    isInsertOnly(input.traits.changes) &&
    [...read, ...fields].every(({ type }) => physicalOf(type) !== 'object') &&
    aggregates.every(
      (call) =>
        SMALL.has(call.function) &&
        !call.distinct &&
        [...call.args, ...(call.filter === undefined ? [] : [call.filter])].every((part) => isPlain(part)),
    ) &&
    onlyStatelessAfter(node, nodes)
  );
}

/** A column with a simple value, or a literal. */
const isPlain = (part: Expression): boolean =>
  part.kind === 'literal' || (part.kind === 'column' && physicalOf(part.type) !== 'object');

function onlyStatelessAfter(node: PlannedNode, nodes: readonly PlannedNode[]): boolean {
  const consumers = nodes.filter(({ inputs }) => inputs.includes(node.id));
  if (consumers.length !== 1) return false;
  const [consumer] = consumers;
  if (consumer!.kind === 'sink') return true;
  if (consumer!.kind !== 'project' && consumer!.kind !== 'filter') return false;
  // A subtask may be behind, so the watermark of a row would differ.
  if (definitionOf(consumer!).expressions(consumer!).some(readsWatermark)) return false;
  return onlyStatelessAfter(consumer!, nodes);
}
