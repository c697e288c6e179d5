import { type DataType, isTimestamp, timestamp } from '../../core/data-type.ts';
import type { Expression } from '../../plan/expression.ts';
import { decodeLiteral, encodeLiteral } from '../../plan/literal.ts';
import { planForKey } from '../../plan/match-question.ts';
import type { ExpressionAst } from '../ast/expression.ts';
import type { ExplainMatch } from '../ast/statement.ts';
import type { MatchQuestion } from '../compile-result.ts';
import type { Session } from '../session.ts';
import { literalOf, withoutAttribute } from '../typecheck/convert.ts';
import { type FoundPattern, findPattern, type PatternPlaces } from './find-pattern.ts';
import { constantOf, textOf } from './match-key.ts';

/**
 * Compiles EXPLAIN MATCH. Finds the pattern and converts the key and the times. Returns null after
 * reporting a mistake.
 */
export function explainMatch(statement: ExplainMatch, places: PatternPlaces): MatchQuestion | null {
  const { session } = places;
  const { diagnostics } = session;
  const name = statement.name.length === 1 ? statement.name[0]! : session.plainName(statement.name);
  if (name === null) return null;
  const found = findPattern(name, places);
  if (found === null) return null;
  const { plan, match } = found;
  if (match.time.time === 'proctime') {
    return diagnostics.notSupported(
      name.span,
      'EXPLAIN MATCH of a pattern on processing time',
      'at which times its rows came cannot be repeated',
    );
  }
  const input = plan.nodes[match.inputs[0]!]!.fields;
  const key = keyOf(statement, found, session);
  const between = statement.between?.map((bound) => timeOf(bound, input[match.time.column]!.type, session));
  if (key === null || between?.includes(null)) return null;
  return {
    plan: planForKey(plan, match, key),
    name: name.text,
    key: match.partition.map((column, i) => ({ column: input[column]!.name, value: keyText(key[i]!, session) })),
    between: between === undefined ? null : (between as [number, number]),
  };
}

function keyOf(statement: ExplainMatch, { plan, match }: FoundPattern, session: Session): Expression[] | null {
  const columns = match.partition.map((column) => plan.nodes[match.inputs[0]!]!.fields[column]!);
  if (statement.key.length !== columns.length) {
    const names = columns.map((field) => field.name).join(', ');
    return session.diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      statement.keySpan,
      columns.length === 0
        ? 'the pattern has no PARTITION BY, so there is no key'
        : `FOR KEY needs ${columns.length === 1 ? 'one value' : `${columns.length} values`}: the pattern has PARTITION BY ${names}`,
      columns.length === 0 ? 'leave FOR KEY out' : undefined,
    );
  }
  const key = columns.map(({ name, type }, i): Expression | null => {
    const constant = constantOf(statement.key[i]!, type, `the key \`${name}\``, session);
    return constant === null ? null : literalOf(encodeLiteral(constant.value, type), withoutAttribute(type));
  });
  return key.includes(null) ? null : (key as Expression[]);
}

/** Returns a time in milliseconds. Returns null after reporting a mistake. */
function timeOf(ast: ExpressionAst, type: DataType, session: Session): number | null {
  const wanted: DataType =
    isTimestamp(type) && type.kind === 'timestamp-ltz' ? { ...type, precision: 3 } : timestamp(3);
  const constant = constantOf(ast, withoutAttribute(wanted), 'a time of BETWEEN', session);
  if (constant?.value === null) {
    return session.diagnostics.error('SQL_INVALID_ARGUMENT', ast.span, 'a bound of BETWEEN must not be NULL');
  }
  return constant === null ? null : (constant.value as number);
}

/** Returns the text of a key's value; null for NULL. */
function keyText(key: Expression, session: Session): string | null {
  if (key.kind !== 'literal' || key.value === null) return null;
  return textOf(decodeLiteral(key.value, key.type), key.type, session.environment);
}
