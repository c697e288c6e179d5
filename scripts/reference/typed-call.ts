import type { QueryCstNode } from '../../grammar/cst-types.ts';
import { parseQuery } from '../../grammar/parser.ts';
import { scan } from '../../grammar/scanner.ts';
import type { ExpressionAst } from '../../src/compiler/ast/expression.ts';
import { BuildContext } from '../../src/compiler/build-ast/build-context.ts';
import { buildQuery } from '../../src/compiler/build-ast/build-query.ts';
import { Diagnostics } from '../../src/compiler/diagnostics.ts';
import { argumentInfo } from '../../src/compiler/typecheck/expression-forms.ts';
import { ExpressionTyper } from '../../src/compiler/typecheck/expression-typer.ts';
import { Scope } from '../../src/compiler/typecheck/scope.ts';
import type { DataType } from '../../src/core/data-type.ts';
import type { ArgumentInfo, FunctionEnvironment } from '../../src/functions/scalar-function.ts';

export const ENVIRONMENT: FunctionEnvironment = { zone: 'UTC', now: () => 0, random: () => 0 };

/** Returns a type by its name in SQL, and whether Flink accepts the name; null: there is none. */
export function typeNamed(name: string): { readonly type: DataType; readonly portable: boolean } | null {
  const text = `SELECT CAST(NULL AS ${name})`;
  const { cst } = parseQuery(scan(text).tokens, text.length);
  const context = new BuildContext(text, true);
  const query = cst === null ? null : buildQuery(cst as QueryCstNode, context);
  const item = query?.body.kind === 'select' ? query.body.items[0] : undefined;
  if (item?.kind !== 'item' || item.expression.kind !== 'cast') return null;
  const codes = context.diagnostics.map((diagnostic) => diagnostic.code);
  if (codes.includes('SQL_INVALID_TYPE')) return null;
  return { type: item.expression.type, portable: codes.length === 0 };
}

/** Returns the arguments of the call of a function in an expression; null: there is no call. */
export function argumentsIn(expression: string, name: string): readonly ArgumentInfo[] | null {
  let found: readonly ArgumentInfo[] | null = null;
  const typer = new ExpressionTyper({
    diagnostics: new Diagnostics(),
    environment: ENVIRONMENT,
    extension: () => {},
    scope: new Scope([]),
    intercept(ast, self) {
      if (ast.kind !== 'call' || ast.name !== name || found !== null) return undefined;
      const args = ast.args.map((arg) => self.type(arg));
      if (!args.includes(null)) found = args.map((arg) => argumentInfo(arg!));
      return undefined;
    },
  });
  typer.type(parseExpression(expression));
  return found;
}

function parseExpression(expression: string): ExpressionAst {
  const text = `SELECT ${expression}`;
  const { cst, diagnostics } = parseQuery(scan(text).tokens, text.length);
  if (cst === null) throw new Error(`${text}: ${diagnostics[0]?.message}`);
  const { body } = buildQuery(cst as QueryCstNode, new BuildContext(text, false));
  const item = body.kind === 'select' ? body.items[0] : undefined;
  if (item?.kind !== 'item') throw new Error(`no expression: ${text}`);
  return item.expression;
}
