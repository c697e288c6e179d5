import { EngineError } from '../core/engine-error.ts';
import { decodeNode } from './decode/decode-node.ts';
import { decodeAt, dictionary, list, objectOf, Place, text } from './decode/decoder.ts';
import { upgradeNode } from './decode/upgrade-node.ts';
import { withTraits } from './infer-traits.ts';
import { PLAN_FORMAT, type Plan, type PlannedNode } from './plan.ts';
import type { PlanNode } from './plan-node.ts';
import { plannedTraits } from './traits.ts';

/** Encodes a plan as JSON text. Equal plans have the same text. */
export function encodePlan(plan: Plan): string {
  return JSON.stringify(plan);
}

/**
 * Decodes a plan from JSON text. Refuses a newer format, and text that is not a plan, with
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
 * Converts a value that was read from JSON to a plan. Plans of older formats are converted to this
 * format. Refuses as `decodePlan` does, and names the place: `nodes[3].window.sizeMs`.
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
  return {
    format: PLAN_FORMAT,
    name: decodeAt('name', name, place, text),
    nodes: decodeAt('nodes', nodes, place, format === 1 ? nodesOfFormat1 : plannedNodes),
    settings: decodeAt('settings', settings, place, dictionary(text)),
  };
}

function plannedNodes(value: unknown, place: Place): readonly PlannedNode[] {
  const before: PlannedNode[] = [];
  return list((item: unknown, at: Place) => {
    const { traits, ...rest } = objectOf(item, at);
    const node = decodeNode(rest, before, at);
    const planned = { ...node, traits: decodeAt('traits', traits, at, plannedTraits(node, before)) };
    before.push(planned);
    return planned;
  })(value, place);
}

/**
 * Decodes the nodes of format 1. They have no traits yet. The traits are inferred in the same way
 * as in the compiler.
 */
function nodesOfFormat1(value: unknown, place: Place): readonly PlannedNode[] {
  const before: PlanNode[] = [];
  const nodes = list((item: unknown, at: Place) => {
    const node = decodeNode(upgradeNode(objectOf(item, at)), before, at);
    before.push(node);
    return node;
  })(value, place);
  return withTraits(nodes);
}
