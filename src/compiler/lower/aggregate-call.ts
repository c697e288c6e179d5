import { type DataType, withNullable } from '../../core/data-type.ts';
import type { AggregateFunction } from '../../functions/aggregates/aggregate-function.ts';
import { canBeDistinct } from '../../functions/aggregates/distinct.ts';
import { findAggregate, planName } from '../../functions/aggregates/registry.ts';
import type { AggregateCall, Expression } from '../../plan/expression.ts';
import type { CallAst } from '../ast/expression.ts';
import { convert, withoutAttribute } from '../typecheck/convert.ts';
import { plainName } from '../typecheck/describe-call.ts';
import { argumentInfo } from '../typecheck/expression-forms.ts';
import type { ExpressionTyper } from '../typecheck/expression-typer.ts';
import { containsAggregate } from './find-aggregate-calls.ts';
import { checkNullTreatment, filterOf } from './null-treatment.ts';

/**
 * Converts the AST of an aggregate call to a call of a plan. Returns null after reporting a
 * mistake. `typer` types expressions over one input row. `hasRows`: every group has a row.
 */
export function typeAggregate(ast: CallAst, typer: ExpressionTyper, hasRows: boolean): AggregateCall | null {
  const definition = findAggregate(ast.name)!;
  const { diagnostics } = typer.context;
  if (!checkNullTreatment(ast, diagnostics)) return null;
  if (ast.argumentOrder !== null) {
    return diagnostics.notSupported(
      ast.argumentOrder,
      `ORDER BY in ${ast.name}`,
      'the values come in the order of arrival',
    );
  }
  if (ast.withinGroup !== null) return diagnostics.notSupported(ast.withinGroup, 'WITHIN GROUP');
  for (const arg of [...ast.args, ...(ast.filter === null ? [] : [ast.filter])]) {
    if (containsAggregate(arg))
      return diagnostics.error(
        'SQL_INVALID_AGGREGATION',
        arg.span,
        'an aggregate cannot stand inside an aggregate',
        'aggregate in a sub-query first',
      );
  }
  if (ast.star && ast.name !== 'COUNT')
    return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, `only COUNT takes \`*\`, ${ast.name} needs a column`);
  if (ast.name === 'COUNT' && !ast.star && ast.args.length === 0)
    return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'COUNT needs `*` or a column', 'write COUNT(*)');
  if (ast.distinct && ast.star)
    return diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      ast.span,
      'COUNT(DISTINCT *) does not exist',
      'name the column to count',
    );
  const args = ast.args.map((arg) => typer.type(arg));
  const condition = ast.filter === null ? undefined : typer.condition(ast.filter, 'FILTER (WHERE …)');
  if (args.includes(null) || condition === null) return null;
  const values = counted(ast, args as Expression[]);
  const resolved = definition.resolve(values.map(argumentInfo));
  if ('mismatch' in resolved) {
    return diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, `${ast.name}: ${resolved.mismatch}`, resolved.hint);
  }
  if (resolved.extension !== undefined) typer.context.extension(ast.span, resolved.extension.what);
  for (const [i, value] of values.entries()) {
    if (value.type.kind === 'null') typer.nullArgument(ast.args[i]!.span);
  }
  const filter = filterOf(ast, values[0], condition, typer.context);
  const distinct = ast.distinct && !(isMinMax(ast.name) || values.length === 0);
  if (distinct && !canBeDistinct(values[0]!.type))
    return diagnostics.notSupported(ast.args[0]!.span, `DISTINCT of ${plainName(values[0]!.type)} in an aggregate`);
  return {
    function: planName(definition),
    args: values.map((value, i) => convert(value, resolved.args[i] ?? value.type)),
    distinct,
    ...(filter === undefined ? {} : { filter }),
    type: resultType(withoutAttribute(resolved.result), definition, hasRows && filter === undefined),
  };
}

/**
 * Returns the arguments of an aggregate. COUNT of several values counts the rows in which none is
 * NULL, so values that are never NULL are left out.
 */
function counted(ast: CallAst, values: readonly Expression[]): readonly Expression[] {
  const isList = ast.name === 'COUNT' && !ast.distinct && values.length > 1;
  return isList ? values.filter((value) => value.type.nullable) : values;
}

/** Returns the type of an aggregate. Without a row most aggregates are NULL. */
function resultType(type: DataType, definition: AggregateFunction, hasRows: boolean): DataType {
  return hasRows || definition.typedWithoutRows ? type : withNullable(type, true);
}

/** Returns whether the aggregate is MIN or MAX. DISTINCT does not change their result. */
const isMinMax = (name: string): boolean => name === 'MIN' || name === 'MAX';
