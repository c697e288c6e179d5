import { didYouMean } from '../../core/did-you-mean.ts';
import type { CreateView, Drop } from '../ast/statement.ts';
import { newJob } from '../lower/job-context.ts';
import { lowerQuery } from '../lower/lower-query.ts';
import type { Session, SessionView } from '../session.ts';

/**
 * Creates a view. Compiles the query immediately, so that its mistakes are reported at their place.
 * Returns the name.
 */
export function createView(statement: CreateView, session: Session): string | null {
  const { diagnostics } = session;
  const name = session.plainName(statement.name);
  if (name === null) return null;
  const exists = session.tables.has(name.text) || session.views.has(name.text);
  if (exists && statement.ifNotExists) return null;
  if (exists)
    diagnostics.error(
      'SQL_DUPLICATE_NAME',
      name.span,
      `\`${name.text}\` exists already`,
      'choose another name, or write CREATE VIEW IF NOT EXISTS',
    );
  const relation = lowerQuery(statement.query, { job: newJob(session), common: new Map(), scope: name.text });
  if (relation !== null && statement.columns !== null && statement.columns.length !== relation.fields.length) {
    diagnostics.error(
      'SQL_TYPE_MISMATCH',
      name.span,
      `the view names ${statement.columns.length} columns, its query gives ${relation.fields.length}`,
    );
  }
  if (exists) return null;
  const view: SessionView = {
    name: name.text,
    query: statement.queryText,
    columns: statement.columns?.map((column) => column.text) ?? null,
    ast: statement.query,
  };
  session.views.set(name.text, view);
  if (relation === null) session.broken.add(name.text);
  return name.text;
}

/** Drops a table or a view. Returns the name. */
export function drop(statement: Drop, session: Session): string | null {
  const { diagnostics } = session;
  const name = session.plainName(statement.name);
  if (name === null) return null;
  const [own, other] = statement.object === 'table' ? [session.tables, session.views] : [session.views, session.tables];
  if (own.has(name.text)) {
    own.delete(name.text);
    session.broken.delete(name.text);
    return name.text;
  }
  if (other.has(name.text)) {
    const is = statement.object === 'table' ? 'view' : 'table';
    return diagnostics.error(
      'SQL_INVALID_STATEMENT',
      name.span,
      `\`${name.text}\` is a ${is}`,
      `write DROP ${is.toUpperCase()} ${name.text}`,
    );
  }
  if (statement.ifExists || session.broken.has(name.text)) return null;
  return diagnostics.error(
    'SQL_UNKNOWN_TABLE',
    name.span,
    `no ${statement.object} \`${name.text}\``,
    didYouMean(name.text, own.keys()),
  );
}
