import type { SourceSpan } from '../../core/diagnostic.ts';
import type { AggregateCall, Expression } from '../../plan/expression.ts';
import { replaceColumns } from '../../plan/walk-expression.ts';
import type { CallAst, ExpressionAst } from '../ast/expression.ts';
import { Diagnostics } from '../diagnostics.ts';
import { sameExpression } from '../typecheck/expression-forms.ts';
import { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { typeAggregate } from './aggregate-call.ts';
import { aggregateCallOf } from './find-aggregate-calls.ts';
import type { GroupKey } from './group-keys.ts';
import { groupRows } from './group-rows.ts';
import { type GroupWindow, type WindowAuxiliary, windowAuxiliary } from './group-window.ts';
import type { QueryPlace } from './query-place.ts';
import type { Relation } from './relation.ts';
import { provisionalIndex, type WindowRole, windowColumnOf, windowColumnType } from './window-columns.ts';

/**
 * Returns whether the expression is GROUPING(a) or a related call. These functions return the
 * grouping set of a row.
 */
export const isGroupingCall = (ast: ExpressionAst): boolean =>
  ast.kind === 'call' && /^(GROUPING|GROUPING_ID|GROUP_ID)$/.test(ast.name);

/**
 * Types the expressions above GROUP BY. They read keys, aggregates and windows. The output columns
 * are the keys, then the aggregates, then the windows. The positions of the windows are known when
 * all aggregates are known.
 */
export class Grouping {
  readonly typer: ExpressionTyper;
  readonly #keys: readonly GroupKey[];
  readonly #window: GroupWindow | null;
  readonly #rows: ExpressionTyper;
  readonly #place: QueryPlace;
  readonly #aggregates: AggregateCall[] = [];
  readonly #roles: WindowRole[] = [];
  #positions: readonly number[] | null = null;

  constructor(keys: readonly GroupKey[], window: GroupWindow | null, rows: ExpressionTyper, place: QueryPlace) {
    this.#keys = keys;
    this.#window = window;
    this.#rows = rows;
    this.#place = place;
    this.typer = new ExpressionTyper({ ...rows.context, place: 'here', intercept: (ast) => this.#intercept(ast) });
  }

  #intercept(ast: ExpressionAst): Expression | null | undefined {
    const { diagnostics } = this.#rows.context;
    const call = aggregateCallOf(ast);
    if (call !== null) return this.#aggregate(call);
    const auxiliary = windowAuxiliary(ast);
    if (auxiliary !== null) return this.#windowColumn(auxiliary);
    if (isGroupingCall(ast)) {
      return diagnostics.notSupported(ast.span, 'GROUPING');
    }
    if (ast.kind === 'column') {
      const typed = this.#rows.type(ast);
      if (typed === null) return null;
      const key = this.#keyOf(typed);
      if (key !== null) return key;
      const name = ast.parts.map((part) => part.text).join('.');
      return diagnostics.error(
        'SQL_INVALID_AGGREGATION',
        ast.span,
        `column \`${name}\` is neither in GROUP BY nor inside an aggregate`,
        `add it to GROUP BY, or take for example MAX(${name})`,
      );
    }
    if (ast.kind === 'literal' || this.#keys.every((key) => key.expression.kind === 'column')) return undefined;
    const silent = new ExpressionTyper({
      ...this.#rows.context,
      diagnostics: new Diagnostics(),
      extension: () => {},
    });
    const typed = silent.type(ast);
    return (typed === null ? null : this.#keyOf(typed)) ?? undefined;
  }

  #keyOf(typed: Expression): Expression | null {
    const index = this.#keys.findIndex((key) => sameExpression(key.expression, typed));
    return index < 0 ? null : { kind: 'column', index, type: typed.type };
  }

  #aggregate(ast: CallAst): Expression | null {
    const call = typeAggregate(ast, this.#rows, this.#keys.length > 0 || this.#window !== null);
    if (call === null) return null;
    let index = this.#aggregates.findIndex((known) => JSON.stringify(known) === JSON.stringify(call));
    if (index < 0) index = this.#aggregates.push(call) - 1;
    return { kind: 'column', index: this.#keys.length + index, type: call.type };
  }

  #windowColumn(auxiliary: WindowAuxiliary): Expression | null {
    const ast = auxiliary.call;
    const { diagnostics } = this.#rows.context;
    if (this.#window === null || this.#window.kind !== auxiliary.kind) {
      return diagnostics.error(
        'SQL_INVALID_WINDOW',
        ast.span,
        `${ast.name} needs GROUP BY ${auxiliary.kind.toUpperCase()}(…)`,
      );
    }
    if (!this.#window.sameArguments(ast, this.#rows)) {
      return diagnostics.error(
        'SQL_INVALID_WINDOW',
        ast.span,
        `the arguments of ${ast.name} differ from those in GROUP BY`,
      );
    }
    if (!this.#roles.includes(auxiliary.role)) this.#roles.push(auxiliary.role);
    return {
      kind: 'column',
      index: provisionalIndex(this.#roles.indexOf(auxiliary.role)),
      type: windowColumnType(auxiliary.role, this.#window.timeType),
    };
  }

  /**
   * Returns the aggregation. Call this method after all expressions over the aggregation have been
   * typed.
   */
  relation(input: Relation, span: SourceSpan): Relation | null {
    const result = groupRows(input, this.#keys, this.#aggregates, this.#window, this.#roles, this.#place, span);
    this.#positions = result?.positions ?? null;
    return result?.relation ?? null;
  }

  settle(expression: Expression): Expression {
    const own = this.#keys.length + this.#aggregates.length;
    return replaceColumns(expression, (column) => {
      const window = windowColumnOf(column.index);
      const position = window === null ? column.index : own + window;
      return { ...column, index: this.#positions?.[position] ?? position };
    });
  }
}
