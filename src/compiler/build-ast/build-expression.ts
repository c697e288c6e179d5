import type { IToken } from '../../../grammar/chevrotain.ts';
import type {
  CaseExpressionCstNode,
  ColumnReferenceCstNode,
  ExpressionCstNode,
  FactorCstNode,
  LogicTermCstNode,
  OperandCstNode,
  OrderItemCstNode,
  PredicateCstNode,
  PrimaryCstNode,
} from '../../../grammar/cst-types.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { ExpressionAst, OrderItem } from '../ast/expression.ts';
import { operatorCall, PLAIN_CALL } from '../ast/operator-call.ts';
import { buildCall } from './build-call.ts';
import type { BuildContext } from './build-context.ts';
import { inOrder, join, nameOf, spanOf, tokenSpan } from './build-context.ts';
import { buildDataType } from './build-data-type.ts';
import { buildLiteral, intervalUnits, isYearMonth, literal, textLiteral, wholeNumber } from './build-literal.ts';
import { buildQuery } from './build-query.ts';
import { buildSpecialFunction } from './build-special-function.ts';

/** Functions that are written without parentheses. */
const BARE_FUNCTIONS = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'CURRENT_USER',
]);

/** Converts `a OR b AND c`. AND has the higher precedence. Chains stay flat lists. */
export function buildExpression(node: ExpressionCstNode, context: BuildContext): ExpressionAst {
  const c = node.children;
  const terms = c.logicTerm.map((term) => buildLogicTerm(term, context));
  const operators = inOrder(c.operator ?? []);
  const alternatives: ExpressionAst[][] = [[terms[0]!]];
  for (const [i, operator] of operators.entries()) {
    const term = terms[i + 1]!;
    if (operator.image.toUpperCase() === 'AND') alternatives.at(-1)!.push(term);
    else alternatives.push([term]);
  }
  const parts = alternatives.map(
    (part): ExpressionAst =>
      part.length === 1 ? part[0]! : { kind: 'and', args: part, span: join(part[0]!.span, part.at(-1)!.span) },
  );
  return parts.length === 1 ? parts[0]! : { kind: 'or', args: parts, span: spanOf(node) };
}

function buildLogicTerm(node: LogicTermCstNode, context: BuildContext): ExpressionAst {
  const c = node.children;
  let value = buildOperand(c.operand[0]!, context);
  for (const predicate of c.predicate ?? []) value = buildPredicate(value, predicate, context);
  // NOT NOT x is x in three-valued logic
  if ((c.NOT?.length ?? 0) % 2 === 1) value = { kind: 'not', args: [value], span: spanOf(node) };
  return value;
}

function buildPredicate(left: ExpressionAst, node: PredicateCstNode, context: BuildContext): ExpressionAst {
  const c = node.children;
  const span = join(left.span, spanOf(node));
  if (c.ComparisonOperator) {
    const token = c.ComparisonOperator[0]!;
    if (token.image === '!=' && context.portable) {
      context.error('SQL_NOT_PORTABLE', tokenSpan(token), 'Flink does not accept `!=`', 'write `<>`');
    }
    const right = buildOperand(c.operand![0]!, context);
    return operatorCall(token.image === '!=' ? '<>' : token.image, [left, right], span, tokenSpan(token));
  }
  if (c.isPredicate) {
    const is = c.isPredicate[0]!.children;
    const not = is.NOT ? 'NOT ' : '';
    if (is.DISTINCT)
      return operatorCall(
        `IS ${not}DISTINCT FROM`,
        [left, buildOperand(is.operand![0]!, context)],
        span,
        tokenSpan(is.IS[0]!),
      );
    if (is.JSON) {
      const call = operatorCall(
        'IS JSON',
        [left, textLiteral(is.jsonKind?.[0]?.image.toUpperCase() ?? 'VALUE', span)],
        span,
        tokenSpan(is.JSON[0]!),
      );
      return is.NOT ? { kind: 'not', args: [call], span } : call;
    }
    const what = is.what![0]!.image.toUpperCase();
    return operatorCall(`IS ${not}${what}`, [left], span, tokenSpan(is.IS[0]!));
  }
  const negated = c.NOT !== undefined;
  if (c.betweenPredicate) {
    const between = c.betweenPredicate[0]!.children;
    return {
      kind: 'between',
      negated,
      symmetric: between.SYMMETRIC !== undefined,
      value: left,
      low: buildOperand(between.low[0]!, context),
      high: buildOperand(between.high[0]!, context),
      span,
    };
  }
  if (c.inPredicate) {
    const list = c.inPredicate[0]!.children;
    if (list.query) return { kind: 'subquery', form: 'in', query: buildQuery(list.query[0]!, context), span };
    return {
      kind: 'in',
      negated,
      value: left,
      list: list.expression!.map((item) => buildExpression(item, context)),
      span,
    };
  }
  const like = c.likePredicate![0]!.children;
  const args = [left, buildOperand(like.pattern[0]!, context)];
  if (like.escape) args.push(buildOperand(like.escape[0]!, context));
  const word = (like.LIKE ?? like.SIMILAR)![0]!;
  const call = operatorCall(like.LIKE ? 'LIKE' : 'SIMILAR TO', args, span, tokenSpan(word));
  return negated ? { kind: 'not', args: [call], span } : call;
}

const LEVEL: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '||': 2 };

/**
 * Converts `a + b * c || d` by precedence climbing over the flat list. The operators are
 * left-associative.
 */
export function buildOperand(node: OperandCstNode, context: BuildContext): ExpressionAst {
  const c = node.children;
  const factors = c.factor.map((factor) => buildFactor(factor, context));
  if (factors.length === 1) return factors[0]!;
  const operators = inOrder(c.operator!);
  const values: ExpressionAst[] = [factors[0]!];
  const pending: IToken[] = [];
  const reduce = (): void => {
    const operator = pending.pop()!;
    const right = values.pop()!;
    const left = values.pop()!;
    context.count(left.span);
    values.push(operatorCall(operator.image, [left, right], join(left.span, right.span), tokenSpan(operator)));
  };
  for (const [i, operator] of operators.entries()) {
    while (pending.length > 0 && LEVEL[pending.at(-1)!.image]! >= LEVEL[operator.image]!) reduce();
    pending.push(operator);
    values.push(factors[i + 1]!);
  }
  while (pending.length > 0) reduce();
  return values[0]!;
}

function buildFactor(node: FactorCstNode, context: BuildContext): ExpressionAst {
  const c = node.children;
  const signs = c.sign ?? [];
  let value = buildPrimary(c.primary[0]!, context);
  for (const access of c.access ?? []) {
    const span = join(value.span, spanOf(access));
    value = access.children.expression
      ? operatorCall('ITEM', [value, buildExpression(access.children.expression[0]!, context)], span)
      : { kind: 'field', value, name: nameOf(access.children.identifier![0]!), span };
  }
  const negative = signs.filter((sign) => sign.image === '-').length % 2 === 1;
  if (!negative) {
    return signs.length === 0 || value.kind === 'literal'
      ? value
      : operatorCall('PLUS', [value], spanOf(node), tokenSpan(signs[0]!));
  }
  const span = spanOf(node);
  const folded = negateNumber(value, c.primary[0]!, span, context);
  return folded ?? operatorCall('NEGATE', [value], span, tokenSpan(signs[0]!));
}

/**
 * Converts a minus sign and a number to one literal, so that `-9223372036854775808` is a BIGINT.
 */
function negateNumber(
  value: ExpressionAst,
  node: PrimaryCstNode,
  span: SourceSpan,
  context: BuildContext,
): ExpressionAst | null {
  const token = node.children.literal?.[0]?.children.IntegerLiteral?.[0];
  if (value.kind !== 'literal' || value.value === null) return null;
  if (token !== undefined) {
    const magnitude = BigInt(token.image);
    if (magnitude === 2147483648n) return wholeNumberNegative(-2147483648, span);
    if (magnitude === 9223372036854775808n) {
      return { ...wholeNumber('9223372036854775807', span, context), value: '-9223372036854775808' };
    }
    return typeof value.value === 'number'
      ? { ...value, value: -value.value || 0, span }
      : { ...value, value: `-${value.value}`, span };
  }
  const number = node.children.literal?.[0]?.children;
  if (number?.DecimalLiteral) return { ...value, value: `-${value.value}`, span };
  if (number?.ApproximateLiteral) return { ...value, value: -(value.value as number), span };
  return null;
}

const wholeNumberNegative = (value: number, span: SourceSpan): ExpressionAst =>
  literal(value, { kind: 'int', nullable: false }, span);

function buildPrimary(node: PrimaryCstNode, context: BuildContext): ExpressionAst {
  const c = node.children;
  const span = spanOf(node);
  context.count(span);
  if (c.literal) return buildLiteral(c.literal[0]!, context);
  if (c.columnReference) return buildColumn(c.columnReference[0]!);
  if (c.functionCall) return buildCall(c.functionCall[0]!, context);
  if (c.parenthesized) {
    const p = c.parenthesized[0]!.children;
    if (p.query) return { kind: 'subquery', form: 'scalar', query: buildQuery(p.query[0]!, context), span };
    const items = p.expression!.map((item) => buildExpression(item, context));
    if (p.intervalQualifier) {
      const units = intervalUnits(p.intervalQualifier[0]!, context);
      const interval = units !== null && isYearMonth(units.from) ? 'interval-year-month' : 'interval-day-time';
      return { kind: 'time-difference', value: items[0]!, interval, span };
    }
    return items.length === 1 ? { ...items[0]!, span } : { kind: 'row-list', items, span };
  }
  if (c.caseExpression) return buildCase(c.caseExpression[0]!, context);
  if (c.castExpression) {
    const cast = c.castExpression[0]!.children;
    const notNull = cast.dataType[0]!.children.NOT?.[0];
    if (notNull !== undefined) context.notPortable(tokenSpan(notNull), 'Flink accepts no NOT NULL in a CAST');
    return {
      kind: 'cast',
      value: buildExpression(cast.expression[0]!, context),
      type: buildDataType(cast.dataType[0]!, context),
      onError: cast.TRY_CAST ? 'null' : 'fail',
      span,
    };
  }
  if (c.constructorExpression) {
    const made = c.constructorExpression[0]!.children;
    const args = (made.expression ?? []).map((item) => buildExpression(item, context));
    if (args.length === 0) context.notPortable(span, 'Flink accepts no constructor without elements');
    return operatorCall(made.ARRAY ? 'ARRAY' : made.MAP ? 'MAP' : 'ROW', args, span, span);
  }
  if (c.existsExpression) {
    return {
      kind: 'subquery',
      form: 'exists',
      query: buildQuery(c.existsExpression[0]!.children.query[0]!, context),
      span,
    };
  }
  return buildSpecialFunction(c.specialFunction![0]!, span, context);
}

function buildColumn(node: ColumnReferenceCstNode): ExpressionAst {
  const parts = node.children.identifier.map(nameOf);
  const span = spanOf(node);
  if (node.children.Star) return { kind: 'star', qualifier: parts.at(-1)!, span };
  const only = parts[0]!;
  if (parts.length === 1 && !only.quoted && BARE_FUNCTIONS.has(only.text.toUpperCase())) {
    return {
      kind: 'call',
      name: only.text.toUpperCase(),
      nameSpan: span,
      operator: false,
      args: [],
      span,
      ...PLAIN_CALL,
    };
  }
  return { kind: 'column', parts, span };
}

function buildCase(node: CaseExpressionCstNode, context: BuildContext): ExpressionAst {
  const c = node.children;
  const then = c.then.map((part) => buildExpression(part, context));
  return {
    kind: 'case',
    subject: c.subject ? buildExpression(c.subject[0]!, context) : null,
    branches: c.when.map((when, i) => ({ when: buildExpression(when, context), then: then[i]! })),
    otherwise: c.otherwise ? buildExpression(c.otherwise[0]!, context) : null,
    span: spanOf(node),
  };
}

export function buildOrderItem(node: OrderItemCstNode, context: BuildContext): OrderItem {
  const c = node.children;
  return {
    expression: buildExpression(c.expression[0]!, context),
    descending: c.DESC !== undefined,
    nullsFirst: c.NULLS === undefined ? null : c.FIRST !== undefined,
    span: spanOf(node),
  };
}
