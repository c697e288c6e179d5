import { BOOLEAN, type DataType, type Field } from '../../../core/data-type.ts';
import { EngineError } from '../../../core/engine-error.ts';
import type { FunctionEnvironment } from '../../../functions/scalar-function.ts';
import { explainExpression } from '../../../plan/explain-expression.ts';
import type { Expression } from '../../../plan/expression.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import { mapChildren } from '../../../plan/walk-expression.ts';
import { compileScalar, type MatchResolver } from '../../expressions/compile-scalar.ts';
import type { ScalarExpression } from '../../expressions/evaluate.ts';
import { conjuncts } from '../conjuncts.ts';
import { type BatchRow, emptyBinding, type MatchBinding } from '../match-binding.ts';
import type { PathNode } from '../partial-match.ts';

/**
 * A conjunct of a condition that is not TRUE, and the values that it reads. `error`: its evaluation
 * failed.
 */
export interface FailedCondition {
  readonly text: string;
  readonly values: readonly OperandValue[];
  readonly error: string | null;
}
export interface OperandValue {
  readonly text: string;
  /** Internal value. */
  readonly value: unknown;
  readonly type: DataType;
}

interface Conjunct {
  readonly text: string;
  readonly evaluate: ScalarExpression<MatchBinding>;
  readonly operands: readonly (Omit<OperandValue, 'value'> & { readonly evaluate: ScalarExpression<MatchBinding> })[];
}

/**
 * Finds the parts of a condition that are not TRUE, and their values. It uses the same closures as
 * the conditions of the matcher.
 */
export class ConditionProbe {
  readonly #conjuncts: readonly (readonly Conjunct[])[];
  readonly #texts: readonly string[];
  readonly #current: BatchRow;
  readonly #binding: MatchBinding;

  /** `current` is the row under test. */
  constructor(
    variables: readonly string[],
    define: MatchNode['define'],
    fields: readonly Field[],
    current: BatchRow,
    resolver: MatchResolver<MatchBinding>,
    environment: FunctionEnvironment,
  ) {
    this.#current = current;
    this.#binding = emptyBinding(current);
    const read = (_: MatchBinding, index: number): unknown => current.columns[index]!.get(current.row);
    const scalar = (expression: Expression) => compileScalar(expression, read, environment, resolver);
    const conditions = variables.map((name) => define.find(({ variable }) => variable === name)?.condition ?? TRUE);
    this.#texts = conditions.map((condition) => withoutParentheses(explainExpression(condition, fields)));
    this.#conjuncts = conditions.map((condition) =>
      conjuncts(condition).map((part) => ({
        text: withoutParentheses(explainExpression(part, fields)),
        evaluate: scalar(part),
        operands: operandsOf(part).map((operand) => ({
          text: explainExpression(operand, fields),
          type: operand.type,
          evaluate: scalar(operand),
        })),
      })),
    );
  }

  /** Returns the condition of a variable as text. */
  textOf(variable: number): string {
    return this.#texts[variable]!;
  }

  /**
   * Returns the parts of the variable's condition that are not TRUE for the row under test after
   * the rows of `path`.
   */
  failures(variable: number, path: PathNode | null, time: number): FailedCondition[] {
    const binding = this.#binding;
    binding.path = path;
    binding.whole = path;
    binding.variable = variable;
    binding.time = time;
    this.#current.variable = variable;
    const failed: FailedCondition[] = [];
    for (const { text, evaluate, operands } of this.#conjuncts[variable]!) {
      try {
        if (evaluate(binding) === true) continue;
        const values = operands.map((operand) => ({
          text: operand.text,
          type: operand.type,
          value: operand.evaluate(binding),
        }));
        failed.push({ text, values, error: null });
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        failed.push({ text, values: [], error: error.message });
      }
    }
    return failed;
  }
}

const TRUE: Expression = { kind: 'literal', value: true, type: BOOLEAN };

/**
 * Returns the expressions that the condition reads: columns, navigations and aggregates, each text
 * once.
 */
function operandsOf(condition: Expression): Expression[] {
  const found = new Map<string, Expression>();
  const look = (part: Expression): Expression => {
    const { kind } = part;
    if (kind === 'column' || kind === 'match-navigation' || kind === 'match-aggregate' || kind === 'match-time') {
      found.set(JSON.stringify(part), part);
    } else mapChildren(part, look);
    return part;
  };
  look(condition);
  return [...found.values()];
}

function withoutParentheses(text: string): string {
  if (!text.startsWith('(')) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return text;
  }
  return text.slice(1, -1);
}
