import { EngineError } from '../core/engine-error.ts';
import { inputsOf, PLAN_FORMAT, type Plan } from './plan.ts';
import type { PlanNode } from './plan-node.ts';

/** Plan → JSON text, the same text for the same plan. */
export function encodePlan(plan: Plan): string {
  return JSON.stringify(plan);
}

/**
 * JSON text → plan. Refuses a newer format and whatever cannot be a plan, with
 * CHECKPOINT_INCOMPATIBLE.
 */
export function decodePlan(text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed('it is not JSON', cause);
  }
  return checkPlan(value);
}

const KINDS: Readonly<Record<PlanNode['kind'], readonly string[]>> = {
  scan: ['table', 'options', 'columns'],
  project: ['expressions'],
  filter: ['condition'],
  watermark: ['column', 'expression'],
  union: ['inputs'],
  'window-table': ['window', 'time'],
  'group-aggregate': ['keys', 'aggregates', 'ttlMs', 'updateBefore'],
  'window-aggregate': ['window', 'time', 'keys', 'aggregates', 'windowFields'],
  match: ['partition', 'time', 'order', 'pattern', 'define', 'measures', 'skip'],
  sink: ['table', 'options', 'changelog', 'primaryKey'],
};

function checkPlan(value: unknown): Plan {
  if (!isRecord(value)) throw malformed('it is not an object');
  const { format, name, nodes, settings } = value;
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1) throw malformed('it has no format number');
  if (format > PLAN_FORMAT) {
    throw new EngineError(
      'CHECKPOINT_INCOMPATIBLE',
      `the plan has format ${format}, this version reads formats up to ${PLAN_FORMAT}: use a newer version`,
      { format, supported: PLAN_FORMAT },
    );
  }
  if (typeof name !== 'string') throw malformed('it has no name');
  if (!Array.isArray(nodes)) throw malformed('it has no nodes');
  if (!isRecord(settings)) throw malformed('it has no settings');
  const names = new Set<string>();
  for (const [id, node] of nodes.entries()) {
    checkNode(node, id);
    if (names.has(node.name)) throw malformed(`two nodes are named ${node.name}`);
    names.add(node.name);
  }
  return value as unknown as Plan;
}

function checkNode(node: unknown, id: number): asserts node is PlanNode {
  if (!isRecord(node)) throw malformed(`node ${id} is not an object`);
  const kind = node['kind'] as PlanNode['kind'];
  const needed = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (needed === undefined) throw malformed(`node ${id} has the unknown kind ${JSON.stringify(kind)}`);
  if (node['id'] !== id) throw malformed(`node ${id} has the id ${JSON.stringify(node['id'])}`);
  if (typeof node['name'] !== 'string') throw malformed(`node ${id} has no name`);
  if (!Array.isArray(node['fields'])) throw malformed(`node ${id} has no fields`);
  for (const key of needed) if (node[key] === undefined) throw malformed(`node ${id} (${kind}) has no ${key}`);
  const inputs = inputsOf(node as unknown as PlanNode);
  for (const input of inputs) {
    if (!Number.isInteger(input) || input < 0 || input >= id)
      throw malformed(`node ${id} reads the node ${JSON.stringify(input)}`);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const malformed = (why: string, cause?: unknown): EngineError =>
  new EngineError('CHECKPOINT_INCOMPATIBLE', `the stored plan cannot be read: ${why}`, {}, cause);
