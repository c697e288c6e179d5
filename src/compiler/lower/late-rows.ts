import type { SourceSpan } from '../../core/diagnostic.ts';
import type { Expression } from '../../plan/expression.ts';
import { dropsLateRows } from '../../plan/nodes/late-rows.ts';
import { topological } from '../rewrite/prune-columns.ts';
import type { Session } from '../session.ts';
import { withoutAttribute } from '../typecheck/convert.ts';
import { project, type Relation } from './relation.ts';

/**
 * Returns the late rows that the query's window or pattern drops. They have the columns of its
 * input. Returns null after reporting a mistake.
 */
export function lateRowsOf(query: Relation, span: SourceSpan, session: Session): Relation | null {
  session.extension(span, 'LATE ROWS INTO');
  const order = topological([query]);
  const above = new Set<Relation>();
  for (const relation of order)
    if (relation.inputs.some((input) => above.has(input) || dropsLateRows(input.operation))) above.add(relation);
  // Only the first window or pattern above a table drops rows. Later ones get no late rows.
  const dropping = order.filter((relation) => dropsLateRows(relation.operation) && !above.has(relation));
  const [found] = dropping;
  if (found === undefined) {
    return session.diagnostics.error(
      'SQL_INVALID_SINK',
      span,
      'no row of this query is late: it has no window and no pattern over event time',
      'leave out LATE ROWS INTO',
    );
  }
  if (dropping.length > 1) {
    return session.diagnostics.error(
      'SQL_INVALID_SINK',
      span,
      `the query has ${dropping.length} windows or patterns with late rows, so it is not clear which rows are meant`,
      'write them as several INSERT statements, each with its own LATE ROWS INTO',
    );
  }
  const input = found.inputs[0]!;
  const late: Relation = {
    operation: { kind: 'late-rows' },
    inputs: [found],
    fields: input.fields,
    scope: found.scope,
  };
  // The compiler adds columns to the input for keys that are expressions, and for windows.
  const own = input.fields.flatMap((field, i) => (field.window === undefined && field.added !== true ? [i] : []));
  const expressions = own.map((index): Expression => ({ kind: 'column', index, type: input.fields[index]!.type }));
  const fields = own.map((i) => ({ name: input.fields[i]!.name, type: withoutAttribute(input.fields[i]!.type) }));
  return project(late, expressions, fields, found.scope);
}
