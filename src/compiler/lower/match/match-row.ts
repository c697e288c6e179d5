import { STRING } from '../../../core/data-type.ts';
import type { SourceSpan } from '../../../core/diagnostic.ts';
import { didYouMean } from '../../../core/did-you-mean.ts';
import type { Expression } from '../../../plan/expression.ts';
import type { CallAst, ExpressionAst, Name } from '../../ast/expression.ts';
import { ExpressionTyper } from '../../typecheck/expression-typer.ts';
import { Scope } from '../../typecheck/scope.ts';
import { aggregateCallOf, childrenOf } from '../find-aggregate-calls.ts';
import { isVariable, type MatchScope, variablesHint } from './match-scope.ts';

/** Types a column of one row of the input, also a field of a ROW. */
export function rowExpression(
  parts: readonly Name[],
  variable: Name | null,
  match: MatchScope,
  scope: Scope,
): Expression | null {
  const { diagnostics } = match.session;
  const first = parts[0]!;
  if (variable !== null && match.known && !match.fields.some((field) => field.name === first.text)) {
    const names = match.fields.map((field) => field.name);
    return diagnostics.error(
      'SQL_UNKNOWN_COLUMN',
      first.span,
      `no column \`${first.text}\` in the rows of \`${variable.text}\``,
      didYouMean(first.text, names),
    );
  }
  const span = { start: first.span.start, end: parts.at(-1)!.span.end };
  if (parts.length > 1) refuseField(span, first, match);
  const typer = new ExpressionTyper({
    diagnostics,
    environment: match.session.environment,
    extension: match.session.extension,
    scope,
  });
  return typer.typePlain({ kind: 'column', parts, span });
}

/** Flink looks for a field of a ROW among the columns, and does not find it. */
function refuseField(span: SourceSpan, first: Name, match: MatchScope): void {
  if (!match.fields.some((field) => field.name === first.text)) return;
  match.session.extension(
    span,
    'field of a ROW in MATCH_RECOGNIZE',
    'make the field a column, in a view over the table',
  );
}

/**
 * Returns the rows that CLASSIFIER() or CLASSIFIER(U) reads. Returns null after reporting a
 * mistake.
 */
export function classifierOf(ast: CallAst, match: MatchScope): { readonly variable: string | null } | null {
  const { diagnostics } = match.session;
  const [argument] = ast.args;
  if (argument === undefined) return { variable: null };
  const name = argument.kind === 'column' && argument.parts.length === 1 ? argument.parts[0]! : null;
  if (name === null || ast.args.length > 1)
    return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'CLASSIFIER takes one pattern variable at most');
  if (!isVariable(name, match))
    return diagnostics.error(
      'SQL_UNKNOWN_VARIABLE',
      name.span,
      `no pattern variable \`${name.text}\``,
      didYouMean(name.text, match.variables) ?? variablesHint(match),
    );
  return { variable: name.text };
}

export const isClassifier = (ast: ExpressionAst): ast is CallAst =>
  ast.kind === 'call' && !ast.operator && ast.name === 'CLASSIFIER';

/** The rows that a navigation or an aggregate reads. */
export interface RowsRead {
  readonly variable: string | null;
  /** True if the expression has no column and no CLASSIFIER. */
  readonly nothing: boolean;
}

/**
 * Returns the one variable to which an expression's columns belong. A null variable means the rows
 * of all variables. Returns null after reporting a mistake.
 */
export function singleVariable(ast: ExpressionAst, name: string, match: MatchScope): RowsRead | null {
  const { diagnostics } = match.session;
  const found = new Set<string | null>();
  const visit = (part: ExpressionAst): boolean => {
    if (part.kind === 'call' && (aggregateCallOf(part) !== null || (NAVIGATIONS.has(part.name) && !part.operator))) {
      diagnostics.error('SQL_INVALID_PATTERN', part.span, `${part.name} cannot stand inside ${name}`);
      return false;
    }
    if (isClassifier(part)) {
      const rows = classifierOf(part, match);
      if (rows !== null) found.add(rows.variable);
      return rows !== null;
    }
    if (part.kind === 'column') {
      const [first] = part.parts;
      found.add(part.parts.length > 1 && isVariable(first!, match) ? first!.text : null);
    }
    return childrenOf(part).every(visit);
  };
  if (!visit(ast)) return null;
  if (found.size > 1) {
    const text = [...found].map((variable) => (variable === null ? 'all rows' : `\`${variable}\``)).join(' and ');
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      `${name} must read the rows of one pattern variable, here it reads ${text}`,
      'take each variable in a call of its own',
    );
  }
  return { variable: found.size === 0 ? null : [...found][0]!, nothing: found.size === 0 };
}

const NAVIGATIONS: ReadonlySet<string> = new Set(['FIRST', 'LAST', 'PREV', 'NEXT']);

/**
 * Returns a typer for expressions over one row. `A.col` and `col` are columns of that row.
 * CLASSIFIER() is the variable of that row.
 */
export function oneRowTyper(match: MatchScope, variable: string | null): ExpressionTyper {
  const { diagnostics } = match.session;
  const scope = Scope.of(match.inputAlias, match.known ? match.fields : null);
  return new ExpressionTyper({
    diagnostics,
    environment: match.session.environment,
    extension: match.session.extension,
    scope,
    intercept: (ast) => {
      if (isClassifier(ast)) return { kind: 'match-classifier', type: { ...STRING, nullable: true } };
      if (ast.kind !== 'column' || ast.parts.length < 2) return undefined;
      const first = ast.parts[0]!;
      if (first.text === variable && isVariable(first, match))
        return rowExpression(ast.parts.slice(1), first, match, scope);
      refuseField(ast.span, first, match);
      if (match.known && !scope.columnNames().includes(first.text) && first.text !== match.inputAlias) {
        return diagnostics.error(
          'SQL_UNKNOWN_VARIABLE',
          first.span,
          `no pattern variable \`${first.text}\``,
          didYouMean(first.text, match.variables) ?? variablesHint(match),
        );
      }
      return undefined;
    },
  });
}
