import { sameType, typeName, withNullable } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { Expression } from '../../plan/expression.ts';
import type { Name } from '../ast/expression.ts';
import type { Insert, QueryStatement } from '../ast/statement.ts';
import type { CatalogTable } from '../catalog.ts';
import { convert, literalOf, withoutAttribute } from '../typecheck/convert.ts';
import { canStore } from '../typecheck/store-rules.ts';
import type { JobContext } from './job-context.ts';
import { lateRowsOf } from './late-rows.ts';
import { lowerQuery } from './lower-query.ts';
import { physicalFields, reportOptions } from './lower-table.ts';
import { isUpdating, project, type Relation, type RelationField } from './relation.ts';

/**
 * Converts INSERT INTO t [(columns)] query [LATE ROWS INTO t] to sinks. Returns null after
 * reporting a mistake.
 */
export function lowerInsert(insert: Insert, job: JobContext): readonly Relation[] | null {
  const { session } = job;
  if (insert.hint !== null) session.diagnostics.notSupported(insert.hint, 'a hint after a table');
  const name = session.plainName(insert.table);
  const query = lowerQuery(insert.query, { job, common: new Map(), scope: name?.text ?? 'sink' });
  const text: SinkText = {
    rows: 'the query',
    columns: insert.columns,
    span: insert.query.span,
    itemSpan: (i) => itemSpan(insert, i),
    fitting: (type) => `convert it with CAST(… AS ${type})`,
  };
  const rows = lowerSink(query, name, text, job);
  if (insert.late === null) return rows === null ? null : [rows];
  const { table, span: clause } = insert.late;
  const late = query === null ? null : lateRowsOf(query, clause, session);
  const lateName = session.plainName(table);
  const lateRows = lowerSink(late, lateName, lateText(late, clause), job);
  return rows === null || lateRows === null ? null : [rows, lateRows];
}

/** The text in the statement that produces the rows of a sink. */
interface SinkText {
  /** Names the rows in messages. */
  readonly rows: string;
  /** The column list after the table; null: all columns of the table. */
  readonly columns: readonly Name[] | null;
  readonly span: SourceSpan;
  itemSpan(column: number): SourceSpan;
  /** Returns a hint that converts a column to a type of the table; absent: see `shape`. */
  readonly fitting?: (type: string) => string;
  /** A hint that describes the required columns of the table. */
  readonly shape?: string;
}

function lateText(late: Relation | null, span: SourceSpan): SinkText {
  const columns = late?.fields.map((field) => `${field.name} ${plainType(field)}`).join(', ');
  const shape = `the table needs the columns of the input of the window or pattern: ${columns}`;
  return { rows: 'a late row', columns: null, span, itemSpan: () => span, shape };
}

/**
 * Lowers the sink of a query and checks its table. Returns null if the query or the table has a
 * mistake.
 */
function lowerSink(query: Relation | null, name: Name | null, text: SinkText, job: JobContext): Relation | null {
  const { session } = job;
  const { diagnostics } = session;
  if (name === null) return null;
  const table = session.tables.get(name.text);
  if (table === undefined) {
    if (session.views.has(name.text))
      return diagnostics.error(
        'SQL_INVALID_SINK',
        name.span,
        `\`${name.text}\` is a view, rows cannot be inserted into it`,
      );
    return session.unknownTable(name);
  }
  if (session.broken.has(name.text)) return null;
  reportOptions('sink', table, name.span, session);
  const stored = table.columns.find((column) => column.kind === 'metadata' && !column.virtual);
  if (stored !== undefined) {
    diagnostics.notSupported(
      name.span,
      `writing the metadata column \`${stored.field.name}\``,
      'declare it METADATA VIRTUAL',
    );
  }
  const targets = physicalFields(table);
  const positions = targetPositions(text.columns, table, targets, job);
  if (query === null || positions === null) return null;
  const fitted = fitToTable(query, table, targets, positions, text, name.span, job);
  if (fitted === null) return null;
  if (isUpdating(fitted) && !session.connectors.acceptsChangelog(table.options)) {
    return diagnostics.error(
      'SQL_UPDATES_NOT_ACCEPTED',
      name.span,
      `\`${name.text}\` takes only new rows, but the query also changes rows that it has sent (an unbounded GROUP BY or DISTINCT does)`,
      'aggregate over windows, or use a format that holds changes, such as debezium-json',
    );
  }
  return {
    operation: {
      kind: 'sink',
      table: table.name,
      options: table.options,
      changelog: isUpdating(fitted) ? 'changelog' : 'insert',
      primaryKey: table.primaryKey.map((column) => targets.findIndex((field) => field.name === column)),
      ...(table.partitionedBy === undefined
        ? {}
        : { partitionedBy: table.partitionedBy.map((column) => targets.findIndex(({ name: own }) => own === column)) }),
    },
    inputs: [fitted],
    fields: targets,
    scope: table.name,
  };
}

/** Returns the position in the table of each column of the query. */
function targetPositions(
  columns: readonly Name[] | null,
  table: CatalogTable,
  targets: readonly RelationField[],
  job: JobContext,
): number[] | null {
  if (columns === null) return targets.map((_, i) => i);
  const { diagnostics } = job.session;
  const seen = new Set<string>();
  const positions = columns.map((column) => {
    if (seen.has(column.text))
      diagnostics.error('SQL_DUPLICATE_NAME', column.span, `column \`${column.text}\` is named twice`);
    seen.add(column.text);
    const index = targets.findIndex((field) => field.name === column.text);
    if (index >= 0) return index;
    const other = table.columns.find((candidate) => candidate.field.name === column.text);
    if (other !== undefined)
      return diagnostics.error(
        'SQL_INVALID_SINK',
        column.span,
        `column \`${column.text}\` is ${other.kind === 'computed' ? 'computed' : 'metadata'} and cannot be written`,
      );
    return diagnostics.error(
      'SQL_UNKNOWN_COLUMN',
      column.span,
      `no column \`${column.text}\` in \`${table.name}\``,
      didYouMean(
        column.text,
        targets.map((field) => field.name),
      ),
    );
  });
  return positions.includes(null) || seen.size < positions.length ? null : (positions as number[]);
}

/**
 * Sorts the query's columns by the order of the table and adds casts. Columns that the query does
 * not give are NULL.
 */
function fitToTable(
  query: Relation,
  table: CatalogTable,
  targets: readonly RelationField[],
  positions: readonly number[],
  text: SinkText,
  span: SourceSpan,
  job: JobContext,
): Relation | null {
  const { diagnostics } = job.session;
  const given = query.fields.length;
  if (given !== positions.length) {
    const what = text.columns === null ? `\`${table.name}\` has ${positions.length}` : `${positions.length} are named`;
    return diagnostics.error(
      'SQL_TYPE_MISMATCH',
      text.span,
      `${text.rows} gives ${given} column${given === 1 ? '' : 's'}, ${what}`,
      text.shape ?? `the table's columns: ${targets.map((field) => `\`${field.name}\``).join(', ')}`,
    );
  }
  let wrong = false;
  const expressions = targets.map((target, place): Expression => {
    const source = positions.indexOf(place);
    if (source < 0) {
      if (!target.type.nullable) {
        wrong = true;
        diagnostics.error(
          'SQL_TYPE_MISMATCH',
          span,
          `column \`${target.name}\` is NOT NULL, but the INSERT does not give it a value`,
        );
      }
      return literalOf(null, target.type);
    }
    const field = query.fields[source]!;
    if (!canStore(field.type, target.type)) {
      wrong = true;
      diagnostics.error(
        'SQL_TYPE_MISMATCH',
        text.itemSpan(source),
        `column ${source + 1} of ${text.rows} (\`${field.name}\`) is ${plainType(field)}, but \`${target.name}\` of \`${table.name}\` is ${plainType(target)}`,
        text.fitting?.(plainType(target)) ?? text.shape,
      );
    }
    return convert({ kind: 'column', index: source, type: field.type }, target.type);
  });
  if (wrong) return null;
  const same =
    expressions.length === query.fields.length &&
    expressions.every((expression, i) => expression.kind === 'column' && expression.index === i);
  if (same && query.fields.every((field, i) => sameType(field.type, targets[i]!.type))) return query;
  const fields = targets.map((target, i) => ({
    name: target.name,
    type: withNullable(withoutAttribute(target.type), expressions[i]!.type.nullable),
  }));
  return project(query, expressions, fields, table.name);
}

/** Returns the span of column `index` of the query in the text, if known. */
function itemSpan(insert: Insert, index: number): SourceSpan {
  const { body } = insert.query;
  const items = body.kind === 'select' ? body.items : [];
  return items.some((item) => item.kind === 'all' || item.expression.kind === 'star')
    ? insert.query.span
    : (items[index]?.span ?? insert.query.span);
}

const plainType = (field: RelationField): string => typeName(withNullable(withoutAttribute(field.type), true));

/** Converts a bare SELECT to a sink that returns the rows to the caller. */
export function lowerCollect(statement: QueryStatement, job: JobContext): readonly Relation[] | null {
  const query = lowerQuery(statement.query, { job, common: new Map(), scope: 'result' });
  if (query === null) return null;
  const sink: Relation = {
    operation: {
      kind: 'sink',
      table: 'result',
      options: { connector: 'collect' },
      changelog: isUpdating(query) ? 'changelog' : 'insert',
      primaryKey: [],
    },
    inputs: [query],
    fields: query.fields,
    scope: 'result',
  };
  return [sink];
}
