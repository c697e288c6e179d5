import { BOOLEAN, withNullable } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';
import type { CallAst } from '../ast/expression.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { logicOf } from '../typecheck/expression-forms.ts';
import type { TyperContext } from '../typecheck/expression-typer.ts';

/**
 * Checks IGNORE NULLS and RESPECT NULLS of a call. Only ARRAY_AGG takes them, as in Flink. Returns
 * false after reporting a mistake.
 */
export function checkNullTreatment(ast: CallAst, diagnostics: Diagnostics): boolean {
  if (ast.nullTreatment === null || ast.name === 'ARRAY_AGG') return true;
  const { ignore, span } = ast.nullTreatment;
  const hint = ignore ? 'add FILTER (WHERE … IS NOT NULL), or leave it out' : 'leave it out';
  diagnostics.error(
    'SQL_INVALID_ARGUMENT',
    span,
    `${ast.name} takes no ${ignore ? 'IGNORE' : 'RESPECT'} NULLS, only ARRAY_AGG does`,
    hint,
  );
  return false;
}

/**
 * Returns the FILTER of an aggregate. IGNORE NULLS is the condition that the value is not NULL.
 */
export function filterOf(
  ast: CallAst,
  value: Expression | undefined,
  filter: Expression | undefined,
  context: TyperContext,
): Expression | undefined {
  if (ast.nullTreatment === null || value === undefined) return filter;
  const { ignore, span } = ast.nullTreatment;
  if (filter !== undefined) {
    context.extension(span, 'IGNORE NULLS or RESPECT NULLS with FILTER', 'add `x IS NOT NULL` to FILTER');
  }
  if (!ignore || !value.type.nullable) return filter;
  const type = withNullable(BOOLEAN, false);
  const present: Expression = { kind: 'call', function: 'IS NOT NULL', args: [value], type };
  return filter === undefined ? present : logicOf('and', [filter, present]);
}
