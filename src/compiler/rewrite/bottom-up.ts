import type { Relation } from '../lower/relation.ts';

/**
 * Returns a function that rewrites a graph bottom-up: `rewrite` gets each relation with its inputs
 * rewritten. Use one function for several roots, so that shared relations remain shared.
 */
export function bottomUp(rewrite: (relation: Relation) => Relation): (root: Relation) => Relation {
  const done = new Map<Relation, Relation>();
  const visit = (relation: Relation): Relation => {
    const known = done.get(relation);
    if (known !== undefined) return known;
    const inputs = relation.inputs.map(visit);
    const same = inputs.every((input, i) => input === relation.inputs[i]);
    const result = rewrite(same ? relation : { ...relation, inputs });
    done.set(relation, result);
    return result;
  };
  return visit;
}
