import type { NodeDefinition } from '../nodes/node-definition.ts';
import { definitionOf, NODE_KINDS } from '../nodes/registry.ts';
import type { Operation, PlanNode } from '../plan-node.ts';
import { field } from './decode-type.ts';
import { count, type Decoder, decodeAt, list, oneOf, type Place, text } from './decoder.ts';

const INPUTS = {
  none: { least: 0, most: 0 },
  one: { least: 1, most: 1 },
  several: { least: 1, most: Number.POSITIVE_INFINITY },
} as const;

/** Returns a node without its traits. `before`: the earlier nodes, which it may read. */
export function decodeNode(
  value: Readonly<Record<string, unknown>>,
  before: readonly PlanNode[],
  place: Place,
): PlanNode {
  const { id, name, fields, inputs, ...own } = value;
  const kind = decodeAt('kind', own['kind'], place, oneOf(...NODE_KINDS));
  if (id !== before.length) place.fail(`has the id ${JSON.stringify(id)}, but is node ${before.length}`);
  const definition: NodeDefinition<Operation> = definitionOf({ kind });
  const base = {
    id: before.length,
    name: decodeAt('name', name, place, text),
    fields: decodeAt('fields', fields, place, list(field)),
    inputs: decodeAt('inputs', inputs, place, list(inputBefore(before.length))),
  };
  if (before.some((other) => other.name === base.name)) place.fail(`has the name ${base.name}, which another node has`);
  const { least, most } = INPUTS[definition.inputs];
  if (base.inputs.length < least || base.inputs.length > most) place.fail(`cannot have ${base.inputs.length} inputs`);
  const schemas = { fields: base.fields, inputs: base.inputs.map((input) => before[input]!.fields) };
  place.columns = schemas.inputs.reduce((sum, each) => sum + each.length, 0);
  const operation = definition.decode(own, place);
  const misfit = definition.misfit(operation, schemas);
  if (misfit !== null) place.fail(misfit);
  return { ...base, ...operation };
}

const inputBefore =
  (id: number): Decoder<number> =>
  (value, place) => {
    const input = count(value, place);
    return input < id ? input : place.refuse('a node before it', value);
  };
