import { INT, withNullable } from '../../core/data-type.ts';
import { VALUES_CONNECTOR } from '../../core/values-connector.ts';
import { leastRestrictive } from '../../functions/common-type.ts';
import type { Expression } from '../../plan/expression.ts';
import type { ExpressionAst } from '../ast/expression.ts';
import type { Values } from '../ast/query.ts';
import { convert, literalOf } from '../typecheck/convert.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { Scope } from '../typecheck/scope.ts';
import type { QueryPlace } from './query-place.ts';
import { project, type Relation } from './relation.ts';

/** Returns a table of `count` rows. Its only column is the number of the row, from 0. */
export function numberedRows(count: number): Relation {
  return {
    operation: {
      kind: 'scan',
      table: 'VALUES',
      options: { connector: VALUES_CONNECTOR, 'number-of-rows': String(count) },
      columns: [{ source: 'physical', key: 'row' }],
      physical: ['row'],
    },
    inputs: [],
    fields: [{ name: 'row', type: withNullable(INT, false) }],
    scope: 'values',
  };
}

/** Lowers VALUES. Returns null after reporting a mistake. */
export function lowerValues({ rows, span }: Values, place: QueryPlace): Relation | null {
  const { session } = place.job;
  const { diagnostics, environment, extension } = session;
  const typer = new ExpressionTyper({ diagnostics, environment, extension, scope: new Scope([]), place: 'in VALUES' });
  const width = itemsOf(rows[0]!).length;
  const typed = rows.map((row) => {
    const items = itemsOf(row);
    if (items.length === width) return items.map((item) => typer.type(item));
    return diagnostics.error(
      'SQL_TYPE_MISMATCH',
      row.span,
      `a row of VALUES has ${items.length} column${items.length === 1 ? '' : 's'}, the first one has ${width}`,
      'each row must have the same number of columns',
    );
  });
  if (typed.some((row) => row === null || row.includes(null))) return null;
  const table = numberedRows(rows.length);
  const columns = Array.from({ length: width }, (_, column): Expression | null => {
    const values = typed.map((row) => row![column]!);
    const type = typer.common(values, span, `the values of column ${column + 1}`, leastRestrictive);
    if (type === null) return null;
    if (type.kind === 'null') {
      return diagnostics.error(
        'SQL_TYPE_MISMATCH',
        span,
        `column ${column + 1} of VALUES has no type, because all its values are NULL`,
        'give one a type: CAST(NULL AS STRING)',
      );
    }
    return chosenByRow(
      values.map((value) => convert(value, type)),
      type,
    );
  });
  if (columns.includes(null)) return null;
  const expressions = columns as Expression[];
  const fields = expressions.map(({ type }, column) => ({ name: `EXPR$${column}`, type }));
  return project(table, expressions, fields, place.scope);
}

const itemsOf = (row: ExpressionAst): readonly ExpressionAst[] => (row.kind === 'row-list' ? row.items : [row]);

/** Returns the expression that has the n-th value in the n-th row. */
function chosenByRow(values: readonly Expression[], type: Expression['type']): Expression {
  const last = values.at(-1)!;
  if (values.length === 1) return last;
  const row: Expression = { kind: 'column', index: 0, type: withNullable(INT, false) };
  const branches = values.slice(0, -1).map((then, number) => ({
    when: {
      kind: 'call',
      function: '=',
      args: [row, literalOf(number, withNullable(INT, false))],
      type: { kind: 'boolean', nullable: false },
    } satisfies Expression,
    then,
  }));
  return { kind: 'case', branches, otherwise: last, type };
}
