import type { DataType } from '../../core/data-type.ts';
import {
  BOOLEAN,
  INTERVAL_YEAR_MONTH,
  isNumeric,
  isTimestamp,
  timestampLtz,
  typeName,
  withNullable,
} from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { aggregateNames, findAggregate } from '../../functions/aggregates/registry.ts';
import { canCast } from '../../functions/cast/cast.ts';
import { type CommonType, leastRestrictive } from '../../functions/common-type.ts';
import { findFunction, functionNames } from '../../functions/registry.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { Expression } from '../../plan/expression.ts';
import type { CallAst, ExpressionAst } from '../ast/expression.ts';
import { operatorCall } from '../ast/operator-call.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { typeConditional } from './conditional.ts';
import { convert, literalOf, withoutAttribute } from './convert.ts';
import { describeCall, literalSpan, plainName } from './describe-call.ts';
import { argumentInfo, logicOf } from './expression-forms.ts';
import { takesNull } from './null-arguments.ts';
import { PATTERN_FUNCTIONS } from './pattern-functions.ts';
import type { Scope } from './scope.ts';

/** The context of an expression. The context may type some nodes differently. */
export interface TyperContext {
  readonly diagnostics: Diagnostics;
  readonly environment: FunctionEnvironment;
  readonly scope: Scope;
  /** Records an extension to Flink SQL, as in `Session`. */
  extension(span: SourceSpan, what: string, portable?: string): void;
  /**
   * Called first for every node. Undefined: the typer types the node as usual. Null: the node has a
   * mistake, which has been reported.
   */
  intercept?(ast: ExpressionAst, typer: ExpressionTyper): Expression | null | undefined;
  /** The reason why an aggregate is not allowed here, for the message. */
  readonly place?: string;
}

/**
 * Converts an AST to a typed expression of a plan. Replaces names by positions, chooses overloads
 * and adds implicit casts. Reports every mistake at its place. Null means an expression with a
 * mistake. An expression that contains such a null does not report the mistake again.
 */
export class ExpressionTyper {
  readonly context: TyperContext;

  constructor(context: TyperContext) {
    this.context = context;
  }

  type(ast: ExpressionAst): Expression | null {
    const special = this.context.intercept?.(ast, this);
    return special === undefined ? this.typePlain(ast) : special;
  }

  /** Types a condition: WHERE, HAVING, ON, DEFINE, FILTER. */
  condition(ast: ExpressionAst, what: string): Expression | null {
    const typed = this.type(ast);
    if (typed === null || typed.type.kind === 'boolean') return typed;
    if (typed.type.kind === 'null') return convert(typed, BOOLEAN);
    return this.error(
      'SQL_TYPE_MISMATCH',
      ast.span,
      `${what} must be a condition, got ${plainName(typed.type)}`,
      typed.type.kind === 'bigint' || typed.type.kind === 'int'
        ? 'compare it with something, for example `> 0`'
        : undefined,
    );
  }

  typePlain(ast: ExpressionAst): Expression | null {
    switch (ast.kind) {
      case 'literal':
        return { kind: 'literal', value: ast.value, type: ast.type };
      case 'column':
        return this.column(ast);
      case 'star':
        return this.error('SQL_SYNTAX', ast.span, `\`${ast.qualifier.text}.*\` stands only in the SELECT list`);
      case 'and':
      case 'or':
      case 'not':
        return this.logic(ast.kind, ast.args);
      case 'between':
        return this.between(ast);
      case 'in':
        return this.inList(ast);
      case 'case':
        return this.caseOf(ast);
      case 'cast':
        return this.cast(ast);
      case 'field':
        return this.field(ast);
      case 'time-difference':
        return this.timeDifference(ast);
      case 'subquery':
        return this.context.diagnostics.notSupported(
          ast.span,
          ast.form === 'scalar' ? 'a query as a value' : ast.form === 'in' ? 'IN with a query' : 'EXISTS',
        );
      case 'row-list':
        return this.call(operatorCall('ROW', ast.items, ast.span));
      case 'call':
        return this.call(ast);
    }
  }

  private column(ast: Extract<ExpressionAst, { kind: 'column' }>): Expression | null {
    const found = this.context.scope.resolve(ast.parts, this.context.diagnostics);
    if (found === null) return null;
    let value = found.expression;
    for (const part of ast.parts.slice(found.used)) {
      const next = this.fieldOf(value, part.text, part.span);
      if (next === null) return null;
      value = next;
    }
    return value;
  }

  private fieldOf(value: Expression, name: string, span: SourceSpan): Expression | null {
    if (value.type.kind !== 'row') {
      return this.error('SQL_TYPE_MISMATCH', span, `\`.${name}\` needs a ROW, got ${plainName(value.type)}`);
    }
    const index = value.type.fields.findIndex((field) => field.name === name);
    if (index < 0) {
      return this.error(
        'SQL_UNKNOWN_COLUMN',
        span,
        `the ROW has no field \`${name}\``,
        didYouMean(
          name,
          value.type.fields.map((f) => f.name),
        ),
      );
    }
    const type = value.type.fields[index]!.type;
    return { kind: 'field', input: value, index, type: value.type.nullable ? withNullable(type, true) : type };
  }

  private field(ast: Extract<ExpressionAst, { kind: 'field' }>): Expression | null {
    const value = this.type(ast.value);
    return value === null ? null : this.fieldOf(value, ast.name.text, ast.name.span);
  }

  private logic(kind: 'and' | 'or' | 'not', args: readonly ExpressionAst[]): Expression | null {
    const what = `an operand of ${kind.toUpperCase()}`;
    const typed = args.map((arg) => this.condition(arg, what));
    for (const [i, arg] of args.entries()) {
      if (typed[i] !== null && arg.kind === 'literal' && arg.type.kind === 'null') this.nullArgument(arg.span);
    }
    return typed.includes(null) ? null : logicOf(kind, typed as Expression[]);
  }

  private between(ast: Extract<ExpressionAst, { kind: 'between' }>): Expression | null {
    const operator = (name: string, right: ExpressionAst): ExpressionAst =>
      operatorCall(name, [ast.value, right], ast.span);
    const range = (low: ExpressionAst, high: ExpressionAst): ExpressionAst => ({
      kind: 'and',
      args: [operator('>=', low), operator('<=', high)],
      span: ast.span,
    });
    const both: ExpressionAst = ast.symmetric
      ? { kind: 'or', args: [range(ast.low, ast.high), range(ast.high, ast.low)], span: ast.span }
      : range(ast.low, ast.high);
    return this.type(ast.negated ? { kind: 'not', args: [both], span: ast.span } : both);
  }

  private inList(ast: Extract<ExpressionAst, { kind: 'in' }>): Expression | null {
    const equal = ast.list.map((item): ExpressionAst => operatorCall('=', [ast.value, item], item.span));
    const any: ExpressionAst = equal.length === 1 ? equal[0]! : { kind: 'or', args: equal, span: ast.span };
    return this.type(ast.negated ? { kind: 'not', args: [any], span: ast.span } : any);
  }

  private caseOf(ast: Extract<ExpressionAst, { kind: 'case' }>): Expression | null {
    const branches = ast.branches.map((branch) => {
      const when: ExpressionAst =
        ast.subject === null ? branch.when : operatorCall('=', [ast.subject, branch.when], branch.when.span);
      return { when: this.condition(when, 'a WHEN'), then: this.type(branch.then), span: branch.then.span };
    });
    const otherwise =
      ast.otherwise === null ? literalOf(null, { kind: 'null', nullable: true }) : this.type(ast.otherwise);
    if (otherwise === null || branches.some((branch) => branch.when === null || branch.then === null)) return null;
    return this.caseExpression(
      branches.map((branch) => ({ when: branch.when!, then: branch.then! })),
      otherwise,
      ast.span,
    );
  }

  /** Returns a CASE. Casts its results to their common type. */
  caseExpression(
    branches: readonly { readonly when: Expression; readonly then: Expression }[],
    otherwise: Expression,
    span: SourceSpan,
  ): Expression | null {
    const results = [...branches.map((branch) => branch.then), otherwise];
    const type = this.common(results, span, 'the results of CASE', leastRestrictive);
    if (type === null) return null;
    if (type.kind === 'null') this.nullArgument(span);
    return {
      kind: 'case',
      branches: branches.map((branch) => ({ when: branch.when, then: convert(branch.then, type) })),
      otherwise: convert(otherwise, type),
      type,
    };
  }

  /**
   * Returns the common type of several expressions. The type is nullable if one of the expressions
   * is nullable.
   */
  common(values: readonly Expression[], span: SourceSpan, what: string, rule: CommonType): DataType | null {
    let type: DataType = withoutAttribute(values[0]!.type);
    for (const value of values.slice(1)) {
      const next = rule(type, withoutAttribute(value.type));
      if (next === null) {
        return this.error(
          'SQL_TYPE_MISMATCH',
          span,
          `${what} have no common type: ${plainName(type)} and ${plainName(value.type)}`,
          'convert them with CAST',
        );
      }
      type = next;
    }
    return type;
  }

  private cast(ast: Extract<ExpressionAst, { kind: 'cast' }>): Expression | null {
    const value = this.type(ast.value);
    if (value === null) return null;
    const word = ast.onError === 'fail' ? 'CAST' : 'TRY_CAST';
    if (value.type.kind !== 'null' && canCast(value.type, ast.type) === 'no') {
      const hint =
        isTimestamp(ast.type) && value.type.kind === 'bigint'
          ? 'for epoch times use TO_TIMESTAMP_LTZ(x, 3)'
          : undefined;
      return this.error(
        'SQL_TYPE_MISMATCH',
        ast.span,
        `${word} from ${plainName(value.type)} to ${typeName(ast.type)} is not possible`,
        hint,
      );
    }
    if (/^interval/.test(value.type.kind) && isNumeric(ast.type)) {
      this.context.extension(ast.span, `${word} from an interval to a number`);
    }
    const typed = convert(value, ast.type, ast.onError);
    // A cast to the same type still says whether the elements may be NULL.
    return typed.kind === 'cast' ? typed : { ...typed, type: withNullable(ast.type, typed.type.nullable) };
  }

  private timeDifference(ast: Extract<ExpressionAst, { kind: 'time-difference' }>): Expression | null {
    const difference = ast.value;
    if (difference.kind !== 'call' || difference.name !== '-' || difference.args.length !== 2) {
      return this.error(
        'SQL_SYNTAX',
        ast.span,
        'a unit after brackets needs a difference of two times inside',
        'write (a - b) SECOND',
      );
    }
    const args = difference.args.map((arg) => this.type(arg));
    if (args.includes(null)) return null;
    const typed = this.apply(difference, args as Expression[], true);
    return typed && ast.interval === 'interval-year-month'
      ? { ...typed, type: withNullable(INTERVAL_YEAR_MONTH, typed.type.nullable) }
      : typed;
  }

  /**
   * Types a call of a registered function, or of one of the few functions that the compiler
   * rewrites.
   */
  call(ast: CallAst): Expression | null {
    if (ast.over !== null) return this.context.diagnostics.notSupported(ast.over, 'OVER');
    if (ast.operator && ast.name === 'PLUS') return this.plus(ast);
    if (ast.operator && ast.name === 'ITEM') {
      const field = this.fieldAt(ast);
      if (field !== undefined) return field;
    }
    if (!ast.operator) {
      const lowered = typeConditional(ast, this);
      if (lowered !== undefined) return lowered;
      if (ast.name === 'PROCTIME' && ast.args.length === 0) {
        return {
          kind: 'call',
          function: 'PROCTIME',
          args: [],
          type: { ...timestampLtz(3, false), attribute: 'proctime' },
        };
      }
      if (ast.name === 'CURRENT_WATERMARK') return this.currentWatermark(ast);
      if (ast.name === 'JSON')
        return this.error('SQL_INVALID_ARGUMENT', ast.span, 'JSON stands only as a value of JSON_OBJECT or JSON_ARRAY');
    }
    const definition = findFunction(ast.name);
    if (definition === undefined) return this.unknownFunction(ast);
    const refused = ast.star
      ? '`*`'
      : ast.distinct
        ? 'DISTINCT'
        : ast.filter !== null
          ? 'FILTER'
          : ast.withinGroup !== null
            ? 'WITHIN GROUP'
            : ast.nullTreatment !== null
              ? 'IGNORE NULLS or RESPECT NULLS'
              : ast.argumentOrder !== null
                ? 'ORDER BY'
                : null;
    if (refused !== null)
      return this.error('SQL_INVALID_ARGUMENT', ast.span, `${ast.name} is not an aggregate, it takes no ${refused}`);
    const args = ast.args.map((arg) => this.type(arg));
    if (args.includes(null)) return null;
    return this.apply(ast, args as Expression[]);
  }

  /** Returns the operand of the sign `+`. */
  private plus(ast: CallAst): Expression | null {
    const value = this.type(ast.args[0]!);
    if (value === null || isNumeric(value.type) || /^interval/.test(value.type.kind)) return value;
    const what = plainName(value.type);
    return this.error(
      'SQL_TYPE_MISMATCH',
      ast.span,
      `\`+\` cannot be applied to ${what}; it takes a number or an interval`,
    );
  }

  /** Returns the field of a ROW whose place is a literal: `r[1]`. Undefined: it is no ROW. */
  private fieldAt(ast: CallAst): Expression | null | undefined {
    const [row, place] = ast.args;
    if (place?.kind !== 'literal' || typeof place.value !== 'number') return undefined;
    const value = this.type(row!);
    if (value?.type.kind !== 'row') return value === null ? null : this.itemOf(ast, value, place);
    const field = value.type.fields[place.value - 1];
    if (field !== undefined) return this.fieldOf(value, field.name, place.span);
    const count = value.type.fields.length;
    return this.error(
      'SQL_INVALID_ARGUMENT',
      place.span,
      `the ROW has ${count} fields, so its places are 1 to ${count}`,
    );
  }

  private itemOf(ast: CallAst, value: Expression, place: ExpressionAst): Expression | null {
    const index = this.type(place);
    return index === null ? null : this.apply(ast, [value, index]);
  }

  /**
   * Chooses the signature for typed arguments and adds the casts. `withUnit`: a difference of times
   * has a unit, as Flink requires.
   */
  apply(ast: CallAst, args: readonly Expression[], withUnit = false): Expression | null {
    const definition = findFunction(ast.name)!;
    const resolved = definition.resolve(args.map(argumentInfo), this.context.environment);
    if ('mismatch' in resolved) {
      return this.error(
        ast.operator ? 'SQL_TYPE_MISMATCH' : 'SQL_INVALID_ARGUMENT',
        literalSpan(ast, args, resolved.at) ?? ast.span,
        describeCall(ast, args, resolved.mismatch),
        resolved.hint,
      );
    }
    if (resolved.warning !== undefined) {
      const span = literalSpan(ast, args, resolved.warning.at) ?? ast.span;
      this.context.diagnostics.warn('SQL_INVALID_ARGUMENT', span, `${ast.name}: ${resolved.warning.message}`);
    }
    if (resolved.extension !== undefined && !withUnit) {
      this.context.extension(ast.span, resolved.extension.what, resolved.extension.portable);
    }
    for (const [i, arg] of args.entries()) {
      if (arg.type.kind === 'null' && !takesNull(definition.name, i)) this.nullArgument(ast.args[i]!.span);
    }
    const converted = args.map((arg, i) => convert(arg, resolved.args[i] ?? arg.type));
    const result = ast.returning === null ? resolved.result : withNullable(ast.returning, true);
    return { kind: 'call', function: definition.name, args: converted, type: withoutAttribute(result) };
  }

  /** Records a NULL without a type where Flink needs a type. */
  nullArgument(span: SourceSpan): void {
    this.context.extension(span, 'NULL without a type in this place', 'write CAST(NULL AS …)');
  }

  private unknownFunction(ast: CallAst): null {
    if (findAggregate(ast.name) !== undefined) {
      return this.error(
        'SQL_INVALID_AGGREGATION',
        ast.span,
        `the aggregate ${ast.name} cannot stand ${this.context.place ?? 'here'}`,
      );
    }
    if (PATTERN_FUNCTIONS.has(ast.name)) {
      return this.error(
        'SQL_UNKNOWN_FUNCTION',
        ast.nameSpan,
        `${ast.name} is only for MATCH_RECOGNIZE`,
        'give it a name in MEASURES, and select that name',
      );
    }
    return this.error('SQL_UNKNOWN_FUNCTION', ast.nameSpan, `no function ${ast.name}`, () => {
      const known = [...functionNames(), ...aggregateNames()].filter((name) => /^[A-Z]\w*$/.test(name));
      return didYouMean(ast.name, known);
    });
  }

  private currentWatermark(ast: CallAst): Expression | null {
    const [argument] = ast.args;
    if (argument === undefined || ast.args.length !== 1)
      return this.error('SQL_INVALID_ARGUMENT', ast.span, 'CURRENT_WATERMARK takes one column');
    const value = this.type(argument);
    if (value === null) return null;
    if (!isTimestamp(value.type) || value.type.attribute !== 'rowtime') {
      return this.error(
        'SQL_INVALID_ARGUMENT',
        argument.span,
        `CURRENT_WATERMARK needs the event time column of a table, got ${plainName(value.type)}`,
      );
    }
    return {
      kind: 'call',
      function: 'CURRENT_WATERMARK',
      args: [value],
      type: withNullable(withoutAttribute(value.type), true),
    };
  }

  error(...args: Parameters<Diagnostics['error']>): null {
    return this.context.diagnostics.error(...args);
  }
}
