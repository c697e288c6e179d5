import type {
  JsonBehaviorCstNode,
  JsonFunctionCstNode,
  JsonNullsCstNode,
  SpecialFunctionCstNode,
} from '../../../grammar/cst-types.ts';
import { NULL_TYPE, STRING, typeName, withNullable } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { CallAst, ExpressionAst } from '../ast/expression.ts';
import { operatorCall } from '../ast/operator-call.ts';
import type { BuildContext } from './build-context.ts';
import { spanOf, tokenSpan } from './build-context.ts';
import { buildDataType } from './build-data-type.ts';
import { buildExpression, buildOperand } from './build-expression.ts';
import { literal, textLiteral } from './build-literal.ts';

/**
 * Converts functions with words between their arguments to calls with these words as text literals.
 */
export function buildSpecialFunction(
  node: SpecialFunctionCstNode,
  span: SourceSpan,
  context: BuildContext,
): ExpressionAst {
  const c = node.children;
  const text = (value: string): ExpressionAst => textLiteral(value, span);
  if (c.extractFunction) {
    const e = c.extractFunction[0]!.children;
    const unit = e.unit[0]!;
    return operatorCall(
      'EXTRACT',
      [textLiteral(unit.image.toUpperCase(), tokenSpan(unit)), buildExpression(e.expression[0]!, context)],
      span,
      tokenSpan(e.EXTRACT[0]!),
    );
  }
  if (c.positionFunction) {
    const p = c.positionFunction[0]!.children;
    const needle = buildOperand(p.needle[0]!, context);
    refuseOperator(needle, tokenSpan(p.LeftParen[0]!).end, context);
    return operatorCall('POSITION', [needle, buildOperand(p.text[0]!, context)], span, tokenSpan(p.POSITION[0]!));
  }
  if (c.substringFunction) {
    const s = c.substringFunction[0]!.children;
    return operatorCall(
      'SUBSTRING',
      s.argument.map((part) => buildExpression(part, context)),
      span,
      tokenSpan(s.SUBSTRING[0]!),
    );
  }
  if (c.overlayFunction) {
    const o = c.overlayFunction[0]!.children;
    return operatorCall(
      'OVERLAY',
      o.argument.map((part) => buildExpression(part, context)),
      span,
      tokenSpan(o.OVERLAY[0]!),
    );
  }
  if (c.trimFunction) {
    const t = c.trimFunction[0]!.children;
    const mode = text(t.mode?.[0]?.image.toUpperCase() ?? 'BOTH');
    const first = t.first ? buildExpression(t.first[0]!, context) : null;
    const value = t.text ? buildExpression(t.text[0]!, context) : null;
    if (value === null && (t.mode || first === null)) {
      context.error(
        'SQL_SYNTAX',
        span,
        'TRIM with BOTH, LEADING or TRAILING needs `FROM` and the text',
        "write TRIM(BOTH ' ' FROM name)",
      );
    }
    const args = value === null ? [mode, text(' '), first ?? text('')] : [mode, first ?? text(' '), value];
    return operatorCall('TRIM', args, span, tokenSpan(t.TRIM[0]!));
  }
  if (c.jsonObjectFunction) {
    const o = c.jsonObjectFunction[0]!.children;
    const members = (o.jsonMember ?? []).flatMap((member) => [
      buildExpression(member.children.key[0]!, context),
      jsonArgument(buildExpression(member.children.value[0]!, context)),
    ]);
    return operatorCall(
      'JSON_OBJECT',
      [text(nullMode(o.jsonNulls, 'NULL')), ...members],
      span,
      tokenSpan(o.JSON_OBJECT[0]!),
    );
  }
  if (c.jsonArrayFunction) {
    const a = c.jsonArrayFunction[0]!.children;
    const items = (a.expression ?? []).map((item) => jsonArgument(buildExpression(item, context)));
    return operatorCall(
      'JSON_ARRAY',
      [text(nullMode(a.jsonNulls, 'ABSENT')), ...items],
      span,
      tokenSpan(a.JSON_ARRAY[0]!),
    );
  }
  return buildJson(c.jsonFunction![0]!, span, context);
}

/**
 * Converts an argument of a JSON constructor. A nested JSON constructor is inserted as JSON, not as
 * a text: `JSON_OBJECT('a' VALUE JSON_ARRAY(1), 'b' VALUE JSON(text))`.
 */
function jsonArgument(argument: ExpressionAst): ExpressionAst {
  if (argument.kind !== 'call') return argument;
  if (argument.name === 'JSON') return { ...argument, operator: true };
  if (argument.name !== 'JSON_OBJECT' && argument.name !== 'JSON_ARRAY') return argument;
  return operatorCall('JSON', [argument], argument.span, argument.span);
}

function nullMode(nodes: readonly JsonNullsCstNode[] | undefined, otherwise: string): string {
  return nodes?.[0]?.children.mode?.[0]?.image.toUpperCase() ?? otherwise;
}

interface Behavior {
  readonly mode: string;
  readonly value: ExpressionAst | null;
}

function buildJson(node: JsonFunctionCstNode, span: SourceSpan, context: BuildContext): CallAst {
  const c = node.children;
  const name = c.name![0]!.image.toUpperCase();
  const text = (value: string): ExpressionAst => textLiteral(value, span);
  const none = literal(null, NULL_TYPE, span);
  const allowed: Readonly<Record<string, readonly string[]>> = {
    JSON_VALUE: ['NULL', 'ERROR', 'DEFAULT'],
    JSON_QUERY: ['NULL', 'ERROR', 'EMPTY ARRAY', 'EMPTY OBJECT'],
    JSON_EXISTS: ['TRUE', 'FALSE', 'UNKNOWN', 'ERROR'],
  };
  const behaviors = new Map<string, Behavior>();
  for (const clause of c.jsonBehavior ?? []) {
    const event = clause.children.event![0]!.image.toUpperCase();
    const behavior = buildBehavior(clause, context);
    if (!allowed[name]!.includes(behavior.mode) || (name === 'JSON_EXISTS' && event === 'EMPTY')) {
      context.error('SQL_SYNTAX', spanOf(clause), `${name} has no \`${behavior.mode} ON ${event}\``);
    }
    if (behaviors.has(event)) context.error('SQL_SYNTAX', spanOf(clause), `\`ON ${event}\` is written twice`);
    behaviors.set(event, behavior);
  }
  const onEmpty = behaviors.get('EMPTY');
  const onError = behaviors.get('ERROR');
  const args = [buildExpression(c.json[0]!, context), buildExpression(c.path[0]!, context)];
  const call = (more: readonly ExpressionAst[]): CallAst =>
    operatorCall(name, [...args, ...more], span, tokenSpan(c.name![0]!));
  if (c.jsonWrapper && name !== 'JSON_QUERY')
    context.error('SQL_SYNTAX', spanOf(c.jsonWrapper[0]!), `${name} has no WRAPPER clause`);
  if (name === 'JSON_EXISTS') return call([text(onError?.mode ?? 'FALSE')]);
  if (name === 'JSON_QUERY') {
    const w = c.jsonWrapper?.[0]?.children;
    const wrapper = w?.WITH === undefined ? 'WITHOUT' : w.CONDITIONAL ? 'CONDITIONAL' : 'UNCONDITIONAL';
    if (c.dataType) {
      const type = buildDataType(c.dataType[0]!, context);
      if (type.kind !== 'varchar') {
        context.error(
          'SQL_NOT_SUPPORTED',
          spanOf(c.dataType[0]!),
          `JSON_QUERY … RETURNING ${typeName(type)} is not supported`,
          'without RETURNING the result is STRING',
        );
      }
    }
    return call([text(wrapper), text(onEmpty?.mode ?? 'NULL'), text(onError?.mode ?? 'NULL')]);
  }
  const returning = c.dataType ? buildDataType(c.dataType[0]!, context) : STRING;
  return {
    ...call([
      text(onEmpty?.mode ?? 'NULL'),
      onEmpty?.value ?? none,
      text(onError?.mode ?? 'NULL'),
      onError?.value ?? none,
      text(typeName(withNullable(returning, true))),
    ]),
    returning,
  };
}

function buildBehavior(node: JsonBehaviorCstNode, context: BuildContext): Behavior {
  const c = node.children;
  if (c.DEFAULT) return { mode: 'DEFAULT', value: buildExpression(c.expression![0]!, context) };
  const word = c.mode![0]!.image.toUpperCase();
  return { mode: word === 'EMPTY' ? `EMPTY ${c.ARRAY ? 'ARRAY' : 'OBJECT'}` : word, value: null };
}

/**
 * Flink's parser takes a column, a literal, a call, CASE or CAST before IN of POSITION, but no
 * operator and no parenthesis. `from`: the place after the parenthesis of POSITION.
 */
function refuseOperator(needle: ExpressionAst, from: number, context: BuildContext): void {
  const isParenthesized = context.text.slice(from).trimStart().startsWith('(');
  const isOperator =
    needle.kind === 'call' && needle.operator && !/^\w+\s*\(/.test(context.text.slice(needle.span.start));
  if (!isParenthesized && !isOperator) return;
  const what = isParenthesized ? 'parenthesis' : 'operator';
  context.notPortable(needle.span, `Flink SQL takes no ${what} before IN of POSITION`, 'compute the text in a view');
}
