import { type DataType, isTimestamp, typeName, withNullable } from '../../core/data-type.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { referencesIn } from '../../core/option-reference.ts';
import { canCast } from '../../functions/cast/cast.ts';
import type { Expression } from '../../plan/expression.ts';
import { isLiteralSecret } from '../../plan/redact-secrets.ts';
import type { Name } from '../ast/expression.ts';
import type { ColumnDefinition, CreateTable } from '../ast/statement.ts';
import type { CatalogColumn, CatalogTable } from '../catalog.ts';
import { reportOptions } from '../lower/lower-table.ts';
import type { Session } from '../session.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { Scope } from '../typecheck/scope.ts';
import { readPartitions, reportExtensions } from './table-partitions.ts';

/**
 * Compiles CREATE TABLE. Checks the table and adds it to the catalogue. Returns the name, or null
 * after a mistake or if the table exists.
 */
export function createTable(statement: CreateTable, session: Session): string | null {
  const { diagnostics } = session;
  const before = diagnostics.errors;
  const name = session.plainName(statement.name);
  if (name === null) return null;
  for (const refused of statement.refused) diagnostics.notSupported(refused.span, refused.construct);
  const exists = session.tables.has(name.text) || session.views.has(name.text);
  if (exists && statement.ifNotExists) return null;
  if (exists)
    diagnostics.error(
      'SQL_DUPLICATE_NAME',
      name.span,
      `\`${name.text}\` exists already`,
      'choose another name, or write CREATE TABLE IF NOT EXISTS',
    );
  if (statement.columns.length === 0 && statement.refused.length === 0)
    diagnostics.error('SQL_INVALID_STATEMENT', statement.span, `the table \`${name.text}\` has no columns`);

  const options = readOptions(statement, session);
  const columns = readColumns(statement, options, session);
  const watermark = readWatermark(statement, columns, session);
  const primaryKey = readPrimaryKey(statement, columns, session);
  const partitionedBy = readPartitions(statement, columns, options, session);
  const keyed = columns.map(
    (column): CatalogColumn =>
      primaryKey.includes(column.field.name)
        ? { ...column, field: { ...column.field, type: withNullable(column.field.type, false) } }
        : column,
  );
  const table: CatalogTable = {
    name: name.text,
    columns: keyed,
    watermark,
    primaryKey,
    ...(partitionedBy.length === 0 ? {} : { partitionedBy }),
    options,
    temporary: statement.temporary,
  };
  session.optionSpans.set(table, new Map(statement.options.map((option) => [option.key, option.keySpan])));
  reportOptions('declare', table, name.span, session);
  reportReferences(statement, options, session);
  reportExtensions(statement, options, keyed, session);
  if (exists) return null;
  session.tables.set(name.text, table);
  if (diagnostics.errors > before && (statement.columns.length === 0 || columns.length < statement.columns.length))
    session.broken.add(name.text);
  return name.text;
}

function readOptions(statement: CreateTable, session: Session): Record<string, string> {
  const options: Record<string, string> = {};
  for (const option of statement.options) {
    if (Object.hasOwn(options, option.key))
      session.diagnostics.error('SQL_DUPLICATE_NAME', option.keySpan, `the option '${option.key}' is given twice`);
    options[option.key] = option.value;
  }
  if (!Object.hasOwn(options, 'connector')) {
    session.diagnostics.error(
      'CONFIG_INVALID_OPTION',
      statement.optionsSpan ?? statement.name.at(-1)!.span,
      "the table has no option 'connector'",
      `write WITH ('connector' = '…'); there are ${session.connectors
        .connectorNames()
        .map((name) => `'${name}'`)
        .join(', ')}`,
    );
  }
  return options;
}

/**
 * Reports references in options. References are an extension of Flink SQL. Also reports a secret
 * that is not a reference.
 */
function reportReferences(statement: CreateTable, options: Readonly<Record<string, string>>, session: Session): void {
  const secrets = new Set(session.connectors.secrets(options));
  for (const { key, value, keySpan, valueSpan } of statement.options) {
    const [first] = referencesIn(value);
    if (first !== undefined)
      session.extension(valueSpan, `reference in an option value (\${${first.kind}:…})`, 'write the value itself');
    if (!secrets.has(key) || !isLiteralSecret(value)) continue;
    session.secrets.push(valueSpan);
    session.diagnostics.warn(
      'SQL_LITERAL_SECRET',
      keySpan,
      `the value of '${key}' is secret and stands in the text`,
      `write '\${env:NAME}' or '\${file:PATH}': then only the reference is stored`,
    );
  }
}

function readColumns(
  statement: CreateTable,
  options: Readonly<Record<string, string>>,
  session: Session,
): CatalogColumn[] {
  const { diagnostics } = session;
  const seen = new Set<string>();
  // computed columns may read all physical and metadata columns, in any order
  const stored = statement.columns.filter((column) => column.kind !== 'computed');
  const scope = Scope.of(
    statement.name.at(-1)!.text,
    stored.map((column) => ({ name: column.name.text, type: column.type })),
  );
  const typer = new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    extension: session.extension,
    scope,
    place: 'in a computed column',
  });
  const metadata = Object.hasOwn(options, 'connector') ? session.connectors.metadata(options) : new Map();
  return statement.columns.flatMap((column): CatalogColumn[] => {
    if (seen.has(column.name.text)) {
      diagnostics.error('SQL_DUPLICATE_NAME', column.name.span, `column \`${column.name.text}\` is defined twice`);
      return [];
    }
    seen.add(column.name.text);
    if (column.kind === 'physical') {
      return [
        {
          kind: 'physical',
          field: { name: column.name.text, type: column.type },
          ...(column.comment === null ? {} : { comment: column.comment }),
        },
      ];
    }
    if (column.kind === 'computed') {
      const expression = typer.type(column.expression);
      return expression === null
        ? []
        : [
            {
              kind: 'computed',
              field: { name: column.name.text, type: expression.type },
              expression,
              text: column.text,
            },
          ];
    }
    return [metadataColumn(column, metadata, session)];
  });
}

function metadataColumn(
  column: Extract<ColumnDefinition, { kind: 'metadata' }>,
  known: ReadonlyMap<string, { readonly type: DataType }>,
  session: Session,
): CatalogColumn {
  const key = column.key ?? column.name.text;
  const found = known.get(key);
  if (found === undefined) {
    const keys = [...known.keys()];
    const list =
      keys.length === 0 ? 'this connector has none' : `there are ${keys.map((name) => `'${name}'`).join(', ')}`;
    session.diagnostics.error(
      'CONFIG_INVALID_OPTION',
      column.keySpan,
      `no metadata '${key}'`,
      didYouMean(key, keys) ?? list,
    );
  } else if (canCast(found.type, column.type) === 'no') {
    session.diagnostics.error(
      'SQL_TYPE_MISMATCH',
      column.keySpan,
      `the metadata '${key}' is ${typeName(found.type)}, which cannot become ${typeName(column.type)}`,
    );
  }
  return { kind: 'metadata', field: { name: column.name.text, type: column.type }, key, virtual: column.virtual };
}

function readWatermark(
  statement: CreateTable,
  columns: readonly CatalogColumn[],
  session: Session,
): CatalogTable['watermark'] {
  const { diagnostics } = session;
  const [watermark, second] = statement.watermarks;
  if (watermark === undefined) return null;
  if (second !== undefined)
    diagnostics.error('SQL_INVALID_WATERMARK', second.span, 'a table has at most one WATERMARK');
  const parts = watermark.column;
  if (parts.length > 1)
    return diagnostics.notSupported(
      watermark.span,
      'a watermark on a field of a ROW',
      'put the field into a computed column',
    );
  const name = parts[0] as Name;
  const column = columns.find((candidate) => candidate.field.name === name.text);
  if (column === undefined) {
    const declared = statement.columns.some((candidate) => candidate.name.text === name.text);
    if (declared) return null;
    return diagnostics.error(
      'SQL_UNKNOWN_COLUMN',
      name.span,
      `no column \`${name.text}\` in the table`,
      didYouMean(
        name.text,
        columns.map((candidate) => candidate.field.name),
      ),
    );
  }
  const { type } = column.field;
  if (!isTimestamp(type) || type.precision > 3 || type.attribute === 'proctime') {
    const hint =
      isTimestamp(type) && type.precision > 3
        ? 'declare it TIMESTAMP(3)'
        : type.kind === 'bigint'
          ? `add a computed column, for example \`time_ltz AS TO_TIMESTAMP_LTZ(${name.text}, 3)\``
          : undefined;
    return diagnostics.error(
      'SQL_INVALID_WATERMARK',
      name.span,
      `the event time must be TIMESTAMP(3) or TIMESTAMP_LTZ(3), but \`${name.text}\` is ${typeName(withNullable(type, true))}`,
      hint,
    );
  }
  const scope = Scope.of(
    statement.name.at(-1)!.text,
    columns.map((candidate) => candidate.field),
  );
  const typer = new ExpressionTyper({
    diagnostics,
    environment: session.environment,
    extension: session.extension,
    scope,
    place: 'in a watermark',
  });
  const expression: Expression | null = typer.type(watermark.expression);
  if (expression === null) return null;
  if (expression.type.kind !== type.kind || expression.type.precision > 3) {
    return diagnostics.error(
      'SQL_INVALID_WATERMARK',
      watermark.expression.span,
      `the watermark is ${typeName(withNullable(expression.type, true))}, it must have the type of \`${name.text}\`, ${typeName(withNullable(type, true))}`,
      `for example ${name.text} - INTERVAL '5' SECOND`,
    );
  }
  return { column: name.text, expression, text: watermark.text };
}

function readPrimaryKey(statement: CreateTable, columns: readonly CatalogColumn[], session: Session): string[] {
  const { diagnostics } = session;
  const [key, second] = statement.constraints.filter((constraint) => !constraint.unique);
  for (const constraint of statement.constraints) {
    if (constraint.unique) diagnostics.notSupported(constraint.span, 'UNIQUE', 'use PRIMARY KEY … NOT ENFORCED');
    else if (constraint.enforcement !== 'not-enforced') {
      diagnostics.error(
        'SQL_INVALID_STATEMENT',
        constraint.span,
        'a PRIMARY KEY must be NOT ENFORCED: keys are not checked',
        'write PRIMARY KEY (…) NOT ENFORCED',
      );
    }
  }
  if (key === undefined) return [];
  if (second !== undefined)
    diagnostics.error('SQL_INVALID_STATEMENT', second.span, 'a table has at most one PRIMARY KEY');
  const result: string[] = [];
  for (const name of key.columns) {
    const column = columns.find((candidate) => candidate.field.name === name.text);
    if (column === undefined) {
      diagnostics.error(
        'SQL_UNKNOWN_COLUMN',
        name.span,
        `no column \`${name.text}\` in the table`,
        didYouMean(
          name.text,
          columns.map((candidate) => candidate.field.name),
        ),
      );
    } else if (column.kind !== 'physical') {
      diagnostics.error(
        'SQL_INVALID_STATEMENT',
        name.span,
        `the key column \`${name.text}\` must be a physical column`,
      );
    } else if (result.includes(name.text)) {
      diagnostics.error('SQL_DUPLICATE_NAME', name.span, `column \`${name.text}\` is named twice in the key`);
    } else result.push(name.text);
  }
  return result;
}
