import type { DataType } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';
import type { ExpressionAst } from '../ast/expression.ts';
import type { RelationField } from './relation.ts';

/** One output column: an expression of the text, or a column of `*`. */
export type OutputItem =
  | { readonly kind: 'expression'; readonly ast: ExpressionAst; readonly name: string | null }
  | { readonly kind: 'column'; readonly expression: Expression; readonly ast: ExpressionAst; readonly name: string };

/**
 * Names the output columns as Flink does. An expression without a name becomes EXPR$0. A second `a`
 * becomes `a0`. Bare columns keep their window role.
 */
export function outputFields(
  items: readonly OutputItem[],
  expressions: readonly Expression[],
  inputFields: readonly RelationField[],
): RelationField[] {
  const used = new Set<string>();
  return items.map((item, i) => {
    const wanted = item.name ?? `EXPR$${i}`;
    let name = wanted;
    for (let n = 0; used.has(name); n++) name = `${wanted}${n}`;
    used.add(name);
    const expression = expressions[i]!;
    const type: DataType = expression.type;
    const window = expression.kind === 'column' ? inputFields[expression.index]?.window : undefined;
    return window === undefined ? { name, type } : { name, type, window };
  });
}
