import type { QuantifierAst } from '../../ast/match.ts';
import type { Session } from '../../session.ts';

/** The bounds of a quantifier. A null `max` means no upper bound. */
export interface Bounds {
  readonly min: number;
  readonly max: number | null;
}

/** Returns the checked bounds of a quantifier. Returns null after reporting a mistake. */
export function boundsOf(ast: QuantifierAst, session: Session): Bounds | null {
  const { diagnostics } = session;
  const { min, max } = ast;
  if (min === null) {
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      'the quantifier has no lower bound',
      max === null ? 'for example {2,}' : `write {0,${max}} or {1,${max}}`,
    );
  }
  if (max === 0)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      'a variable that is matched 0 times cannot stand in a pattern',
      'leave it out',
    );
  if (max !== null && max < min)
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, `the upper bound ${max} is below the lower bound ${min}`);
  return { min, max };
}
