import { BOOLEAN, type DataType, type Field } from '../../../core/data-type.ts';
import { EngineError } from '../../../core/engine-error.ts';
import { explainExpression } from '../../../plan/explain-expression.ts';
import type { Expression } from '../../../plan/expression.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import { mapChildren } from '../../../plan/walk-expression.ts';
import type { ScalarExpression } from '../../expressions/evaluate.ts';
import { conjuncts } from '../conjuncts.ts';

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

interface Conjunct<Binding> {
  readonly text: string;
  readonly evaluate: ScalarExpression<Binding>;
  readonly operands: readonly (Omit<OperandValue, 'value'> & { readonly evaluate: ScalarExpression<Binding> })[];
}

/**
 * Finds the parts of conditions that are not TRUE, and their values. `Binding` is the input of the
 * conditions. `scalar` compiles a condition as the matcher does.
 */
export class ConjunctProbe<Binding> {
  readonly #conjuncts: readonly (readonly Conjunct<Binding>[])[];
  readonly #texts: readonly string[];

  constructor(
    variables: readonly string[],
    define: MatchNode['define'],
    fields: readonly Field[],
    scalar: (expression: Expression) => ScalarExpression<Binding>,
  ) {
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

  /** Returns the parts of the variable's condition that are not TRUE for a binding. */
  failures(variable: number, binding: Binding): FailedCondition[] {
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
