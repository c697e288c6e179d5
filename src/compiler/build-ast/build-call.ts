import type { ArgumentClausesCstNode, FunctionCallCstNode, NullTreatmentCstNode } from '../../../grammar/cst-types.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { CallAst, ExpressionAst } from '../ast/expression.ts';
import { operatorCall } from '../ast/operator-call.ts';
import type { BuildContext } from './build-context.ts';
import { nameOfToken, spanOf, tokenSpan } from './build-context.ts';
import { buildExpression } from './build-expression.ts';
import { textLiteral } from './build-literal.ts';

/** Converts `name(arguments)` with its optional clauses. */
export function buildCall(node: FunctionCallCstNode, context: BuildContext): ExpressionAst {
  const c = node.children;
  const span = spanOf(node);
  const token = c.name![0]!;
  const name = nameOfToken(token).text.toUpperCase();
  const args = (c.expression ?? []).map((argument) => buildExpression(argument, context));
  if (c.unit) {
    const unit = c.unit[0]!;
    const ceil = name === 'CEIL' || name === 'CEILING';
    if (!ceil && name !== 'FLOOR') {
      context.error(
        'SQL_SYNTAX',
        tokenSpan(unit),
        `${name} does not accept \`TO ${unit.image}\``,
        'only FLOOR(x TO unit) and CEIL(x TO unit) accept a unit',
      );
    }
    return operatorCall(
      ceil ? 'CEIL_TO' : 'FLOOR_TO',
      [...args, textLiteral(unit.image.toUpperCase(), tokenSpan(unit))],
      span,
      tokenSpan(token),
    );
  }
  return {
    kind: 'call',
    name: name === 'CEILING' ? 'CEIL' : name,
    nameSpan: tokenSpan(token),
    operator: false,
    args: name === 'TIMESTAMPADD' || name === 'TIMESTAMPDIFF' ? withUnit(args) : args,
    star: c.Star !== undefined,
    distinct: c.DISTINCT !== undefined,
    filter: c.filter ? buildExpression(c.filter[0]!, context) : null,
    over: c.OVER ? { start: c.OVER[0]!.startOffset, end: span.end } : null,
    withinGroup: c.WITHIN ? { start: c.WITHIN[0]!.startOffset, end: span.end } : null,
    argumentOrder: orderSpan(c.argumentClauses?.[0]),
    nullTreatment: nullTreatment([
      ...(c.argumentClauses?.[0]?.children.nullTreatment ?? []),
      ...(c.nullTreatment ?? []),
    ]),
    matchMode: (c.matchMode?.[0]?.image.toUpperCase() as 'RUNNING' | 'FINAL' | undefined) ?? null,
    returning: null,
    span,
  };
}

/** Returns the place of ORDER BY in the brackets of a call. */
function orderSpan(node: ArgumentClausesCstNode | undefined): SourceSpan | null {
  const order = node?.children.ORDER?.[0];
  return order === undefined ? null : { start: order.startOffset, end: spanOf(node!).end };
}

function nullTreatment(nodes: readonly NullTreatmentCstNode[]): CallAst['nullTreatment'] {
  const [node] = nodes;
  return node === undefined ? null : { ignore: node.children.IGNORE !== undefined, span: spanOf(node) };
}

/** Converts the unit in TIMESTAMPDIFF(SECOND, a, b) to a text. The unit is a word, not a column. */
function withUnit(args: readonly ExpressionAst[]): readonly ExpressionAst[] {
  const [first, ...rest] = args;
  if (first?.kind !== 'column' || first.parts.length !== 1) return args;
  return [textLiteral(first.parts[0]!.text.toUpperCase().replace(/^SQL_TSI_/, ''), first.span), ...rest];
}
