import { didYouMean } from '../../core/did-you-mean.ts';
import type { CreateTable } from '../ast/statement.ts';
import type { CatalogColumn } from '../catalog.ts';
import type { Session } from '../session.ts';

/** Reports the options, and the columns of the format, that Flink does not have. */
export function reportExtensions(
  statement: CreateTable,
  options: Readonly<Record<string, string>>,
  columns: readonly CatalogColumn[],
  session: Session,
): void {
  if (!Object.hasOwn(options, 'connector')) return;
  const spans = new Map(statement.options.map(({ key, keySpan }) => [key, keySpan]));
  const fields = columns.flatMap(({ kind, field }) => (kind === 'physical' ? [field] : []));
  for (const { key, what, portable } of session.connectors.extensions(options, fields))
    session.extension(spans.get(key)!, what, portable);
}

/** Returns the columns of PARTITIONED BY. They must be physical columns. */
export function readPartitions(
  statement: CreateTable,
  columns: readonly CatalogColumn[],
  options: Readonly<Record<string, string>>,
  session: Session,
): readonly string[] {
  const { diagnostics } = session;
  const result: string[] = [];
  for (const name of statement.partitionedBy) {
    const column = columns.find((candidate) => candidate.field.name === name.text);
    if (column === undefined) {
      const names = columns.map((candidate) => candidate.field.name);
      const message = `no column \`${name.text}\` in the table`;
      diagnostics.error('SQL_UNKNOWN_COLUMN', name.span, message, didYouMean(name.text, names));
    } else if (column.kind !== 'physical') {
      const message = `the partition column \`${name.text}\` must be a physical column`;
      diagnostics.error('SQL_INVALID_STATEMENT', name.span, message);
    } else if (result.includes(name.text)) {
      diagnostics.error('SQL_DUPLICATE_NAME', name.span, `column \`${name.text}\` is named twice in PARTITIONED BY`);
    } else {
      const problem = Object.hasOwn(options, 'connector')
        ? session.connectors.partitionProblem(options, column.field)
        : null;
      if (problem !== null) diagnostics.error('SQL_NOT_SUPPORTED', name.span, problem);
      else result.push(name.text);
    }
  }
  return result;
}
