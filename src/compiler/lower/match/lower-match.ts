import { didYouMean } from '../../../core/did-you-mean.ts';
import type { ColumnExpression, Expression } from '../../../plan/expression.ts';
import type { MatchOperation, MatchOutput, MatchRows, PatternSequence } from '../../../plan/match-node.ts';
import type { MatchClause } from '../../ast/match.ts';
import type { Session } from '../../session.ts';
import { TRUE_LITERAL, withoutAttribute } from '../../typecheck/convert.ts';
import { ExpressionTyper } from '../../typecheck/expression-typer.ts';
import { Scope } from '../../typecheck/scope.ts';
import type { FromTable, QueryPlace } from '../query-place.ts';
import { isUpdating, type Relation, type RelationField } from '../relation.ts';
import { warnStandingTime } from '../warn-standing-time.ts';
import { lowerFlinkPattern } from './flink-pattern.ts';
import { checkLimits, checkTimeouts, flinkRowsOf, skipOf, withinOf } from './match-clauses.ts';
import { matchTyper } from './match-expressions.ts';
import { orderOf } from './match-order.ts';
import type { MatchScope } from './match-scope.ts';
import { loopEndsOf, variablesOf } from './pattern-variables.ts';
import { standardRowsOf, standardSkipOf, subsetsOf, warnHistory } from './standard-clauses.ts';
import { lowerStandardPattern } from './standard-pattern.ts';
import { warnUnbounded } from './warn-unbounded.ts';

/** Lowers MATCH_RECOGNIZE over an input. Returns null after reporting a mistake. */
export function lowerMatch(clause: MatchClause, input: FromTable, place: QueryPlace): Relation | null {
  const { session } = place.job;
  const { diagnostics } = session;
  const before = diagnostics.errors;
  const standard = session.settings.get('sequitur.match.semantics') === 'standard';
  if (standard) {
    session.extension(clause.headSpan, "patterns with 'sequitur.match.semantics' = 'standard'");
  }
  const patternVariables = variablesOf(clause.pattern);
  const subsets = standard
    ? subsetsOf(clause, patternVariables, session)
    : flinkSubsetsOf(clause, patternVariables, session);
  const within = withinOf(clause, session);
  const pattern = standard
    ? lowerStandardPattern(clause.pattern, session)
    : lowerFlinkPattern(clause.pattern, session, within !== null);
  const rows = standard ? standardRowsOf(clause, pattern, session) : flinkRowsOf(clause, session);
  const allRows = clause.rowsPerMatch?.all === true;
  const { relation } = input;
  const fields = relation?.fields ?? [];
  const columns = new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    extension: session.extension,
    scope: Scope.of(input.table.alias, relation === null ? null : fields),
  });
  const partition = clause.partition.map((ast) => {
    const typed = columns.type(ast);
    if (typed === null || typed.kind === 'column') return typed;
    return diagnostics.notSupported(
      ast.span,
      'an expression in PARTITION BY of a pattern',
      'compute it in a view and partition by its column',
    );
  });
  const order = orderOf(clause, columns, place);
  const match: MatchScope = {
    session,
    standard,
    allRows,
    fields,
    known: relation !== null,
    variables: new Set([
      ...patternVariables,
      ...clause.define.map((definition) => definition.variable.text),
      ...clause.subsets.map((each) => each.name.text),
    ]),
    inputAlias: input.table.alias,
    time: order?.time.time ?? null,
    timeColumn: order?.time.column ?? null,
  };
  const define = defineOf(clause, match, patternVariables, pattern !== null);
  const shown = allRows ? match.fields : partitionFieldsOf(partition, match.fields);
  const { measures, measureFields } = measuresOf(clause, match, shown);
  const skip = standard
    ? standardSkipOf(clause, patternVariables, subsets, session)
    : skipOf(clause, patternVariables, session);
  if (clause.measures.length === 0 && !(standard && (allRows || clause.partition.length > 0))) {
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      clause.headSpan,
      'MATCH_RECOGNIZE has no MEASURES',
      'name at least one, for example MEASURES A.id AS id',
    );
  }
  if (relation !== null && isUpdating(relation)) {
    diagnostics.error(
      'SQL_UPDATES_NOT_ACCEPTED',
      clause.headSpan,
      'MATCH_RECOGNIZE takes only new rows, but its input also changes rows',
      'aggregate over windows before it',
    );
  }
  if (standard) checkLimits(clause, session);
  if (pattern !== null && rows !== null) checkTimeouts(clause, rows, pattern, within, session);
  if (diagnostics.errors > before || relation === null) return null;
  if (pattern === null || order === null || skip === null || rows === null) return null;
  warnHistory(clause, pattern, define, measures, session);
  const partitionColumns = (partition as readonly ColumnExpression[]).map(({ index }) => index);
  const orderColumns = [order.time.column, ...order.rest.map(({ column }) => column)];
  const outputs = outputsOf(rows, partitionColumns, orderColumns, fields.length, measures.length);
  const operation: MatchOperation = {
    kind: 'match',
    partition: partitionColumns,
    time: order.time,
    order: order.rest,
    semantics: standard ? 'standard' : 'flink',
    pattern,
    subsets,
    define,
    measures,
    rows,
    outputs,
    within,
    skip,
  };
  warnUnbounded(operation, clause, session);
  if (order.time.time === 'rowtime') {
    if (endsInAbsence(pattern)) warnStandingTime(relation, 'the absence', clause.pattern.span, session);
    else if (rows.kind === 'one' && rows.timeouts)
      warnStandingTime(relation, 'a time-out', clause.rowsPerMatch!.span, session);
  }
  // a row of no match has no measures
  const unmatched = rows.kind === 'all' && rows.unmatched;
  const fieldOf = (output: MatchOutput): RelationField => {
    if ('column' in output) {
      const { name, type } = fields[output.column]!;
      return { name, type: withoutAttribute(type) };
    }
    const { name, type } = measureFields[output.measure]!;
    return { name, type: unmatched ? { ...type, nullable: true } : type };
  };
  return { operation, inputs: [relation], fields: outputs.map(fieldOf), scope: place.scope };
}

const endsInAbsence = ({ elements }: PatternSequence): boolean => elements.at(-1)?.link === 'not-followed-by';

/** Returns the fields of the output other than the measures in ONE ROW PER MATCH. */
function partitionFieldsOf(
  partition: readonly (Expression | null)[],
  fields: readonly RelationField[],
): readonly RelationField[] {
  return partition.flatMap((expression) => (expression?.kind === 'column' ? [fields[expression.index]!] : []));
}

/**
 * Returns the output columns. ONE ROW: partition columns and measures. ALL ROWS: partition columns,
 * ORDER BY columns, measures and the other columns.
 */
function outputsOf(
  rows: MatchRows,
  partition: readonly number[],
  order: readonly number[],
  columns: number,
  measures: number,
): MatchOutput[] {
  const measured = Array.from({ length: measures }, (_, measure) => ({ measure }));
  if (rows.kind === 'one') return [...partition.map((column) => ({ column })), ...measured];
  const first = [...new Set([...partition, ...order])];
  const others = Array.from({ length: columns }, (_, column) => column).filter((column) => !first.includes(column));
  return [...first.map((column) => ({ column })), ...measured, ...others.map((column) => ({ column }))];
}

/**
 * Lowers SUBSET in Flink's semantics. This is an extension: Flink parses SUBSET, but its variables
 * are always empty there.
 */
function flinkSubsetsOf(
  clause: MatchClause,
  variables: readonly string[],
  session: Session,
): MatchOperation['subsets'] {
  const [subset] = clause.subsets;
  if (subset === undefined) return [];
  if (session.portable) {
    session.diagnostics.notSupported(subset.span, 'SUBSET', 'Flink accepts SUBSET, but its variables are always empty');
    return [];
  }
  session.extension(subset.span, 'SUBSET whose variables have rows');
  return subsetsOf(clause, variables, session);
}

/**
 * Returns the conditions of the pattern's variables, then the conditions that end loops. A variable
 * without a condition is true for every row.
 */
function defineOf(
  clause: MatchClause,
  match: MatchScope,
  patternVariables: readonly string[],
  complete: boolean,
): MatchOperation['define'] {
  const { diagnostics } = match.session;
  const loopEnds = loopEndsOf(clause.pattern);
  const conditions = new Map<string, Expression>();
  const seen = new Set<string>();
  const subsetNames = clause.subsets.map(({ name }) => name.text);
  for (const { variable, condition } of clause.define) {
    const name = variable.text;
    if (subsetNames.includes(name) && !patternVariables.includes(name)) {
      diagnostics.error(
        'SQL_INVALID_PATTERN',
        variable.span,
        `\`${name}\` is a subset: it has no condition of its own`,
        'give its members conditions',
      );
      continue;
    }
    if (seen.has(name)) diagnostics.error('SQL_DUPLICATE_NAME', variable.span, `\`${name}\` is defined twice`);
    seen.add(name);
    if (complete && !patternVariables.includes(name) && !loopEnds.some(({ text }) => text === name)) {
      const near = patternVariables.find((other) => other.toLowerCase() === name.toLowerCase());
      diagnostics.warn(
        'SQL_UNKNOWN_VARIABLE',
        variable.span,
        `\`${name}\` is not in PATTERN, so its condition is never used`,
        near === undefined ? undefined : `names are case-sensitive: did you mean \`${near}\`?`,
      );
    }
    const typed = matchTyper(match, { kind: 'define', variable: name }).condition(condition, 'DEFINE');
    if (typed !== null) conditions.set(name, typed);
  }
  for (const { text, span } of loopEnds) {
    if (!seen.has(text))
      diagnostics.error(
        'SQL_UNKNOWN_VARIABLE',
        span,
        `\`${text}\` ends a loop but has no condition`,
        didYouMean(text, [...seen]) ?? `define it: DEFINE ${text} AS …`,
      );
  }
  const variables = new Set([...patternVariables, ...loopEnds.map(({ text }) => text)]);
  return [...variables].map((variable) => ({ variable, condition: conditions.get(variable) ?? TRUE_LITERAL }));
}

function measuresOf(
  clause: MatchClause,
  match: MatchScope,
  shown: readonly RelationField[],
): { measures: Expression[]; measureFields: RelationField[] } {
  const { diagnostics } = match.session;
  const names = new Set<string>();
  const shownNames = shown.map(({ name }) => name);
  const measures: Expression[] = [];
  const measureFields: RelationField[] = [];
  const typer = matchTyper(match, { kind: 'measures' });
  for (const { expression, alias } of clause.measures) {
    if (names.has(alias.text))
      diagnostics.error('SQL_DUPLICATE_NAME', alias.span, `the measure \`${alias.text}\` is named twice`);
    else if (shownNames.includes(alias.text)) {
      const column = match.allRows ? 'column of the input' : 'PARTITION BY column';
      diagnostics.error(
        'SQL_DUPLICATE_NAME',
        alias.span,
        `the measure \`${alias.text}\` has the name of a ${column}, which is in the output already`,
        'give it another name, or leave it out',
      );
    }
    names.add(alias.text);
    const typed = typer.type(expression);
    if (typed === null) continue;
    measures.push(typed);
    measureFields.push({ name: alias.text, type: typed.type });
  }
  return { measures, measureFields };
}
