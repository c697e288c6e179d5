import type { SourceSpan } from '../../core/diagnostic.ts';
import type { CallAst, ExpressionAst } from './expression.ts';

/** The parts of a call that plain calls do not have. */
export const PLAIN_CALL = {
  star: false,
  distinct: false,
  filter: null,
  over: null,
  withinGroup: null,
  matchMode: null,
  returning: null,
} as const;

/** A call as the text would write it with an operator. */
export function operatorCall(
  name: string,
  args: readonly ExpressionAst[],
  span: SourceSpan,
  nameSpan: SourceSpan = span,
): CallAst {
  return { kind: 'call', name, nameSpan, operator: true, args, span, ...PLAIN_CALL };
}
