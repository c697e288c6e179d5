import type { Expression } from '../../plan/expression.ts';
import type { ExpressionAst } from '../ast/expression.ts';
import type { Select, SelectItem } from '../ast/query.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { Scope, type ScopeTable } from '../typecheck/scope.ts';
import { containsAggregate } from './find-aggregate-calls.ts';
import { distinctRows } from './group-rows.ts';
import { lowerGrouped } from './lower-aggregate.ts';
import { lowerReference } from './lower-query.ts';
import { numberedRows } from './lower-values.ts';
import { type OutputItem, outputFields } from './output-fields.ts';
import type { QueryPlace } from './query-place.ts';
import { filter, project, type Relation } from './relation.ts';

/** Lowers SELECT … FROM … WHERE … GROUP BY … HAVING. */
export function lowerSelect(select: Select, place: QueryPlace): Relation | null {
  const { session } = place.job;
  const { diagnostics } = session;
  if (select.hint !== null) diagnostics.notSupported(select.hint, 'a hint in SELECT');
  if (select.windows !== null) diagnostics.notSupported(select.windows, 'WINDOW (OVER)');
  const { relation: from, tables } = lowerFrom(select, place);
  const scope = new Scope(tables);
  const typer = new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    extension: session.extension,
    scope,
    place: 'in WHERE',
  });

  let input = from;
  if (select.where !== null) {
    const condition = typer.condition(select.where, 'WHERE');
    if (condition !== null && input !== null) input = filter(input, condition, place.scope);
  }
  const items = expandItems(select.items, scope, place);
  const grouped =
    select.groupBy !== null ||
    select.having !== null ||
    items.some((item) => item.kind === 'expression' && containsAggregate(item.ast));
  if (grouped) return lowerGrouped(select, items, input, scope, place);

  const plain = new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    extension: session.extension,
    scope,
    place: 'without GROUP BY',
  });
  const outputs = items.map((item) => (item.kind === 'column' ? item.expression : plain.type(item.ast)));
  if (input === null || outputs.includes(null)) return null;
  const fields = outputFields(items, outputs as Expression[], input.fields);
  const selected = project(input, outputs as Expression[], fields, place.scope);
  return select.distinct ? distinctRows(selected, place, select.span) : selected;
}

function lowerFrom(
  select: Select,
  place: QueryPlace,
): { readonly relation: Relation | null; readonly tables: readonly ScopeTable[] } {
  const { diagnostics } = place.job.session;
  if (select.from.length === 0) {
    checkWithoutFrom(select, place);
    return { relation: numberedRows(1), tables: [] };
  }
  const tables = select.from.map((reference) => lowerReference(reference, place));
  if (tables.length === 1) return { relation: tables[0]!.relation, tables: [tables[0]!.table] };
  diagnostics.notSupported(select.from[1]!.span, 'a join (several tables in FROM)');
  return { relation: null, tables: tables.map((table) => ({ ...table.table, known: false, fields: [] })) };
}

/** SELECT without FROM has one row without columns. Flink accepts no other clause. */
function checkWithoutFrom({ items, where, groupBy, having, span }: Select, place: QueryPlace): void {
  const { session } = place.job;
  for (const item of items)
    if (item.kind === 'all')
      session.diagnostics.error('SQL_INVALID_STATEMENT', item.span, '`*` needs a FROM', 'name a table after FROM');
  if (where !== null) session.extension(where.span, 'WHERE without FROM');
  else if (groupBy !== null || having !== null) session.extension(having?.span ?? span, 'GROUP BY without FROM');
}

function expandItems(items: readonly SelectItem[], scope: Scope, place: QueryPlace): OutputItem[] {
  const { diagnostics } = place.job.session;
  return items.flatMap((item): OutputItem[] => {
    if (item.kind === 'all') return scope.tables.flatMap((table) => columnsOf(table, item.span));
    const ast = item.expression;
    if (ast.kind === 'star') {
      const table = scope.tables.find((candidate) => candidate.alias === ast.qualifier.text);
      if (table !== undefined) return columnsOf(table, item.span);
      if (!scope.hasUnknown)
        diagnostics.error('SQL_UNKNOWN_TABLE', ast.qualifier.span, `no table \`${ast.qualifier.text}\` in FROM`);
      return [];
    }
    return [{ kind: 'expression', ast, name: item.alias?.text ?? impliedName(ast) }];
  });
}

function columnsOf(table: ScopeTable, span: ExpressionAst['span']): OutputItem[] {
  return table.fields.map((field, i) => ({
    kind: 'column',
    expression: { kind: 'column', index: table.offset + i, type: field.type },
    ast: {
      kind: 'column',
      parts: [
        ...(table.alias === null ? [] : [{ text: table.alias, quoted: false, span }]),
        { text: field.name, quoted: false, span },
      ],
      span,
    },
    name: field.name,
  }));
}

function impliedName(ast: ExpressionAst): string | null {
  if (ast.kind === 'column') return ast.parts.at(-1)!.text;
  return ast.kind === 'field' ? ast.name.text : null;
}
