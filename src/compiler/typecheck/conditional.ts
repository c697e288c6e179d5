import { BOOLEAN, withNullable } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';
import type { CallAst } from '../ast/expression.ts';
import { operatorCall } from '../ast/operator-call.ts';
import { convert, literalOf, withoutAttribute } from './convert.ts';
import type { ExpressionTyper } from './expression-typer.ts';

/** The minimum and maximum number of arguments. */
const COUNTS: Readonly<Record<string, readonly [number, number]>> = {
  COALESCE: [1, 1000],
  IF: [3, 3],
  IFNULL: [2, 2],
  NULLIF: [2, 2],
};

/**
 * Converts COALESCE, IF, IFNULL and NULLIF to CASE. Returns undefined for other calls, and null
 * after reporting a mistake.
 */
export function typeConditional(ast: CallAst, typer: ExpressionTyper): Expression | null | undefined {
  const count = COUNTS[ast.name];
  if (count === undefined) return undefined;
  if (ast.args.length < count[0] || ast.args.length > count[1]) {
    const takes = count[0] === count[1] ? count[0] : 'one or more';
    return typer.error(
      'SQL_INVALID_ARGUMENT',
      ast.span,
      `${ast.name} takes ${takes} arguments, got ${ast.args.length}`,
    );
  }
  if (ast.name === 'IF') {
    const when = typer.condition(ast.args[0]!, 'the first argument of IF');
    const [then, otherwise] = [typer.type(ast.args[1]!), typer.type(ast.args[2]!)];
    return when === null || then === null || otherwise === null
      ? null
      : typer.caseExpression([{ when, then }], otherwise, ast.span);
  }
  const args = ast.args.map((arg) => typer.type(arg));
  if (args.includes(null)) return null;
  const values = args as Expression[];
  return ast.name === 'NULLIF' ? nullIf(values, ast, typer) : coalesce(values, ast, typer);
}

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
  if (values.length === 1) return values[0]!;
  const type = typer.common(values, ast.span, `the arguments of ${ast.name}`);
  if (type === null) return null;
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
