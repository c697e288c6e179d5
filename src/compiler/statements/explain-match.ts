import { type DataType, isTimestamp, timestamp, typeName, withNullable } from '../../core/data-type.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { castScalar } from '../../functions/cast/cast.ts';
import type { Expression } from '../../plan/expression.ts';
import { decodeLiteral, encodeLiteral } from '../../plan/literal.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { matchesIn, planForKey } from '../../plan/match-question.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ExpressionAst, Name } from '../ast/expression.ts';
import type { Query } from '../ast/query.ts';
import type { ExplainMatch } from '../ast/statement.ts';
import type { MatchQuestion } from '../compile-result.ts';
import { parseViewQuery } from '../parse-view.ts';
import type { Session } from '../session.ts';
import { literalOf, withoutAttribute } from '../typecheck/convert.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { Scope } from '../typecheck/scope.ts';

/**
 * Compiles EXPLAIN MATCH. Finds the pattern and converts the key and the times. `jobs` are the
 * earlier jobs of the text. `selectAll` compiles the query over a view. Returns null after
 * reporting a mistake.
 */
export function explainMatch(
  statement: ExplainMatch,
  jobs: readonly Plan[],
  selectAll: (query: Query) => Plan | null,
  session: Session,
): MatchQuestion | null {
  const { diagnostics } = session;
  const name = statement.name.length === 1 ? statement.name[0]! : session.plainName(statement.name);
  if (name === null) return null;
  const plan = planOf(name, jobs, selectAll, session);
  if (plan === null) return null;
  const match = matchOf(plan, name, session);
  if (match === null) return null;
  if (match.semantics === 'standard') {
    return diagnostics.notSupported(name.span, 'EXPLAIN MATCH of a pattern with the semantics `standard`');
  }
  if (match.time.time === 'proctime') {
    return diagnostics.notSupported(
      name.span,
      'EXPLAIN MATCH of a pattern on processing time',
      'at which times its rows came cannot be repeated',
    );
  }
  const input = plan.nodes[match.inputs[0]!]!.fields;
  const key = keyOf(statement, match, plan, session);
  const between = statement.between?.map((bound) => timeOf(bound, input[match.time.column]!.type, session));
  if (key === null || between?.includes(null)) return null;
  return {
    plan: planForKey(plan, match, key),
    name: name.text,
    key: match.partition.map((column, i) => ({ column: input[column]!.name, value: keyText(key[i]!) })),
    between: between === undefined ? null : (between as [number, number]),
  };
}

/** Returns the plan of a view, of the job that writes a table, or of the job with that name. */
function planOf(
  name: Name,
  jobs: readonly Plan[],
  selectAll: (query: Query) => Plan | null,
  session: Session,
): Plan | null {
  if (session.broken.has(name.text)) return null;
  if (session.views.has(name.text)) {
    const text = `SELECT * FROM \`${name.text.replaceAll('`', '``')}\``;
    const query = parseViewQuery({ name: name.text, query: text, columns: null }, name, session);
    return query === null ? null : selectAll(query);
  }
  const filling = jobs.find((plan) => plan.nodes.some((node) => node.kind === 'sink' && node.table === name.text));
  const plan = filling ?? jobs.find((job) => job.name === name.text);
  if (plan !== undefined) return plan;
  const known = [...session.views.keys(), ...jobs.flatMap((job) => [job.name, ...sinksOf(job)])];
  return session.diagnostics.error(
    'SQL_UNKNOWN_TABLE',
    name.span,
    session.tables.has(name.text)
      ? `no INSERT INTO \`${name.text}\` stands before`
      : `no view, filled table or job \`${name.text}\``,
    didYouMean(name.text, known) ?? 'name the view with the pattern, or the table that its matches are inserted into',
  );
}

const sinksOf = (plan: Plan): string[] => plan.nodes.flatMap((node) => (node.kind === 'sink' ? [node.table] : []));

/**
 * Returns the pattern of the plan. If the plan has several patterns, returns the pattern whose
 * scope is the name.
 */
function matchOf(plan: Plan, name: Name, session: Session): MatchNode | null {
  const all = matchesIn(plan);
  const named = all.filter((node) => node.name.startsWith(`${name.text}.match`));
  if (named.length === 1) return named[0]!;
  if (all.length === 1) return all[0]!;
  return session.diagnostics.error(
    'SQL_INVALID_STATEMENT',
    name.span,
    all.length === 0
      ? `there is no MATCH_RECOGNIZE in \`${name.text}\``
      : `\`${name.text}\` has ${all.length} patterns: ${all.map((node) => node.name).join(', ')}`,
    all.length === 0 ? undefined : 'give each a view of its own, and name that view',
  );
}

function keyOf(statement: ExplainMatch, match: MatchNode, plan: Plan, session: Session): Expression[] | null {
  const columns = match.partition.map((column) => plan.nodes[match.inputs[0]!]!.fields[column]!);
  if (statement.key.length !== columns.length) {
    const names = columns.map((field) => field.name).join(', ');
    return session.diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      statement.keySpan,
      columns.length === 0
        ? 'the pattern has no PARTITION BY, so there is no key'
        : `FOR KEY needs ${columns.length === 1 ? 'one value' : `${columns.length} values`}: the pattern has PARTITION BY ${names}`,
      columns.length === 0 ? 'leave FOR KEY out' : undefined,
    );
  }
  const key = columns.map(({ type }, i): Expression | null => {
    const value = constant(statement.key[i]!, type, 'a key', session);
    return value === undefined ? null : literalOf(encodeLiteral(value, type), withoutAttribute(type));
  });
  return key.includes(null) ? null : (key as Expression[]);
}

/** Returns a time in milliseconds. Returns null after reporting a mistake. */
function timeOf(ast: ExpressionAst, type: DataType, session: Session): number | null {
  const wanted: DataType =
    isTimestamp(type) && type.kind === 'timestamp-ltz' ? { ...type, precision: 3 } : timestamp(3);
  const value = constant(ast, withoutAttribute(wanted), 'a time', session);
  if (value === null) {
    return session.diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'a bound of BETWEEN must not be NULL');
  }
  return value === undefined ? null : (value as number);
}

/**
 * Converts a literal to a value of `to` or to NULL. Returns undefined after reporting a mistake.
 */
function constant(ast: ExpressionAst, to: DataType, what: string, session: Session): unknown {
  const { diagnostics, environment } = session;
  const scope = Scope.of(null, []);
  const typed = new ExpressionTyper({ diagnostics, environment, scope }).type(ast);
  if (typed === null) return undefined;
  if (typed.kind !== 'literal') {
    diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, `${what} must be a literal`, "for example 'a' or 5");
    return undefined;
  }
  const value = decodeLiteral(typed.value, typed.type);
  if (value === null) return null;
  const converted = castScalar(typed.type, withNullable(to, true), 'null', environment)(value);
  if (converted !== null) return converted;
  diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, `${what} must be ${typeName(withNullable(to, true))}`);
  return undefined;
}

function keyText(key: Expression): string {
  if (key.kind !== 'literal' || key.value === null) return 'NULL';
  return typeof key.value === 'object' ? JSON.stringify(key.value) : String(key.value);
}
