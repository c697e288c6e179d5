import type { SourceSpan } from '../../core/diagnostic.ts';
import type { AggregateCall, ColumnExpression, Expression } from '../../plan/expression.ts';
import { collectColumns, mapAggregate, partsOf, replaceColumns } from '../../plan/walk-expression.ts';
import type { CallAst, ExpressionAst } from '../ast/expression.ts';
import type { GroupItem, Select } from '../ast/query.ts';
import { Diagnostics } from '../diagnostics.ts';
import { millisecondsSetting } from '../settings.ts';
import { withoutAttribute } from '../typecheck/convert.ts';
import { ExpressionTyper, sameExpression } from '../typecheck/expression-typer.ts';
import type { Scope } from '../typecheck/scope.ts';
import { typeAggregate } from './aggregate-call.ts';
import { aggregateCallOf } from './find-aggregate-calls.ts';
import {
  type GroupWindow,
  groupWindowOf,
  isGroupWindowCall,
  type WindowAuxiliary,
  windowAuxiliary,
} from './group-window.ts';
import type { QueryPlace } from './lower-query.ts';
import { filter, type OutputItem, outputFields } from './lower-select.ts';
import { project, type Relation, type RelationField } from './relation.ts';
import { aggregateWindows, WINDOW_COLUMN_BASE, type WindowRole, windowColumnType } from './window-aggregate.ts';

/** A key of GROUP BY: an expression over the input row. */
interface GroupKey {
  readonly expression: Expression;
  readonly name: string;
}

/** SELECT with GROUP BY, HAVING or aggregates. */
export function lowerGrouped(
  select: Select,
  items: readonly OutputItem[],
  input: Relation | null,
  scope: Scope,
  place: QueryPlace,
): Relation | null {
  const { session } = place.job;
  const { diagnostics } = session;
  const rows = new ExpressionTyper({ diagnostics, environment: session.environment, scope, place: 'in GROUP BY' });
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
    // the aggregation's fields decide: it may have taken a time attribute away
    return expression.kind === 'column' ? { ...expression, type: kept.fields[expression.index]!.type } : expression;
  });
  const selected = project(kept, expressions, outputFields(items, expressions, kept.fields), place.scope);
  return select.distinct ? distinctRows(selected, place, select.span) : selected;
}

/** The keys are wrong, so nothing can be said about grouping; unknown names are still reported. */
function typeSilently(items: readonly OutputItem[], select: Select, scope: Scope, place: QueryPlace): null {
  const { session } = place.job;
  const open = new ExpressionTyper({
    diagnostics: session.diagnostics,
    environment: session.environment,
    scope,
    intercept: (ast, typer) => {
      const call = aggregateCallOf(ast);
      if (call !== null) typeAggregate(call, typer);
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

/** GROUP BY a name that only SELECT gives. */
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

/** GROUPING SETS, ROLLUP, CUBE. */
function isRefusedGroup(item: GroupItem): boolean {
  if (item.kind === 'grouping-sets') return true;
  return item.kind === 'expression' && item.expression.kind === 'call' && /^(ROLLUP|CUBE)$/.test(item.expression.name);
}

const isGroupingCall = (ast: ExpressionAst): boolean =>
  ast.kind === 'call' && /^(GROUPING|GROUPING_ID|GROUP_ID)$/.test(ast.name);

/**
 * What stands after GROUP BY: expressions over keys, aggregates and windows. Output columns are keys, aggregates, then windows; the
 * last get their position when all aggregates are known.
 */
class Grouping {
  readonly typer: ExpressionTyper;
  readonly #keys: readonly GroupKey[];
  readonly #window: GroupWindow | null;
  readonly #rows: ExpressionTyper;
  readonly #place: QueryPlace;
  readonly #aggregates: AggregateCall[] = [];
  readonly #roles: WindowRole[] = [];
  #positions: readonly number[] | null = null;

  constructor(keys: readonly GroupKey[], window: GroupWindow | null, rows: ExpressionTyper, place: QueryPlace) {
    this.#keys = keys;
    this.#window = window;
    this.#rows = rows;
    this.#place = place;
    this.typer = new ExpressionTyper({ ...rows.context, place: 'here', intercept: (ast) => this.#intercept(ast) });
  }

  #intercept(ast: ExpressionAst): Expression | null | undefined {
    const { diagnostics } = this.#rows.context;
    const call = aggregateCallOf(ast);
    if (call !== null) return this.#aggregate(call);
    const auxiliary = windowAuxiliary(ast);
    if (auxiliary !== null) return this.#windowColumn(auxiliary);
    if (isGroupingCall(ast)) {
      return diagnostics.notSupported(ast.span, 'GROUPING');
    }
    if (ast.kind === 'column') {
      const typed = this.#rows.type(ast);
      if (typed === null) return null;
      const key = this.#keyOf(typed);
      if (key !== null) return key;
      const name = ast.parts.map((part) => part.text).join('.');
      return diagnostics.error(
        'SQL_INVALID_AGGREGATION',
        ast.span,
        `column \`${name}\` is neither in GROUP BY nor inside an aggregate`,
        `add it to GROUP BY, or take for example MAX(${name})`,
      );
    }
    if (ast.kind === 'literal' || this.#keys.every((key) => key.expression.kind === 'column')) return undefined;
    const silent = new ExpressionTyper({ ...this.#rows.context, diagnostics: new Diagnostics() });
    const typed = silent.type(ast);
    return (typed === null ? null : this.#keyOf(typed)) ?? undefined;
  }

  #keyOf(typed: Expression): Expression | null {
    const index = this.#keys.findIndex((key) => sameExpression(key.expression, typed));
    return index < 0 ? null : { kind: 'column', index, type: typed.type };
  }

  #aggregate(ast: CallAst): Expression | null {
    const call = typeAggregate(ast, this.#rows);
    if (call === null) return null;
    let index = this.#aggregates.findIndex((known) => JSON.stringify(known) === JSON.stringify(call));
    if (index < 0) index = this.#aggregates.push(call) - 1;
    return { kind: 'column', index: this.#keys.length + index, type: call.type };
  }

  #windowColumn(auxiliary: WindowAuxiliary): Expression | null {
    const ast = auxiliary.call;
    const { diagnostics } = this.#rows.context;
    if (this.#window === null || this.#window.kind !== auxiliary.kind) {
      return diagnostics.error(
        'SQL_INVALID_WINDOW',
        ast.span,
        `${ast.name} needs GROUP BY ${auxiliary.kind.toUpperCase()}(…)`,
      );
    }
    if (!this.#window.sameArguments(ast, this.#rows)) {
      return diagnostics.error(
        'SQL_INVALID_WINDOW',
        ast.span,
        `the arguments of ${ast.name} differ from those in GROUP BY`,
      );
    }
    if (!this.#roles.includes(auxiliary.role)) this.#roles.push(auxiliary.role);
    return {
      kind: 'column',
      index: WINDOW_COLUMN_BASE + this.#roles.indexOf(auxiliary.role),
      type: windowColumnType(auxiliary.role, this.#window.timeType),
    };
  }

  /** The aggregation, once all expressions over it have been typed. */
  relation(input: Relation, span: SourceSpan): Relation | null {
    const result = aggregate(input, this.#keys, this.#aggregates, this.#window, this.#roles, this.#place, span);
    this.#positions = result?.positions ?? null;
    return result?.relation ?? null;
  }

  settle(expression: Expression): Expression {
    const own = this.#keys.length + this.#aggregates.length;
    return replaceColumns(expression, (column) => {
      const position = column.index >= WINDOW_COLUMN_BASE ? own + column.index - WINDOW_COLUMN_BASE : column.index;
      return { ...column, index: this.#positions?.[position] ?? position };
    });
  }
}

interface Aggregated {
  readonly relation: Relation;
  /** Position in the relation of each key, aggregate and window column. */
  readonly positions: readonly number[];
}

/** Keys and aggregates over an input: a window aggregation where the keys hold a whole window, otherwise a changelog. */
function aggregate(
  input: Relation,
  keys: readonly GroupKey[],
  aggregates: readonly AggregateCall[],
  window: GroupWindow | null,
  roles: readonly WindowRole[],
  place: QueryPlace,
  span: SourceSpan,
): Aggregated | null {
  const prepared = prepareKeys(input, keys, aggregates, window?.column ?? null, place.scope);
  const windowed = aggregateWindows(prepared, window, roles, place, span);
  if (windowed === 'refused') return null;
  if (windowed !== null) return windowed;
  const keyFields = prepared.keys.map((index, i): RelationField => {
    const field = prepared.input.fields[index]!;
    return { name: keys[i]!.name, type: withoutAttribute(field.type) };
  });
  const fields = [...keyFields, ...prepared.aggregates.map((call, i) => ({ name: `agg$${i}`, type: call.type }))];
  const relation: Relation = {
    operation: {
      kind: 'group-aggregate',
      keys: prepared.keys,
      aggregates: prepared.aggregates,
      ttlMs: millisecondsSetting(place.job.session, 'table.exec.state.ttl') ?? 0,
      updateBefore: true,
    },
    inputs: [prepared.input],
    fields,
    updating: true,
    scope: place.scope,
  };
  return { relation, positions: fields.map((_, i) => i) };
}

export interface PreparedKeys {
  readonly input: Relation;
  readonly keys: readonly number[];
  readonly names: readonly string[];
  readonly aggregates: readonly AggregateCall[];
  /** The legacy window's time column. */
  readonly time: number | null;
}

/** Keys as columns: a projection in front where one of them is an expression. */
function prepareKeys(
  input: Relation,
  keys: readonly GroupKey[],
  aggregates: readonly AggregateCall[],
  time: number | null,
  scope: string,
): PreparedKeys {
  const names = keys.map((key) => key.name);
  if (keys.every((key) => key.expression.kind === 'column')) {
    return { input, keys: keys.map((key) => (key.expression as { index: number }).index), names, aggregates, time };
  }
  const used = new Set<number>();
  for (const call of aggregates) for (const part of partsOf(call)) collectColumns(part, used);
  if (time !== null) used.add(time);
  const kept = [...used].sort((a, b) => a - b);
  const expressions = [
    ...keys.map((key) => key.expression),
    ...kept.map((index): Expression => ({ kind: 'column', index, type: input.fields[index]!.type })),
  ];
  const fields = [
    ...keys.map((key): RelationField => {
      const window = key.expression.kind === 'column' ? input.fields[key.expression.index]!.window : undefined;
      return { name: key.name, type: key.expression.type, ...(window === undefined ? {} : { window }) };
    }),
    ...kept.map((index) => input.fields[index]!),
  ];
  const moved = (column: ColumnExpression): Expression => ({
    ...column,
    index: keys.length + kept.indexOf(column.index),
  });
  return {
    input: project(input, expressions, fields, scope),
    keys: keys.map((_, i) => i),
    names,
    aggregates: aggregates.map((call) => mapAggregate(call, (part) => replaceColumns(part, moved))),
    time: time === null ? null : keys.length + kept.indexOf(time),
  };
}

/** SELECT DISTINCT and UNION: group by all columns. */
export function distinctRows(input: Relation, place: QueryPlace, span: SourceSpan): Relation | null {
  const keys = input.fields.map(
    (field, index): GroupKey => ({ expression: { kind: 'column', index, type: field.type }, name: field.name }),
  );
  const result = aggregate(input, keys, [], null, [], place, span);
  if (result === null) return null;
  const { relation, positions } = result;
  if (positions.every((position, i) => position === i)) return relation;
  const fields = input.fields.map((field, i) => ({ ...relation.fields[positions[i]!]!, name: field.name }));
  const expressions = positions.map(
    (index): Expression => ({ kind: 'column', index, type: relation.fields[index]!.type }),
  );
  return project(relation, expressions, fields, place.scope);
}
