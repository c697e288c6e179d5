import type { Expression } from '../../plan/expression.ts';
import type { Schemas } from '../../plan/nodes/node-definition.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { Relation, RelationField } from '../lower/relation.ts';

/**
 * Removes every column that no consumer reads, so that the scan decodes only the needed columns. A
 * node's definition says which columns the node reads and how columns pass through. The relations
 * form a graph: a shared relation keeps each column that one of its readers needs. The roots
 * (sinks) keep all columns.
 */
export function pruneColumns(roots: readonly Relation[]): Relation[] {
  const order = topological(roots);
  const wanted = new Map<Relation, Set<number>>(order.map((relation) => [relation, new Set<number>()]));
  for (const root of roots) for (const i of root.fields.keys()) wanted.get(root)!.add(i);
  for (const relation of [...order].reverse()) demand(relation, wanted);
  const rebuilt = new Map<Relation, Rebuilt>();
  for (const relation of order) rebuilt.set(relation, rebuild(relation, wanted.get(relation)!, rebuilt));
  return roots.map((root) => rebuilt.get(root)!.relation);
}

/** Sorts the relations topologically: inputs before their readers. */
export function topological(roots: readonly Relation[]): Relation[] {
  const order: Relation[] = [];
  const seen = new Set<Relation>();
  const visit = (relation: Relation): void => {
    if (seen.has(relation)) return;
    seen.add(relation);
    for (const input of relation.inputs) visit(input);
    order.push(relation);
  };
  for (const root of roots) visit(root);
  return order;
}

interface Rebuilt {
  readonly relation: Relation;
  /** Old position → new position. -1: the column was removed. */
  readonly moved: readonly number[];
}

const schemasOf = ({ fields, inputs }: Relation): Schemas => ({ fields, inputs: inputs.map((input) => input.fields) });

/** Adds the columns that this relation needs to the wanted columns of its inputs. */
function demand(relation: Relation, wanted: ReadonlyMap<Relation, Set<number>>): void {
  const { operation, inputs } = relation;
  const read = definitionOf(operation).columnsRead(operation, schemasOf(relation), wanted.get(relation)!);
  inputs.forEach((input, i) => {
    for (const column of read[i]!) wanted.get(input)!.add(column);
  });
}

function rebuild(relation: Relation, wanted: ReadonlySet<number>, done: ReadonlyMap<Relation, Rebuilt>): Rebuilt {
  const inputs = relation.inputs.map((input) => done.get(input)!);
  const moved = inputs.map((input) => input.moved);
  const { prune } = definitionOf(relation.operation);
  const { operation, kept, forms } = prune(relation.operation, { ...schemasOf(relation), wanted, moved });
  const fields = kept.map((i) => relation.fields[i]!);
  const formed = inputs.map((input, i) =>
    forms === undefined ? input.relation : inForm(input.relation, forms[i]!, fields, relation.scope),
  );
  return {
    relation: { ...relation, operation, inputs: formed, fields },
    moved: relation.fields.map((_, i) => kept.indexOf(i)),
  };
}

/**
 * Returns the input with the given columns in the given order. Adds a projection only if the input
 * has another form.
 */
function inForm(
  input: Relation,
  positions: readonly number[],
  fields: readonly RelationField[],
  scope: string,
): Relation {
  if (positions.length === input.fields.length && positions.every((position, i) => position === i)) return input;
  const expressions = positions.map(
    (index): Expression => ({ kind: 'column', index, type: input.fields[index]!.type }),
  );
  return { operation: { kind: 'project', expressions }, inputs: [input], fields, scope };
}
