import type { Field } from '../core/data-type.ts';
import { typeName, withNullable } from '../core/data-type.ts';
import type { AggregateCall, Expression, LiteralExpression } from './expression.ts';

const BINARY = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'LIKE',
  'SIMILAR TO',
  'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM',
]);

/** Returns an expression as SQL-like text, with the names of the input's fields. */
export function explainExpression(expression: Expression, fields: readonly Field[]): string {
  const show = (part: Expression): string => explainExpression(part, fields);
  switch (expression.kind) {
    case 'column':
      return fields[expression.index]?.name ?? `$${expression.index}`;
    case 'literal':
      return literalText(expression);
    case 'call': {
      const { args } = expression;
      if (args.length === 2 && BINARY.has(expression.function))
        return `(${show(args[0]!)} ${expression.function} ${show(args[1]!)})`;
      if (args.length === 1 && expression.function.startsWith('IS '))
        return `(${show(args[0]!)} ${expression.function})`;
      return `${expression.function}(${args.map(show).join(', ')})`;
    }
    case 'cast':
      return `${expression.onError === 'fail' ? 'CAST' : 'TRY_CAST'}(${show(expression.input)} AS ${typeName(withNullable(expression.type, true))})`;
    case 'not':
      return `NOT ${show(expression.args[0]!)}`;
    case 'and':
    case 'or':
      return `(${expression.args.map(show).join(` ${expression.kind.toUpperCase()} `)})`;
    case 'case':
      return `CASE ${expression.branches.map((branch) => `WHEN ${show(branch.when)} THEN ${show(branch.then)} `).join('')}ELSE ${show(expression.otherwise)} END`;
    case 'field': {
      const { type } = expression.input;
      return `${show(expression.input)}.${type.kind === 'row' ? type.fields[expression.index]!.name : expression.index}`;
    }
    case 'match-navigation': {
      const { variable, direction, offset, physical = 0 } = expression;
      const inner = explainExpression(expression.expression, fieldsOf(variable, fields));
      const plain = direction === 'last' && offset === 0 && variable !== null && !expression.final;
      const logical =
        plain && expression.expression.kind === 'column'
          ? inner
          : `${expression.final ? 'FINAL ' : ''}${direction.toUpperCase()}(${inner}${offset > 0 ? `, ${offset}` : ''})`;
      return physical === 0 ? logical : `${physical < 0 ? 'PREV' : 'NEXT'}(${logical}, ${Math.abs(physical)})`;
    }
    case 'match-aggregate': {
      const { variable, call } = expression;
      const all = call.args.length === 0 && variable !== null;
      return explainAggregate(call, fieldsOf(variable, fields), all ? `${variable}.*` : '*');
    }
    case 'match-time':
      return `MATCH_${expression.time.toUpperCase()}()`;
    case 'match-classifier':
      return 'CLASSIFIER()';
    case 'match-number':
      return 'MATCH_NUMBER()';
    case 'match-status':
      return 'MATCH_STATUS()';
  }
}

/** Returns the fields as those of a pattern variable: `A.price`. */
function fieldsOf(variable: string | null, fields: readonly Field[]): readonly Field[] {
  return variable === null ? fields : fields.map((field) => ({ ...field, name: `${variable}.${field.name}` }));
}

export function explainAggregate(call: AggregateCall, fields: readonly Field[], all = '*'): string {
  const args = call.args.length === 0 ? all : call.args.map((arg) => explainExpression(arg, fields)).join(', ');
  const filter = call.filter === undefined ? '' : ` FILTER (WHERE ${explainExpression(call.filter, fields)})`;
  return `${call.function.replace(/@\d+$/, '')}(${call.distinct ? 'DISTINCT ' : ''}${args})${filter}`;
}

function literalText({ value, type }: LiteralExpression): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'char':
    case 'varchar':
      return `'${String(value).replaceAll("'", "''")}'`;
    case 'interval-day-time':
      return `INTERVAL ${value} ms`;
    case 'interval-year-month':
      return `INTERVAL ${value} months`;
    case 'date':
      return `DATE '${new Date((value as number) * 86_400_000).toISOString().slice(0, 10)}'`;
    case 'timestamp':
    case 'timestamp-ltz': {
      const ms = type.precision > 3 ? Number(BigInt(value as string) / 1_000_000n) : (value as number);
      return `TIMESTAMP '${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}'`;
    }
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}
