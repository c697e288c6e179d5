import type { Expression } from '../../plan/expression.ts';
import type { ExpressionAst } from '../ast/expression.ts';
import type { GroupItem, Select } from '../ast/query.ts';
import { sameExpression } from '../typecheck/expression-forms.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import type { Scope } from '../typecheck/scope.ts';
import { typeAggregate } from './aggregate-call.ts';
import { aggregateCallOf } from './find-aggregate-calls.ts';
import type { GroupKey } from './group-keys.ts';
import { distinctRows } from './group-rows.ts';
import { groupWindowOf, isGroupWindowCall, windowAuxiliary } from './group-window.ts';
import { Grouping, isGroupingCall } from './grouping.ts';
import { type OutputItem, outputFields } from './output-fields.ts';
import type { QueryPlace } from './query-place.ts';
import { filter, project, type Relation } from './relation.ts';

/** Lowers a SELECT with GROUP BY, HAVING or aggregates. */
export function lowerGrouped(
  select: Select,
  items: readonly OutputItem[],
  input: Relation | null,
  scope: Scope,
  place: QueryPlace,
): Relation | null {
  const { session } = place.job;
  const { diagnostics } = session;
  const rows = new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    extension: session.extension,
    scope,
    place: 'in GROUP BY',
  });
  const groups = (select.groupBy ?? []).flatMap((item) => groupExpressions(item, place));
  const windowCall = groups.find(isGroupWindowCall);
  const window = windowCall === undefined ? null : groupWindowOf(windowCall, rows, place);
  const keys: GroupKey[] = [];
  let broken = (windowCall !== undefined && window === null) || (select.groupBy ?? []).some(isRefusedGroup);
  for (const ast of groups) {
    if (ast === windowCall) continue;
    if (isGroupWindowCall(ast)) {
      diagnostics.error('SQL_INVALID_WINDOW', ast.span, 'GROUP BY has two windows');
      broken = true;
      continue;
    }
    if (ast.kind === 'literal')
      diagnostics.warn(
        'SQL_INVALID_AGGREGATION',
        ast.span,
        'GROUP BY a constant makes one group',
        'to group by a column of the result, repeat its expression',
      );
    const expression = isOutputName(ast, items, scope) ? refuseOutputName(ast, place) : rows.type(ast);
    if (expression === null) broken = true;
    else if (!keys.some((key) => sameExpression(key.expression, expression))) {
      keys.push({ expression, name: ast.kind === 'column' ? ast.parts.at(-1)!.text : `key$${keys.length}` });
    }
  }
  if (broken) return typeSilently(items, select, scope, place);

  const grouping = new Grouping(keys, window, rows, place);
  const outputs = items.map((item) => grouping.typer.type(item.ast));
  const having = select.having === null ? null : grouping.typer.condition(select.having, 'HAVING');
  if (input === null || outputs.includes(null) || (select.having !== null && having === null)) return null;
  const result = grouping.relation(input, select.span);
  if (result === null) return null;
  const settle = (expression: Expression): Expression => grouping.settle(expression);
  const kept = having === null ? result : filter(result, settle(having), place.scope);
  const expressions = (outputs as Expression[]).map(settle).map((expression) => {
    // the type is that of the aggregation's field, because the aggregation may remove a time
    // attribute
    return expression.kind === 'column' ? { ...expression, type: kept.fields[expression.index]!.type } : expression;
  });
  const selected = project(kept, expressions, outputFields(items, expressions, kept.fields), place.scope);
  return select.distinct ? distinctRows(selected, place, select.span) : selected;
}

/** Reports unknown names in a SELECT whose keys have mistakes. Grouping cannot be checked there. */
function typeSilently(items: readonly OutputItem[], select: Select, scope: Scope, place: QueryPlace): null {
  const { session } = place.job;
  const open = new ExpressionTyper({
    diagnostics: session.diagnostics,
    environment: session.environment,
    extension: session.extension,
    scope,
    intercept: (ast, typer) => {
      const call = aggregateCallOf(ast);
      if (call !== null) typeAggregate(call, typer, true);
      return call !== null || isGroupWindowCall(ast) || isGroupingCall(ast) || windowAuxiliary(ast) !== null
        ? null
        : undefined;
    },
  });
  for (const item of items) open.type(item.ast);
  if (select.having !== null) open.type(select.having);
  return null;
}

function groupExpressions(item: GroupItem, place: QueryPlace): ExpressionAst[] {
  const { diagnostics } = place.job.session;
  if (item.kind === 'empty') return [];
  if (isRefusedGroup(item)) {
    const name = item.kind === 'expression' && item.expression.kind === 'call' ? item.expression.name : 'GROUPING SETS';
    diagnostics.notSupported(item.span, name, 'write one query for each set and UNION ALL them');
    return [];
  }
  if (item.kind !== 'expression') return [];
  const ast = item.expression;
  return ast.kind === 'row-list' ? [...ast.items] : [ast];
}

/** Returns whether a GROUP BY expression is an alias of SELECT. */
function isOutputName(ast: ExpressionAst, items: readonly OutputItem[], scope: Scope): boolean {
  if (ast.kind !== 'column' || ast.parts.length !== 1 || scope.hasUnknown) return false;
  const name = ast.parts[0]!.text;
  return !scope.columnNames().includes(name) && items.some((item) => item.name === name && item.ast.kind !== 'column');
}

function refuseOutputName(ast: ExpressionAst, place: QueryPlace): null {
  return place.job.session.diagnostics.error(
    'SQL_UNKNOWN_COLUMN',
    ast.span,
    'GROUP BY cannot use a name that SELECT gives',
    'repeat the expression in GROUP BY, or group in a query around it',
  );
}

/** Returns whether a GROUP BY item is GROUPING SETS, ROLLUP or CUBE. */
function isRefusedGroup(item: GroupItem): boolean {
  if (item.kind === 'grouping-sets') return true;
  return item.kind === 'expression' && item.expression.kind === 'call' && /^(ROLLUP|CUBE)$/.test(item.expression.name);
}
