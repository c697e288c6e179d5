import { didYouMean } from '../../../core/did-you-mean.ts';
import type { Expression } from '../../../plan/expression.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import type { MatchClause } from '../../ast/match.ts';
import { TRUE_LITERAL, withoutAttribute } from '../../typecheck/convert.ts';
import { ExpressionTyper } from '../../typecheck/expression-typer.ts';
import { Scope } from '../../typecheck/scope.ts';
import type { FromTable, QueryPlace } from '../lower-query.ts';
import type { Relation, RelationField } from '../relation.ts';
import { lowerFlinkPattern } from './flink-pattern.ts';
import { checkTimeouts, flinkRowsOf, skipOf, warnUnbounded, withinOf } from './match-clauses.ts';
import { type MatchScope, matchTyper } from './match-expressions.ts';
import { orderOf } from './match-order.ts';
import { loopEndsOf, variablesOf } from './pattern-variables.ts';

/** MATCH_RECOGNIZE over an input; null after reporting. */
export function lowerMatch(clause: MatchClause, input: FromTable, place: QueryPlace): Relation | null {
  const { session } = place.job;
  const { diagnostics } = session;
  const before = diagnostics.errors;
  if (session.settings.get('sequitur.match.semantics') === 'standard') {
    diagnostics.notSupported(
      clause.headSpan,
      "MATCH_RECOGNIZE with 'sequitur.match.semantics' = 'standard'",
      "use the semantics 'flink'",
    );
  }
  const [subset] = clause.subsets;
  if (subset !== undefined)
    diagnostics.notSupported(subset.span, 'SUBSET', 'Flink accepts SUBSET, but its variables are always empty');
  const rows = flinkRowsOf(clause, session);
  const patternVariables = variablesOf(clause.pattern);
  const pattern = lowerFlinkPattern(clause.pattern, session, clause.within !== null);
  const { relation } = input;
  const fields = relation?.fields ?? [];
  const columns = new ExpressionTyper({
    diagnostics,
    environment: session.environment,
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
  const { measures, measureFields } = measuresOf(clause, match, partition);
  const within = withinOf(clause, session);
  const skip = skipOf(clause, patternVariables, session);
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
  if (pattern !== null && rows !== null) checkTimeouts(clause, rows, pattern, within, session);
  if (diagnostics.errors > before || relation === null) return null;
  if (pattern === null || order === null || skip === null || rows === null) return null;
  warnUnbounded(pattern, within, clause, session);
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
    rows,
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

/** Conditions of the pattern's variables, one without a condition holds for every row; then those that end loops. */
function defineOf(
  clause: MatchClause,
  match: MatchScope,
  patternVariables: readonly string[],
  complete: boolean,
): MatchNode['define'] {
  const { diagnostics } = match.session;
  const loopEnds = loopEndsOf(clause.pattern);
  const conditions = new Map<string, Expression>();
  const seen = new Set<string>();
  for (const { variable, condition } of clause.define) {
    const name = variable.text;
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
