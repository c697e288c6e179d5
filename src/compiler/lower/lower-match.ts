import { isTimestamp } from '../../core/data-type.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { Expression } from '../../plan/expression.ts';
import type { MatchNode, PatternSequence, SkipStrategy } from '../../plan/match-node.ts';
import type { MatchClause } from '../ast/match.ts';
import { TRUE_LITERAL, withoutAttribute } from '../typecheck/convert.ts';
import { plainName } from '../typecheck/describe-call.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { Scope } from '../typecheck/scope.ts';
import type { FromTable, QueryPlace } from './lower-query.ts';
import { type MatchScope, matchTyper } from './match-expressions.ts';
import { lowerPattern, variablesOf } from './match-pattern.ts';
import type { Relation, RelationField } from './relation.ts';
import { constantInterval } from './window-spec.ts';

/** MATCH_RECOGNIZE over an input; null after reporting. */
export function lowerMatch(clause: MatchClause, input: FromTable, place: QueryPlace): Relation | null {
  const { session } = place.job;
  const { diagnostics } = session;
  const before = diagnostics.errors;
  if (clause.subsets !== null) {
    return diagnostics.notSupported(
      clause.subsets,
      'SUBSET',
      'Flink accepts SUBSET, but its variables are always empty',
    );
  }
  refuseModes(clause, place);
  const patternVariables = variablesOf(clause.pattern);
  const pattern = lowerPattern(clause.pattern, session);
  const { relation } = input;
  const fields = relation?.fields ?? [];
  const rows = new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    scope: Scope.of(input.table.alias, relation === null ? null : fields),
  });
  const partition = clause.partition.map((ast) => {
    const typed = rows.type(ast);
    if (typed === null || typed.kind === 'column') return typed;
    return diagnostics.notSupported(
      ast.span,
      'an expression in PARTITION BY of a pattern',
      'compute it in a view and partition by its column',
    );
  });
  const order = orderOf(clause, rows, place);
  const match: MatchScope = {
    session,
    fields,
    known: relation !== null,
    variables: new Set([...patternVariables, ...clause.define.map((definition) => definition.variable.text)]),
    inputAlias: input.table.alias,
    time: order?.time.time ?? null,
    timeColumn: order?.time.column ?? null,
  };
  const define = defineOf(clause, match, patternVariables, pattern !== null);
  const { measures, measureFields } = measuresOf(clause, match, partition);
  const within = withinOf(clause, place);
  const skip = skipOf(clause, patternVariables, place);
  if (clause.measures.length === 0) {
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      clause.headSpan,
      'MATCH_RECOGNIZE has no MEASURES',
      'name at least one, for example MEASURES A.id AS id',
    );
  }
  if (relation?.updating) {
    diagnostics.error(
      'SQL_UPDATES_NOT_ACCEPTED',
      clause.headSpan,
      'MATCH_RECOGNIZE takes only new rows, but its input also changes rows',
      'aggregate over windows before it',
    );
  }
  if (diagnostics.errors > before || relation === null || pattern === null || order === null || skip === null)
    return null;
  warnUnbounded(pattern, within, clause, place);
  const partitionColumns = (partition as readonly Expression[]).map(
    (expression) => (expression as { readonly index: number }).index,
  );
  const operation: Omit<MatchNode, 'id' | 'name' | 'fields' | 'input'> = {
    kind: 'match',
    partition: partitionColumns,
    time: order.time,
    order: order.rest,
    semantics: 'flink',
    pattern,
    subsets: [],
    define,
    measures,
    rows: { kind: 'one', timeouts: false },
    outputs: [...partitionColumns.map((column) => ({ column })), ...measures.map((_, measure) => ({ measure }))],
    within,
    skip,
  };
  const partitionFields = partitionColumns.map(
    (index): RelationField => ({ name: fields[index]!.name, type: withoutAttribute(fields[index]!.type) }),
  );
  return {
    operation,
    inputs: [relation],
    fields: [...partitionFields, ...measureFields],
    updating: false,
    scope: place.scope,
  };
}

/** A loop without an upper bound keeps its rows until something ends it; only WITHIN is sure to do that. */
function warnUnbounded(
  pattern: PatternSequence,
  within: MatchNode['within'],
  clause: MatchClause,
  place: QueryPlace,
): void {
  const loop = pattern.elements.find((element) => element.quantifier.max === null);
  if (within !== null || loop?.kind !== 'variable') return;
  place.job.session.diagnostics.warn(
    'SQL_UNBOUNDED_STATE',
    clause.pattern.span,
    `\`${loop.variable}\` may match any number of rows and there is no WITHIN, so a match can stay open for ever and hold back later ones`,
    "add a bound after the pattern, for example WITHIN INTERVAL '1' HOUR",
  );
}

function refuseModes(clause: MatchClause, place: QueryPlace): void {
  const { session } = place.job;
  const { diagnostics } = session;
  if (session.settings.get('sequitur.match.semantics') === 'standard') {
    diagnostics.notSupported(
      clause.headSpan,
      "MATCH_RECOGNIZE with 'sequitur.match.semantics' = 'standard'",
      "use the semantics 'flink'",
    );
  }
  const rows = clause.rowsPerMatch;
  if (rows?.all) diagnostics.notSupported(rows.span, 'ALL ROWS PER MATCH', 'use ONE ROW PER MATCH');
  else if (rows?.showTimeout) {
    if (session.portable) diagnostics.error('SQL_NOT_PORTABLE', rows.span, 'Flink SQL has no SHOW TIMEOUT MATCHES');
    else diagnostics.notSupported(rows.span, 'SHOW TIMEOUT MATCHES');
  }
  const empty = clause.pattern.alternatives.some((sequence) => sequence.elements.length === 0);
  if (empty) diagnostics.error('SQL_INVALID_PATTERN', clause.pattern.span, 'the pattern is empty');
}

interface Order {
  readonly time: MatchNode['time'];
  readonly rest: MatchNode['order'];
}

/** ORDER BY: the time attribute first and ascending, then columns for rows of equal time. */
function orderOf(clause: MatchClause, rows: ExpressionTyper, place: QueryPlace): Order | null {
  const { diagnostics } = place.job.session;
  const [first, ...others] = clause.order;
  if (first === undefined)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      clause.headSpan,
      'MATCH_RECOGNIZE needs ORDER BY a time column',
      'write ORDER BY with the column that has the watermark',
    );
  const time = rows.type(first.expression);
  const rest = others.map((item) => {
    const typed = rows.type(item.expression);
    if (typed !== null && typed.kind !== 'column')
      return diagnostics.notSupported(item.span, 'an expression in ORDER BY of a pattern');
    if (typed === null) return null;
    // NULL is the smallest value unless the text says otherwise
    return { column: typed.index, descending: item.descending, nullsFirst: item.nullsFirst ?? !item.descending };
  });
  if (time === null) return null;
  const attribute = isTimestamp(time.type) ? time.type.attribute : undefined;
  if (time.kind !== 'column' || attribute === undefined) {
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      first.span,
      `ORDER BY of a pattern begins with a time column that has a watermark (or PROCTIME()), got ${plainName(time.type)}`,
      isTimestamp(time.type)
        ? 'declare WATERMARK FOR the column in CREATE TABLE; expressions and aggregations lose it'
        : undefined,
    );
  }
  if (first.descending)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      first.span,
      'the time of a pattern must be ascending',
      'leave DESC out',
    );
  if (rest.includes(null)) return null;
  return { time: { column: time.index, time: attribute }, rest: rest as Order['rest'] };
}

/** Conditions of the pattern's variables; one without a condition holds for every row. */
function defineOf(
  clause: MatchClause,
  match: MatchScope,
  patternVariables: readonly string[],
  complete: boolean,
): MatchNode['define'] {
  const { diagnostics } = match.session;
  const conditions = new Map<string, Expression>();
  const seen = new Set<string>();
  for (const { variable, condition } of clause.define) {
    const name = variable.text;
    if (seen.has(name)) diagnostics.error('SQL_DUPLICATE_NAME', variable.span, `\`${name}\` is defined twice`);
    seen.add(name);
    if (complete && !patternVariables.includes(name)) {
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
  return patternVariables.map((variable) => ({ variable, condition: conditions.get(variable) ?? TRUE_LITERAL }));
}

function measuresOf(
  clause: MatchClause,
  match: MatchScope,
  partition: readonly (Expression | null)[],
): { measures: Expression[]; measureFields: RelationField[] } {
  const { diagnostics } = match.session;
  const names = new Set<string>();
  const partitionNames = partition.flatMap((expression) =>
    expression?.kind === 'column' ? [match.fields[expression.index]!.name] : [],
  );
  const measures: Expression[] = [];
  const measureFields: RelationField[] = [];
  const typer = matchTyper(match, { kind: 'measures' });
  for (const { expression, alias } of clause.measures) {
    if (names.has(alias.text))
      diagnostics.error('SQL_DUPLICATE_NAME', alias.span, `the measure \`${alias.text}\` is named twice`);
    else if (partitionNames.includes(alias.text)) {
      diagnostics.error(
        'SQL_DUPLICATE_NAME',
        alias.span,
        `the measure \`${alias.text}\` has the name of a PARTITION BY column, which is in the output already`,
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

function withinOf(clause: MatchClause, place: QueryPlace): MatchNode['within'] {
  const { session } = place.job;
  if (clause.within === null) return null;
  const { expression, perStep, span } = clause.within;
  if (perStep) {
    if (session.portable) session.diagnostics.error('SQL_NOT_PORTABLE', span, 'Flink SQL has no WITHIN … PER STEP');
    else session.diagnostics.notSupported(span, 'WITHIN … PER STEP');
  }
  const ms = constantInterval(expression, 'WITHIN', session);
  return ms === null ? null : { ms, type: 'first-and-last' };
}

/** AFTER MATCH; Flink's default is SKIP TO NEXT ROW. */
function skipOf(clause: MatchClause, variables: readonly string[], place: QueryPlace): SkipStrategy | null {
  const { session } = place.job;
  const { diagnostics } = session;
  const { skip } = clause;
  if (skip === null) return { kind: 'to-next-row' };
  if (skip.kind === 'to-first' || skip.kind === 'to-last') {
    const { text, span } = skip.variable;
    if (!variables.includes(text))
      return diagnostics.error(
        'SQL_UNKNOWN_VARIABLE',
        span,
        `no pattern variable \`${text}\``,
        didYouMean(text, variables),
      );
    return { kind: skip.kind, variable: text, failOnMiss: true };
  }
  if (skip.kind === 'no-skip') {
    if (session.portable)
      return diagnostics.error(
        'SQL_NOT_PORTABLE',
        skip.span,
        'Flink SQL has no AFTER MATCH NO SKIP',
        'the nearest is AFTER MATCH SKIP TO NEXT ROW',
      );
    return { kind: 'no-skip' };
  }
  return { kind: skip.kind };
}
