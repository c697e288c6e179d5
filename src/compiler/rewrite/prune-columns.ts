import type { Expression } from '../../plan/expression.ts';
import type { Schemas } from '../../plan/nodes/node-definition.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { Relation, RelationField } from '../lower/relation.ts';

/**
 * Removes every column that no consumer reads, so that the scan decodes only the needed columns. A
 * node's definition says which columns the node reads and how columns pass through. The relations
 * form a graph: a shared relation keeps each column that one of its readers needs. The roots
 * (sinks) keep all columns.
 *
 * The changes that a grouping sends depend on its aggregates. Each reader gets the changes of the
 * aggregates that it reads, as in Flink. So a relation over a grouping is shared only by readers of
 * the same columns.
 *
 * `replace` may return another relation for the readers of some columns. It has the same fields and
 * inputs, and reads fewer columns of these.
 */
export function pruneColumns(roots: readonly Relation[], replace: Replace = (relation) => relation): Relation[] {
  const order = topological(roots);
  const changing = overChangingRows(order);
  const wants = new Map<Relation, Want[]>(order.map((relation) => [relation, []]));
  const variants: Variant[] = [];
  roots.forEach((root, i) => {
    const take = (variant: Variant): void => {
      variants[i] = variant;
    };
    wants.get(root)!.push({ columns: new Set(root.fields.keys()), take });
  });
  for (const relation of [...order].reverse()) {
    for (const { readers, ...form } of forms(relation, wants.get(relation)!, changing.has(relation), replace)) {
      const variant: Variant = { ...form, inputs: [] };
      for (const reader of readers) reader.take(variant);
      demand(variant, wants, changing);
    }
  }
  const rebuilt = new Map<Variant, Rebuilt>();
  return variants.map((variant) => rebuild(variant, rebuilt).relation);
}

type Replace = (relation: Relation, columns: ReadonlySet<number>) => Relation;

/** A relation with the columns that some of its readers need. */
interface Variant {
  readonly relation: Relation;
  readonly columns: ReadonlySet<number>;
  readonly inputs: Variant[];
}

/** The columns that a reader needs, and its place for the variant that has them. */
interface Want {
  readonly columns: ReadonlySet<number>;
  take(variant: Variant): void;
}

/** Returns the relations whose rows depend on the columns that are kept in them or below them. */
function overChangingRows(order: readonly Relation[]): ReadonlySet<Relation> {
  const found = new Set<Relation>();
  for (const relation of order) {
    const own = definitionOf(relation.operation).rowsDependOnColumns?.(relation.operation) ?? false;
    if (own || relation.inputs.some((input) => found.has(input))) found.add(relation);
  }
  return found;
}

/** A relation with the columns that some of its readers need. */
interface Form {
  readonly relation: Relation;
  readonly columns: ReadonlySet<number>;
  readonly readers: Want[];
}

/** Returns the forms in which the readers of a relation need it. */
function forms(relation: Relation, wants: readonly Want[], apart: boolean, replace: Replace): readonly Form[] {
  if (!apart) {
    const columns = new Set(wants.flatMap((want) => [...want.columns]));
    return [{ relation: replace(relation, columns), columns, readers: [...wants] }];
  }
  const found = new Map<string, Form>();
  for (const want of wants) {
    const replaced = replace(relation, want.columns);
    const { operation } = replaced;
    const always = definitionOf(operation).columnsKept?.(operation) ?? [];
    const columns = [...new Set([...want.columns, ...always])].sort((a, b) => a - b);
    const key = columns.join();
    if (!found.has(key)) found.set(key, { relation: replaced, columns: new Set(columns), readers: [] });
    found.get(key)!.readers.push(want);
  }
  return [...found.values()];
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

/**
 * Adds the columns that this variant needs to the wants of its inputs. A grouping over another
 * grouping wants the columns of all its aggregates, also of those that nobody reads. Flink removes
 * the aggregates of each grouping once, before it removes those above it.
 */
function demand(variant: Variant, wants: ReadonlyMap<Relation, Want[]>, changing: ReadonlySet<Relation>): void {
  const { operation, inputs, fields } = variant.relation;
  const isAbove = operation.kind === 'group-aggregate' && changing.has(inputs[0]!);
  const wanted = isAbove ? new Set(fields.keys()) : variant.columns;
  const read = definitionOf(operation).columnsRead(operation, schemasOf(variant.relation), wanted);
  inputs.forEach((input, i) => {
    const take = (found: Variant): void => {
      variant.inputs[i] = found;
    };
    wants.get(input)!.push({ columns: new Set(read[i]!), take });
  });
  if (operation.kind === 'late-rows') keepAll(inputs[0]!.inputs[0]!, wants);
}

/** Keeps all columns of the rows that may be late. */
function keepAll(relation: Relation, wants: ReadonlyMap<Relation, Want[]>): void {
  wants.get(relation)!.push({ columns: new Set(relation.fields.keys()), take: () => {} });
}

function rebuild(variant: Variant, done: Map<Variant, Rebuilt>): Rebuilt {
  const known = done.get(variant);
  if (known !== undefined) return known;
  const inputs = variant.inputs.map((input) => rebuild(input, done));
  const built = build(variant, inputs);
  done.set(variant, built);
  return built;
}

function build({ relation, columns }: Variant, inputs: readonly Rebuilt[]): Rebuilt {
  const moved = inputs.map((input) => input.moved);
  const { prune } = definitionOf(relation.operation);
  const { operation, kept, forms } = prune(relation.operation, { ...schemasOf(relation), wanted: columns, moved });
  const fields = kept.map((i) => relation.fields[i]!);
  const positions = new Map(kept.map((old, position) => [old, position]));
  const formed = inputs.map((input, i) =>
    forms === undefined ? input.relation : inForm(input.relation, forms[i]!, fields, relation.scope),
  );
  return {
    relation: { ...relation, operation, inputs: formed, fields },
    moved: relation.fields.map((_, i) => positions.get(i) ?? -1),
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
