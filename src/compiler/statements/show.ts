import {
  BOOLEAN,
  type DataType,
  type Field,
  isTimestamp,
  STRING,
  typeName,
  withNullable,
} from '../../core/data-type.ts';
import { aggregateNames } from '../../functions/aggregates/registry.ts';
import { functionNames } from '../../functions/registry.ts';
import { redactOptions, type SecretOptions } from '../../plan/redact-secrets.ts';
import type { Describe, Show } from '../ast/statement.ts';
import type { CatalogColumn, CatalogTable } from '../catalog.ts';
import { newJob } from '../lower/job-context.ts';
import { lowerNamed } from '../lower/lower-query.ts';
import type { Session } from '../session.ts';
import { CONDITIONALS } from '../typecheck/conditional.ts';

export interface Rows {
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly unknown[])[];
}

const text = (name: string): Field => ({ name, type: STRING });
const list = (column: string, values: Iterable<string>): Rows => ({
  fields: [text(column)],
  rows: [...values].sort().map((value) => [value]),
});

/** Answers SHOW … from the catalogue. Returns null after reporting a mistake. */
export function show(statement: Show, session: Session): Rows | null {
  switch (statement.what) {
    case 'tables':
      return list('table name', [...session.tables.keys(), ...session.views.keys()]);
    case 'views':
      return list('view name', session.views.keys());
    case 'functions':
      return list('function name', [
        ...functionNames().filter((name) => /^[A-Z]\w*$/.test(name)),
        ...aggregateNames(),
        ...Object.keys(CONDITIONALS),
      ]);
    case 'create-table':
    case 'create-view': {
      const name = session.plainName(statement.name);
      if (name === null) return null;
      const table = statement.what === 'create-table' ? session.tables.get(name.text) : undefined;
      const view = statement.what === 'create-view' ? session.views.get(name.text) : undefined;
      if (table === undefined && view === undefined) return session.unknownTable(name);
      const columns = view?.columns ? ` (${view.columns.map(quote).join(', ')})` : '';
      return {
        fields: [text('result')],
        rows: [
          [
            table
              ? createTableText(table, secretsOf(session))
              : `CREATE VIEW ${quote(view!.name)}${columns} AS\n${view!.query}`,
          ],
        ],
      };
    }
    case 'jobs':
      return null;
  }
}

const secretsOf =
  ({ connectors }: Session): SecretOptions =>
  (options) =>
    connectors.secrets(options);
const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Returns the CREATE TABLE statement of a table. Hides literal secrets. */
export function createTableText(table: CatalogTable, secrets: SecretOptions): string {
  const lines = table.columns.map((column) => `  ${quote(column.field.name)} ${columnText(column)}`);
  if (table.watermark) lines.push(`  WATERMARK FOR ${quote(table.watermark.column)} AS ${table.watermark.text}`);
  if (table.primaryKey.length > 0) lines.push(`  PRIMARY KEY (${table.primaryKey.map(quote).join(', ')}) NOT ENFORCED`);
  const options = Object.entries(redactOptions(table.options, secrets)).map(
    ([key, value]) => `  ${literal(key)} = ${literal(value)}`,
  );
  const { partitionedBy } = table;
  const partitions = partitionedBy === undefined ? '' : `PARTITIONED BY (${partitionedBy.map(quote).join(', ')}) `;
  return `CREATE ${table.temporary ? 'TEMPORARY ' : ''}TABLE ${quote(table.name)} (\n${lines.join(',\n')}\n) ${partitions}WITH (\n${options.join(',\n')}\n)`;
}

function columnText(column: CatalogColumn): string {
  if (column.kind === 'computed') return `AS ${column.text}`;
  const type = typeName(plain(column.field.type));
  if (column.kind === 'metadata')
    return `${type} METADATA FROM ${literal(column.key)}${column.virtual ? ' VIRTUAL' : ''}`;
  return column.comment === undefined ? type : `${type} COMMENT ${literal(column.comment)}`;
}

function plain(type: DataType): DataType {
  if (!isTimestamp(type)) return type;
  const { attribute: _, ...rest } = type;
  return rest;
}

/** Answers DESCRIBE t. The columns are name, type, null, key, extras and watermark, as in Flink. */
export function describe(statement: Describe, session: Session): Rows | null {
  const name = session.plainName(statement.name);
  if (name === null) return null;
  const fields = [
    text('name'),
    text('type'),
    { name: 'null', type: BOOLEAN },
    text('key'),
    text('extras'),
    text('watermark'),
  ];
  const table = session.tables.get(name.text);
  if (table === undefined) {
    const relation = lowerNamed(
      { kind: 'named', parts: statement.name, hint: null, asOf: null, alias: null, span: statement.span },
      { job: newJob(session), common: new Map(), scope: name.text },
    );
    if (relation === null) return null;
    return {
      fields,
      rows: relation.fields.map((field) => [
        field.name,
        typeName(withNullable(field.type, true)),
        field.type.nullable,
        null,
        null,
        null,
      ]),
    };
  }
  const key = `PRI(${table.primaryKey.join(', ')})`;
  const rows = table.columns.map((column) => {
    const { name: columnName, type } = column.field;
    const isTime = table.watermark?.column === columnName;
    const shown: DataType = isTime && isTimestamp(type) ? { ...type, precision: 3, attribute: 'rowtime' } : type;
    const extras =
      column.kind === 'computed'
        ? `AS ${column.text}`
        : column.kind === 'metadata'
          ? columnText(column).slice(columnText(column).indexOf('METADATA'))
          : null;
    return [
      columnName,
      typeName(withNullable(shown, true)),
      type.nullable,
      table.primaryKey.includes(columnName) ? key : null,
      extras,
      isTime ? table.watermark!.text : null,
    ];
  });
  return { fields, rows };
}
