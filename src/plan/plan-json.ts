import { EngineError } from '../core/engine-error.ts';
import { field } from './decode/decode-type.ts';
import { count, decodeAt, dictionary, list, objectOf, oneOf, Place, text } from './decode/decoder.ts';
import { upgradeNode } from './decode/upgrade-node.ts';
import type { NodeDefinition } from './nodes/node-definition.ts';
import { definitionOf, NODE_KINDS } from './nodes/registry.ts';
import { PLAN_FORMAT, type Plan } from './plan.ts';
import type { Operation, PlanNode } from './plan-node.ts';

/** Plan → JSON text, the same text for the same plan. */
export function encodePlan(plan: Plan): string {
  return JSON.stringify(plan);
}

/**
 * JSON text → plan. Refuses a newer format and whatever cannot be a plan, with
 * CHECKPOINT_INCOMPATIBLE.
 */
export function decodePlan(json: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new EngineError('CHECKPOINT_INCOMPATIBLE', 'the stored plan cannot be read: it is not JSON', {}, cause);
  }
  return checkPlan(value);
}

/**
 * The plan that a value read from JSON is. Plans of older formats become ones of this format. Refuses
 * as `decodePlan` does, and names the place: `nodes[3].window.sizeMs`.
 */
export function checkPlan(value: unknown): Plan {
  const place = new Place();
  const { format, name, nodes, settings, ...others } = objectOf(value, place);
  if (!Number.isSafeInteger(format) || (format as number) < 1) {
    decodeAt('format', format, place, (found, at) => at.refuse('a format number', found));
  }
  if ((format as number) > PLAN_FORMAT) {
    throw new EngineError(
      'CHECKPOINT_INCOMPATIBLE',
      `the plan has format ${format}, this version reads formats up to ${PLAN_FORMAT}: use a newer version`,
      { format, supported: PLAN_FORMAT },
    );
  }
  for (const key of Object.keys(others)) place.fail(`has the unknown property ${key}`);
  const decoded: PlanNode[] = [];
  const names = new Set<string>();
  const decodeNext = (node: unknown): PlanNode => {
    const next = decodeNode(format === 1 ? upgradeNode(node) : node, decoded, place);
    if (names.has(next.name)) place.fail(`has the name ${next.name}, which another node has`);
    names.add(next.name);
    decoded.push(next);
    return next;
  };
  return {
    format: PLAN_FORMAT,
    name: decodeAt('name', name, place, text),
    nodes: decodeAt('nodes', nodes, place, list(decodeNext)),
    settings: decodeAt('settings', settings, place, dictionary(text)),
  };
}

function decodeNode(value: unknown, before: readonly PlanNode[], place: Place): PlanNode {
  const { id, name, fields, inputs, ...own } = objectOf(value, place);
  const kind = decodeAt('kind', own['kind'], place, oneOf(...NODE_KINDS));
  if (id !== before.length) place.fail(`has the id ${JSON.stringify(id)}, but is node ${before.length}`);
  const definition: NodeDefinition<Operation> = definitionOf({ kind });
  const base = {
    id: before.length,
    name: decodeAt('name', name, place, text),
    fields: decodeAt('fields', fields, place, list(field)),
    inputs: decodeAt('inputs', inputs, place, list(inputOf(before.length))),
  };
  const { least, most } = {
    none: { least: 0, most: 0 },
    one: { least: 1, most: 1 },
    several: { least: 1, most: Infinity },
  }[definition.inputs];
  if (base.inputs.length < least || base.inputs.length > most) place.fail(`cannot have ${base.inputs.length} inputs`);
  const schemas = { fields: base.fields, inputs: base.inputs.map((input) => before[input]!.fields) };
  place.columns = schemas.inputs.reduce((sum, each) => sum + each.length, 0);
  const operation = definition.decode(own, place);
  const misfit = definition.misfit(operation, schemas);
  if (misfit !== null) place.fail(misfit);
  return { ...base, ...operation };
}

/** A node that stands before node `id`. */
const inputOf = (id: number) => (value: unknown, place: Place) =>
  count(value, place) < id ? (value as number) : place.refuse('a node before it', value);
