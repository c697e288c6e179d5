import { typeName } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { Expression } from '../../plan/expression.ts';
import type { SortKey } from '../../plan/nodes/sort.ts';
import type { ExpressionAst, OrderItem } from '../ast/expression.ts';
import type { QueryBody, SelectItem } from '../ast/query.ts';
import { Diagnostics } from '../diagnostics.ts';
import { topological } from '../rewrite/prune-columns.ts';
import { withoutAttribute } from '../typecheck/convert.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { Scope } from '../typecheck/scope.ts';
import { lowerSelect } from './lower-select.ts';
import type { QueryPlace } from './query-place.ts';
import { isUpdating, project, type Relation } from './relation.ts';

/**
 * Sorts the rows of a query whose input ends. This is an extension: Flink sorts a stream only by
 * time. Returns null after reporting a mistake. `query` has the rows. `body` is their text.
 */
export function sortRows(
  query: Relation,
  { items, span }: { readonly items: readonly OrderItem[]; readonly span: SourceSpan },
  body: QueryBody,
  place: QueryPlace,
): Relation | null {
  const { session } = place.job;
  const { diagnostics } = session;
  if (session.portable)
    return diagnostics.notSupported(span, 'ORDER BY', 'the level `extended` sorts the rows of an input that ends');
  const endless = endlessTable(query, place);
  if (endless !== null) {
    return diagnostics.notSupported(
      span,
      `ORDER BY over \`${endless.table}\`, which has no end,`,
      `the rows can be sorted when the input ends: ${endless.why}`,
    );
  }
  session.extension(span, 'ORDER BY on input that ends', 'a streaming job of Flink sorts only by time');
  const keyed = withKeys(query, items, body, place);
  if (keyed === null) return null;
  const { relation, columns } = keyed;
  const order = items.map(
    ({ descending, nullsFirst }, i): SortKey => ({
      column: columns[i]!,
      descending,
      // As in Flink, NULL is below all values.
      nullsFirst: nullsFirst ?? !descending,
    }),
  );
  const insertOnly = !isUpdating(relation);
  const unkeyed = insertOnly ? undefined : relation.fields.find(({ type }) => NO_KEY.test(type.kind));
  if (unkeyed !== undefined) {
    return diagnostics.notSupported(
      span,
      `ORDER BY over a result that changes rows and has the column \`${unkeyed.name}\` of type ${typeName(unkeyed.type)}`,
    );
  }
  const fields = relation.fields.map(({ name, type }) => ({ name, type: withoutAttribute(type) }));
  const { scope } = place;
  const sorted: Relation = { operation: { kind: 'sort', order, insertOnly }, inputs: [relation], fields, scope };
  const width = query.fields.length;
  if (fields.length === width) return sorted;
  const shown = fields.slice(0, width);
  return project(
    sorted,
    shown.map(({ type }, index) => ({ kind: 'column', index, type })),
    shown,
    scope,
  );
}

/** A relation with the columns of a query first, then the keys that the query does not show. */
interface Keyed {
  readonly relation: Relation;
  /** The column of each item of ORDER BY. */
  readonly columns: readonly number[];
}

function withKeys(query: Relation, items: readonly OrderItem[], body: QueryBody, place: QueryPlace): Keyed | null {
  const width = query.fields.length;
  const shown = items.map((item) => shownKey(item, query, place));
  const plain = body.kind === 'select' && !body.distinct ? body : null;
  const hidden = items.filter((_, i) => shown[i] === null && plain !== null);
  let relation: Relation | null = query;
  if (hidden.length > 0) {
    // A key that reads columns of the input or is an aggregate becomes a column of the query.
    const added = hidden.map(
      ({ expression, span }, i): SelectItem => ({
        kind: 'item',
        expression,
        alias: { text: `order$${i}`, quoted: true, span },
        span,
      }),
    );
    relation = lowerSelect({ ...plain!, items: [...plain!.items, ...added] }, place);
    if (relation === null) return null;
  }
  const computed: Expression[] = [];
  const columns = items.map((item, i): number | null => {
    const key = shown[i] ?? (plain === null ? typerOver(query, place).type(unqualified(item.expression, query)) : null);
    if (key === null) return hidden.includes(item) ? width + hidden.indexOf(item) : null;
    if (key === 'none') return null;
    if (key.kind === 'column') return key.index;
    return width + hidden.length + computed.push(key) - 1;
  });
  if (columns.includes(null)) return null;
  if (computed.length > 0) {
    const own = relation.fields.map((field, index): Expression => ({ kind: 'column', index, type: field.type }));
    const extra = computed.map((key, i) => ({ name: `key$${i}`, type: key.type }));
    relation = project(relation, [...own, ...computed], [...relation.fields, ...extra], place.scope);
  }
  return { relation, columns: columns as number[] };
}

/**
 * Returns a key over the columns that the query shows. The text of a key is a column, its number or
 * an expression. Returns null if the key reads other columns. Returns `none` after reporting that
 * there is no such column.
 */
function shownKey({ expression, span }: OrderItem, query: Relation, place: QueryPlace): Expression | 'none' | null {
  const number = ordinal(expression);
  if (number === null) return typerOver(query, place, new Diagnostics()).type(unqualified(expression, query));
  const field = query.fields[number - 1];
  if (field !== undefined) return { kind: 'column', index: number - 1, type: field.type };
  const message = `ORDER BY ${number}: the query has ${query.fields.length} columns`;
  place.job.session.diagnostics.error('SQL_INVALID_ARGUMENT', span, message);
  return 'none';
}

function typerOver(query: Relation, { job }: QueryPlace, diagnostics = job.session.diagnostics): ExpressionTyper {
  const table = { alias: null, known: true, offset: 0, fields: query.fields };
  const { environment, extension } = job.session;
  return new ExpressionTyper({ diagnostics, environment, extension, scope: new Scope([table]), place: 'in ORDER BY' });
}

/** Equal values of these types may have different bytes. */
const NO_KEY = /^(map|multiset)$/;

function ordinal(expression: ExpressionAst): number | null {
  return expression.kind === 'literal' && typeof expression.value === 'number' ? expression.value : null;
}

/** Replaces `t.price` by the column `price` of the result. */
function unqualified(expression: ExpressionAst, input: Relation): ExpressionAst {
  if (expression.kind !== 'column' || expression.parts.length !== 2) return expression;
  const last = expression.parts[1]!;
  return input.fields.some(({ name }) => name === last.text) ? { ...expression, parts: [last] } : expression;
}

/** Returns a table below the query whose input has no end. */
function endlessTable(query: Relation, { job }: QueryPlace): { readonly table: string; readonly why: string } | null {
  for (const { operation } of topological([query])) {
    if (operation.kind !== 'scan') continue;
    const why = job.session.connectors.endless(operation.options);
    if (why !== null) return { table: operation.table, why };
  }
  return null;
}
