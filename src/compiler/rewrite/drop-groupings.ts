import type { AggregateCall, Expression } from '../../plan/expression.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { Keys } from '../../plan/traits.ts';
import type { Relation } from '../lower/relation.ts';
import { convert } from '../typecheck/convert.ts';

/** These aggregates return the value itself if a group has one row. */
const SINGLE = new Set(['SUM', 'MIN', 'MAX']);

/**
 * Replaces GROUP BY and DISTINCT by a projection if their keys contain a unique key of the input,
 * so that each group has one row. The changes of the input pass through. An update stays −U
 * and +U instead of −D and +I.
 *
 * As in Flink (`FlinkAggregateRemoveRule`), the aggregates must be SUM, MIN or MAX without FILTER,
 * and there must be a key (recorded: the cases `grouped-by-unique-key-*`).
 */
export function dropGroupings(roots: readonly Relation[]): readonly Relation[] {
  const keys = new Map<Relation, Keys>();
  const done = new Map<Relation, Relation>();
  const keysOf = (relation: Relation): Keys => {
    const known = keys.get(relation);
    if (known !== undefined) return known;
    const { operation, fields, inputs } = relation;
    const schemas = { fields, inputs: inputs.map((input) => input.fields) };
    const own = definitionOf(operation).keys(operation, schemas, inputs.map(keysOf));
    keys.set(relation, own);
    return own;
  };
  const visit = (relation: Relation): Relation => {
    const known = done.get(relation);
    if (known !== undefined) return known;
    const inputs = relation.inputs.map(visit);
    const same = inputs.every((input, i) => input === relation.inputs[i]);
    const result = withoutGrouping(same ? relation : { ...relation, inputs }, keysOf);
    done.set(relation, result);
    return result;
  };
  return roots.map(visit);
}

function withoutGrouping(relation: Relation, keysOf: (relation: Relation) => Keys): Relation {
  const { operation, fields } = relation;
  if (operation.kind !== 'group-aggregate' || operation.keys.length === 0) return relation;
  const input = relation.inputs[0]!;
  const isUnique = keysOf(input).unique.some((key) => key.every((column) => operation.keys.includes(column)));
  if (!isUnique || !operation.aggregates.every(isSingle)) return relation;
  const expressions: Expression[] = [
    ...operation.keys.map((index, i): Expression => ({ kind: 'column', index, type: fields[i]!.type })),
    ...operation.aggregates.map(({ args, type }) => convert(args[0]!, type)),
  ];
  return { ...relation, operation: { kind: 'project', expressions } };
}

const isSingle = ({ function: name, args, filter }: AggregateCall): boolean =>
  SINGLE.has(name) && args.length === 1 && filter === undefined;
