import type { DataType, Field } from '../../core/data-type.ts';
import { isTimestamp, sameType } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { Expression } from '../../plan/expression.ts';
import type { ScanColumn } from '../../plan/nodes/scan.ts';
import type { CatalogTable } from '../catalog.ts';
import type { Session } from '../session.ts';
import type { JobContext } from './job-context.ts';
import { project, type Relation, type RelationField } from './relation.ts';

/**
 * Lowers a table to scan → computed columns → watermark. Each job does this once for a table.
 */
export function lowerTable(table: CatalogTable, span: SourceSpan, job: JobContext): Relation {
  const known = job.tables.get(table.name);
  if (known !== undefined) return known;
  const { session } = job;
  reportOptions('source', table, span, session);
  const stored = table.columns.filter((column) => column.kind !== 'computed');
  const metadata = session.connectors.metadata(table.options);
  const columns: ScanColumn[] = [];
  const fields: Field[] = [];
  for (const column of stored) {
    const isMetadata = column.kind === 'metadata';
    const isPartition = table.partitionedBy?.includes(column.field.name) === true;
    columns.push({
      source: isMetadata ? 'metadata' : isPartition ? 'partition' : 'physical',
      key: isMetadata ? column.key : column.field.name,
    });
    const own = isMetadata ? metadata.get(column.key)?.type : undefined;
    fields.push({ name: column.field.name, type: own ?? column.field.type });
  }
  const scan: Relation = {
    operation: {
      kind: 'scan',
      table: table.name,
      options: table.options,
      columns,
      physical: physicalFields(table).flatMap(({ name }) => (table.partitionedBy?.includes(name) ? [] : [name])),
      ...(table.partitionedBy === undefined ? {} : { partitionedBy: table.partitionedBy }),
    },
    inputs: [],
    fields,
    scope: table.name,
  };
  const relation = watermarked(table, withComputed(table, scan));
  job.tables.set(table.name, relation);
  return relation;
}

function withComputed(table: CatalogTable, scan: Relation): Relation {
  let position = 0;
  let changes = false;
  const expressions = table.columns.map((column): Expression => {
    if (column.kind === 'computed') {
      changes = true;
      return column.expression;
    }
    const from = scan.fields[position]!.type;
    const read: Expression = { kind: 'column', index: position++, type: from };
    if (sameType(from, column.field.type)) return read;
    changes = true;
    return { kind: 'cast', input: read, onError: 'fail', type: column.field.type };
  });
  if (!changes) return scan;
  return project(
    scan,
    expressions,
    table.columns.map((column) => column.field),
    table.name,
  );
}

function watermarked(table: CatalogTable, input: Relation): Relation {
  if (table.watermark === null) return input;
  const column = input.fields.findIndex((field) => field.name === table.watermark!.column);
  const fields = input.fields.map((field, i) =>
    i === column ? { name: field.name, type: asRowtime(field.type) } : field,
  );
  return {
    operation: { kind: 'watermark', column, expression: table.watermark.expression },
    inputs: [input],
    fields,
    scope: table.name,
  };
}

/** An event time has three digits, whatever the column has, as in Flink. */
function asRowtime(type: DataType): DataType {
  return isTimestamp(type) ? { ...type, precision: 3, attribute: 'rowtime' } : type;
}

/** Reports the mistakes in a table's options for this use. */
export function reportOptions(
  use: 'declare' | 'source' | 'sink',
  table: CatalogTable,
  span: SourceSpan,
  session: Session,
): void {
  const fields = physicalFields(table).filter(({ name }) => table.partitionedBy?.includes(name) !== true);
  const spans = session.optionSpans.get(table);
  for (const problem of session.connectors.check(use, table.options, fields)) {
    const at = (problem.key === null ? undefined : spans?.get(problem.key)) ?? span;
    session.diagnostics.error(problem.code, at, problem.message, problem.hint);
  }
}

/** Returns the physical columns. A format reads and writes these columns. */
export function physicalFields(table: CatalogTable): RelationField[] {
  return table.columns.filter((column) => column.kind === 'physical').map((column) => column.field);
}
