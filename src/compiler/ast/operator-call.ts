import type { SourceSpan } from '../../core/diagnostic.ts';
import type { CallAst, ExpressionAst } from './expression.ts';

/** Empty values for the parts of a call that a plain call does not have. */
export const PLAIN_CALL = {
  star: false,
  distinct: false,
  filter: null,
  over: null,
  withinGroup: null,
  argumentOrder: null,
  nullTreatment: null,
  matchMode: null,
  returning: null,
} as const;

/** Returns a call that is written as an operator. */
export function operatorCall(
  name: string,
  args: readonly ExpressionAst[],
  span: SourceSpan,
  nameSpan: SourceSpan = span,
): CallAst {
  return { kind: 'call', name, nameSpan, operator: true, args, span, ...PLAIN_CALL };
}
