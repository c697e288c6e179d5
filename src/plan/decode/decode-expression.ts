import type {
  AggregateCall,
  CallExpression,
  CaseExpression,
  CastExpression,
  ColumnExpression,
  Expression,
  FieldExpression,
  LiteralExpression,
  LogicExpression,
  MatchAggregate,
  MatchClassifier,
  MatchNavigation,
  MatchNumber,
  MatchStatus,
  MatchTime,
} from '../expression.ts';
import { literalJson } from './decode-literal.ts';
import { dataType } from './decode-type.ts';
import {
  column,
  constant,
  count,
  type Decoder,
  flag,
  list,
  oneOf,
  optional,
  orNull,
  record,
  text,
  variant,
  wholeNumber,
} from './decoder.ts';

const inner: Decoder<Expression> = (value, place) => expression(value, place);

export const aggregateCall: Decoder<AggregateCall> = record<AggregateCall>({
  function: text,
  args: list(inner),
  distinct: flag,
  filter: optional(inner),
  type: dataType,
});

const logic = (kind: LogicExpression['kind']): Decoder<LogicExpression> =>
  record<LogicExpression>({ kind: constant(kind), args: list(inner, kind === 'not' ? 1 : 2), type: dataType });

const literalParts = record<LiteralExpression>({
  kind: constant('literal'),
  // Checked below, with the type.
  value: (value) => value as LiteralExpression['value'],
  type: dataType,
});

const literal: Decoder<LiteralExpression> = (value, place) => {
  const decoded = literalParts(value, place);
  place.enter('value');
  const checked = literalJson(decoded.value, decoded.type, place);
  place.leave();
  return { ...decoded, value: checked };
};

const fieldParts = record<FieldExpression>({ kind: constant('field'), input: inner, index: count, type: dataType });

const field: Decoder<FieldExpression> = (value, place) => {
  const decoded = fieldParts(value, place);
  const { type } = decoded.input;
  if (type.kind !== 'row' || decoded.index >= type.fields.length) {
    return place.fail(`reads field ${decoded.index} of a value that does not have it`);
  }
  return decoded;
};

/** Columns must be those of the node's inputs; values of literals must fit their types. */
export const expression: Decoder<Expression> = variant<Expression>({
  column: record<ColumnExpression>({ kind: constant('column'), index: column, type: dataType }),
  literal,
  call: record<CallExpression>({ kind: constant('call'), function: text, args: list(inner), type: dataType }),
  cast: record<CastExpression>({
    kind: constant('cast'),
    input: inner,
    onError: oneOf('fail', 'null'),
    type: dataType,
  }),
  and: logic('and'),
  or: logic('or'),
  not: logic('not'),
  case: record<Omit<CaseExpression, 'fromIf'>>({
    kind: constant('case'),
    branches: list(record<CaseExpression['branches'][number]>({ when: inner, then: inner })),
    otherwise: inner,
    type: dataType,
  }),
  field,
  'match-navigation': record<MatchNavigation>({
    kind: constant('match-navigation'),
    variable: orNull(text),
    direction: oneOf('first', 'last'),
    offset: count,
    physical: optional(wholeNumber),
    final: optional(constant(true)),
    expression: inner,
    type: dataType,
  }),
  'match-aggregate': record<MatchAggregate>({
    kind: constant('match-aggregate'),
    variable: orNull(text),
    final: optional(constant(true)),
    call: aggregateCall,
    type: dataType,
  }),
  'match-time': record<MatchTime>({ kind: constant('match-time'), time: oneOf('rowtime', 'proctime'), type: dataType }),
  'match-classifier': record<MatchClassifier>({ kind: constant('match-classifier'), type: dataType }),
  'match-number': record<MatchNumber>({ kind: constant('match-number'), type: dataType }),
  'match-status': record<MatchStatus>({ kind: constant('match-status'), type: dataType }),
});
