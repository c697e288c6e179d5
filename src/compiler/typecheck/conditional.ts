import { BOOLEAN, type DataType, isTimestamp, withNullable } from '../../core/data-type.ts';
import { commonType, leastRestrictive } from '../../functions/common-type.ts';
import type { Expression } from '../../plan/expression.ts';
import type { CallAst, ExpressionAst } from '../ast/expression.ts';
import { operatorCall } from '../ast/operator-call.ts';
import { convert, literalOf, withoutAttribute } from './convert.ts';
import { plainName } from './describe-call.ts';
import type { ExpressionTyper } from './expression-typer.ts';

/** The kinds of types that IF takes in Flink. */
const SIMPLE = /^(?!array|map|multiset|row)/;

/** The functions that become a CASE, with their numbers of arguments and one line each. */
export const CONDITIONALS: Readonly<
  Record<string, { readonly least: number; readonly most: number; readonly summary: string }>
> = {
  COALESCE: { least: 1, most: 1000, summary: 'The first argument that is not NULL. NULL if all are NULL.' },
  IF: { least: 3, most: 3, summary: '`a` if the condition is TRUE, `b` if it is FALSE or NULL.' },
  IFNULL: { least: 2, most: 2, summary: '`a`, or `b` if `a` is NULL.' },
  NULLIF: { least: 2, most: 2, summary: 'NULL if `a` equals `b`, otherwise `a`.' },
};

/**
 * Converts COALESCE, IF, IFNULL and NULLIF to CASE. Returns undefined for other calls, and null
 * after reporting a mistake.
 */
export function typeConditional(ast: CallAst, typer: ExpressionTyper): Expression | null | undefined {
  const definition = CONDITIONALS[ast.name];
  if (definition === undefined) return undefined;
  const { least, most } = definition;
  if (ast.args.length < least || ast.args.length > most) {
    const takes = least === most ? least : 'one or more';
    return typer.error(
      'SQL_INVALID_ARGUMENT',
      ast.span,
      `${ast.name} takes ${takes} arguments, got ${ast.args.length}`,
    );
  }
  if (ast.name === 'IF') {
    const when = typer.condition(ast.args[0]!, 'the first argument of IF');
    if (isNull(ast.args[0]!)) typer.nullArgument(ast.args[0]!.span);
    const [then, otherwise] = [typer.type(ast.args[1]!), typer.type(ast.args[2]!)];
    return when === null || then === null || otherwise === null ? null : choice(when, then, otherwise, ast, typer);
  }
  const args = ast.args.map((arg) => typer.type(arg));
  if (args.includes(null)) return null;
  const values = args as Expression[];
  return ast.name === 'NULLIF' ? nullIf(values, ast, typer) : coalesce(values, ast, typer);
}

/**
 * Converts IF to CASE. The result may be NULL if one of the arguments, also the condition, may be
 * NULL. Of two times, the first one gives the type. Both as in Flink.
 */
function choice(
  when: Expression,
  then: Expression,
  otherwise: Expression,
  ast: CallAst,
  typer: ExpressionTyper,
): Expression | null {
  const times = isTimestamp(then.type) && isTimestamp(otherwise.type);
  for (const [i, value] of [then, otherwise].entries()) {
    if (value.type.kind === 'null') typer.nullArgument(ast.args[i + 1]!.span);
    else if (!SIMPLE.test(value.type.kind))
      typer.context.extension(ast.args[i + 1]!.span, `IF of ${plainName(value.type)}`, 'use CASE');
  }
  const common: DataType | null = times
    ? withNullable(withoutAttribute(then.type), then.type.nullable || otherwise.type.nullable)
    : typer.common([then, otherwise], ast.span, 'the results of IF', leastRestrictive);
  if (common === null) return null;
  const type = withNullable(common, common.nullable || when.type.nullable);
  const branches = [{ when, then: convert(then, type) }];
  return { kind: 'case', branches, otherwise: convert(otherwise, type), type, fromIf: true };
}

const isNull = (ast: ExpressionAst): boolean => ast.kind === 'literal' && ast.type.kind === 'null';

function nullIf(values: readonly Expression[], ast: CallAst, typer: ExpressionTyper): Expression | null {
  const when = typer.apply(operatorCall('=', ast.args, ast.span, ast.nameSpan), values);
  if (when === null) return null;
  const type = withNullable(withoutAttribute(values[0]!.type), true);
  return { kind: 'case', branches: [{ when, then: literalOf(null, type) }], otherwise: values[0]!, type };
}

/**
 * Converts COALESCE to CASE. The result is never NULL if one argument is never NULL. Arguments
 * after that argument are never evaluated.
 */
function coalesce(values: readonly Expression[], ast: CallAst, typer: ExpressionTyper): Expression | null {
  if (values.length === 1) {
    if (values[0]!.type.kind === 'null') typer.nullArgument(ast.args[0]!.span);
    return values[0]!;
  }
  const type = typer.common(values, ast.span, `the arguments of ${ast.name}`, commonType);
  if (type === null) return null;
  if (type.kind === 'null') typer.nullArgument(ast.span);
  const stop = values.findIndex((value) => !value.type.nullable && value.type.kind !== 'null');
  const used = stop < 0 ? values : values.slice(0, stop + 1);
  const result = withNullable(type, stop < 0);
  const last = convert(used.at(-1)!, result);
  if (used.length === 1) return last;
  const branches = used.slice(0, -1).map((value) => ({
    when: { kind: 'call', function: 'IS NOT NULL', args: [value], type: withNullable(BOOLEAN, false) } as const,
    then: convert(value, result),
  }));
  return { kind: 'case', branches, otherwise: last, type: result };
}
