import { isTimestamp, STRING, timestamp, timestampLtz } from '../../../core/data-type.ts';
import { didYouMean } from '../../../core/did-you-mean.ts';
import type { Expression } from '../../../plan/expression.ts';
import type { CallAst, ExpressionAst, Name } from '../../ast/expression.ts';
import type { Session } from '../../session.ts';
import { withoutAttribute } from '../../typecheck/convert.ts';
import { ExpressionTyper } from '../../typecheck/expression-typer.ts';
import { Scope } from '../../typecheck/scope.ts';
import { typeAggregate } from '../aggregate-call.ts';
import { aggregateCallOf, childrenOf } from '../find-aggregate-calls.ts';
import type { RelationField } from '../relation.ts';

/** What the expressions of one MATCH_RECOGNIZE share. */
export interface MatchScope {
  readonly session: Session;
  readonly fields: readonly RelationField[];
  /** False: the input has a mistake of its own. */
  readonly known: boolean;
  /** Variables of PATTERN and DEFINE. */
  readonly variables: ReadonlySet<string>;
  /** Names that the input table can be called by. */
  readonly inputAlias: string | null;
  readonly time: 'rowtime' | 'proctime' | null;
  /** The input's time column, for the type of MATCH_ROWTIME. */
  readonly timeColumn: number | null;
}

/** Where an expression stands: MEASURES, or DEFINE of one variable. */
export type MatchPlace = { readonly kind: 'measures' } | { readonly kind: 'define'; readonly variable: string };

/**
 * Types an expression of MEASURES or DEFINE. `A.col` is the value in the last row of A so far, `col` that of the last row of all; in
 * DEFINE of A both are the row under test (flink-semantics 1.3).
 */
export function matchTyper(match: MatchScope, place: MatchPlace): ExpressionTyper {
  const { session } = match;
  const { diagnostics } = session;
  const scope = Scope.of(match.inputAlias, match.known ? match.fields : null);
  return new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    scope,
    intercept: (ast) => intercept(ast, match, place, scope),
  });
}

function intercept(
  ast: ExpressionAst,
  match: MatchScope,
  place: MatchPlace,
  scope: Scope,
): Expression | null | undefined {
  const { diagnostics } = match.session;
  if (ast.kind === 'column') return columnOf(ast, match, place, scope);
  if (ast.kind !== 'call') return undefined;
  if (ast.matchMode === 'RUNNING')
    return diagnostics.notSupported(ast.span, 'RUNNING', 'MEASURES are final in ONE ROW PER MATCH');
  if (ast.matchMode === 'FINAL' && place.kind === 'define')
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, 'FINAL cannot stand in DEFINE');
  if (!ast.operator) {
    if (ast.name === 'FIRST' || ast.name === 'LAST') return navigation(ast, match, place);
    if (ast.name === 'PREV' || ast.name === 'NEXT') {
      return diagnostics.notSupported(
        ast.span,
        `${ast.name} (an offset in the partition)`,
        ast.name === 'PREV' ? 'LAST(A.x, 1) is the row before within the match' : undefined,
      );
    }
    if (ast.name === 'MATCH_STATUS') return matchStatus(ast, match, place);
    if (ast.name === 'CLASSIFIER' || ast.name === 'MATCH_NUMBER') return diagnostics.notSupported(ast.span, ast.name);
    if (ast.name === 'MATCH_ROWTIME' || ast.name === 'MATCH_PROCTIME') return matchTime(ast, match, place);
  }
  return aggregateCallOf(ast) === null ? undefined : matchAggregate(ast, match, place);
}

const isVariable = (name: Name, match: MatchScope): boolean => match.variables.has(name.text);

/** A plain reference: LAST(…, 0) of its variable, or the row under test. */
function columnOf(
  ast: Extract<ExpressionAst, { kind: 'column' }>,
  match: MatchScope,
  place: MatchPlace,
  scope: Scope,
): Expression | null {
  const { diagnostics } = match.session;
  const [first, ...rest] = ast.parts;
  const qualified = rest.length > 0 && isVariable(first!, match);
  const parts = qualified ? rest : ast.parts;
  if (
    !qualified &&
    rest.length > 0 &&
    match.known &&
    !scope.columnNames().includes(first!.text) &&
    first!.text !== match.inputAlias
  ) {
    return diagnostics.error(
      'SQL_UNKNOWN_VARIABLE',
      first!.span,
      `no pattern variable \`${first!.text}\``,
      didYouMean(first!.text, match.variables) ?? variablesHint(match),
    );
  }
  const row = rowExpression(parts, qualified ? first! : null, match, scope);
  if (row === null) return null;
  const variable = qualified ? first!.text : null;
  if (place.kind === 'define' && (variable === null || variable === place.variable)) return row;
  return { kind: 'match-navigation', variable, direction: 'last', offset: 0, expression: row, type: nullable(row) };
}

const nullable = (row: Expression): Expression['type'] => ({ ...withoutAttribute(row.type), nullable: true });

const variablesHint = (match: MatchScope): string =>
  `the variables are ${[...match.variables].map((name) => `\`${name}\``).join(', ')}`;

/** A column of one row of the input, with fields of a ROW. */
function rowExpression(
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
  const typer = new ExpressionTyper({ diagnostics, environment: match.session.environment, scope });
  const span = { start: first.span.start, end: parts.at(-1)!.span.end };
  return typer.typePlain({ kind: 'column', parts, span });
}

/** FIRST(expr [, n]), LAST(expr [, n]): all columns inside belong to one variable. */
function navigation(ast: CallAst, match: MatchScope, place: MatchPlace): Expression | null {
  const { diagnostics } = match.session;
  const [value, offsetAst] = ast.args;
  if (value === undefined || ast.args.length > 2)
    return diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      ast.span,
      `${ast.name} takes an expression and, if wanted, an offset`,
    );
  const offset = offsetAst === undefined ? 0 : constantOffset(offsetAst);
  if (offset === null)
    return diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      offsetAst!.span,
      `the offset of ${ast.name} must be a whole number`,
      `for example ${ast.name}(A.x, 1)`,
    );
  const found = singleVariable(value, ast.name, match, place);
  if (found === null) return null;
  const expression = oneRowTyper(match, found.variable).type(value);
  if (expression === null) return null;
  return {
    kind: 'match-navigation',
    variable: found.variable,
    direction: ast.name === 'FIRST' ? 'first' : 'last',
    offset,
    expression,
    type: nullable(expression),
  };
}

function constantOffset(ast: ExpressionAst): number | null {
  return ast.kind === 'literal' && ast.type.kind === 'int' && typeof ast.value === 'number' && ast.value >= 0
    ? ast.value
    : null;
}

function matchAggregate(ast: CallAst, match: MatchScope, place: MatchPlace): Expression | null {
  const { diagnostics } = match.session;
  if (ast.distinct) return diagnostics.notSupported(ast.span, `DISTINCT in ${ast.name} of a pattern`);
  if (ast.filter !== null) return diagnostics.notSupported(ast.filter.span, `FILTER in ${ast.name} of a pattern`);
  const found = singleVariable({ kind: 'row-list', items: ast.args, span: ast.span }, ast.name, match, place);
  if (found === null) return null;
  const call = typeAggregate(ast, oneRowTyper(match, found.variable));
  if (call === null) return null;
  return { kind: 'match-aggregate', variable: found.variable, call, type: call.type };
}

/** The one variable that an expression's columns belong to (null: the rows of all); null result after reporting. */
function singleVariable(
  ast: ExpressionAst,
  name: string,
  match: MatchScope,
  _place: MatchPlace,
): { readonly variable: string | null } | null {
  const { diagnostics } = match.session;
  const found = new Set<string | null>();
  const visit = (part: ExpressionAst): boolean => {
    if (
      part.kind === 'call' &&
      (aggregateCallOf(part) !== null || ((part.name === 'FIRST' || part.name === 'LAST') && !part.operator))
    ) {
      diagnostics.error('SQL_INVALID_PATTERN', part.span, `${part.name} cannot stand inside ${name}`);
      return false;
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
  return { variable: found.size === 0 ? null : [...found][0]! };
}

/** Reads one row: `A.col` and `col` are its columns. */
function oneRowTyper(match: MatchScope, variable: string | null): ExpressionTyper {
  const { diagnostics } = match.session;
  const scope = Scope.of(match.inputAlias, match.known ? match.fields : null);
  return new ExpressionTyper({
    diagnostics,
    environment: match.session.environment,
    scope,
    intercept: (ast) => {
      if (ast.kind !== 'column' || ast.parts.length < 2) return undefined;
      const first = ast.parts[0]!;
      if (first.text === variable && isVariable(first, match))
        return rowExpression(ast.parts.slice(1), first, match, scope);
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

/** MATCH_STATUS(): whether a row is of a match or of a partial match that timed out. */
function matchStatus(ast: CallAst, match: MatchScope, place: MatchPlace): Expression | null {
  const { diagnostics } = match.session;
  if (place.kind === 'define')
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, `${ast.name} stands only in MEASURES`);
  if (ast.args.length > 0) return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'MATCH_STATUS takes no argument');
  match.session.extension(ast.span, 'MATCH_STATUS()');
  return { kind: 'match-status', type: { ...STRING, nullable: false } };
}

/** MATCH_ROWTIME([column]), MATCH_PROCTIME(): time attributes of the output. */
function matchTime(ast: CallAst, match: MatchScope, place: MatchPlace): Expression | null {
  const { diagnostics } = match.session;
  if (place.kind === 'define')
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, `${ast.name} stands only in MEASURES`);
  if (ast.name === 'MATCH_PROCTIME') {
    if (ast.args.length > 0)
      return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'MATCH_PROCTIME takes no argument');
    return { kind: 'match-time', time: 'proctime', type: { ...timestampLtz(3, false), attribute: 'proctime' } };
  }
  const [argument] = ast.args;
  if (ast.args.length > 1)
    return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'MATCH_ROWTIME takes one column at most');
  const own = match.timeColumn === null ? undefined : match.fields[match.timeColumn];
  let type: Expression['type'] = own?.type ?? timestamp(3);
  if (argument !== undefined) {
    const typed = argument.kind === 'column' ? oneRowTyper(match, null).typePlain(argument) : null;
    if (typed === null)
      return argument.kind === 'column'
        ? null
        : diagnostics.error('SQL_INVALID_ARGUMENT', argument.span, 'MATCH_ROWTIME takes a column');
    if (!isTimestamp(typed.type) || typed.type.attribute !== 'rowtime') {
      return diagnostics.error(
        'SQL_INVALID_ARGUMENT',
        argument.span,
        'MATCH_ROWTIME needs the event time column of the input',
      );
    }
    type = typed.type;
  }
  if (match.time === 'proctime')
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      'MATCH_ROWTIME needs ORDER BY an event time',
      'use MATCH_PROCTIME()',
    );
  return {
    kind: 'match-time',
    time: 'rowtime',
    type: isTimestamp(type) ? { ...type, attribute: 'rowtime', nullable: false } : type,
  };
}
