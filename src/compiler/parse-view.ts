import type { QueryCstNode } from '../../grammar/cst-types.ts';
import { parseQuery } from '../../grammar/parser.ts';
import { scan } from '../../grammar/scanner.ts';
import type { Name } from './ast/expression.ts';
import type { Query } from './ast/query.ts';
import { BuildContext } from './build-ast/build-context.ts';
import { buildQuery } from './build-ast/build-query.ts';
import type { CatalogView } from './catalog.ts';
import type { Session } from './session.ts';

/**
 * Parses a view that an earlier text defined. Its text was valid then; a mistake now is reported at
 * the use of the view.
 */
export function parseViewQuery(view: CatalogView, name: Name, session: Session): Query | null {
  const { tokens } = scan(view.query);
  const parsed = parseQuery(tokens, view.query.length);
  const failure = parsed.diagnostics[0];
  if (parsed.cst === null) {
    return session.diagnostics.error(
      'SQL_INVALID_STATEMENT',
      name.span,
      `the view \`${view.name}\` cannot be read: ${failure?.message ?? ''}`,
    );
  }
  const context = new BuildContext(view.query, session.portable);
  return relocate(buildQuery(parsed.cst as QueryCstNode, context), name);
}

/**
 * Replaces all positions in a view's query by the place where the view is used. Positions inside
 * the view's text have no meaning in the current text.
 */
function relocate(query: Query, name: Name): Query {
  return JSON.parse(JSON.stringify(query), (_, value) => (isSpan(value) ? name.span : value)) as Query;
}

function isSpan(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'start,end';
}
