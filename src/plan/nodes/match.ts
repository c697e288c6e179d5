import { expression } from '../decode/decode-expression.ts';
import { patternSequence } from '../decode/decode-pattern.ts';
import {
  column,
  constant,
  count,
  type Decoder,
  flag,
  length,
  list,
  objectOf,
  oneOf,
  orNull,
  record,
  text,
  variant,
} from '../decode/decoder.ts';
import { explainExpression } from '../explain-expression.ts';
import { hashOf } from '../hash.ts';
import type { MatchNode, MatchOperation, MatchOutput, MatchRows, SkipStrategy } from '../match-node.ts';
import { matchStateBound } from '../match-state-bound.ts';
import { patternText } from '../pattern-text.ts';
import { NO_KEYS } from '../traits.ts';
import { columnsOf, moveColumns } from '../walk-expression.ts';
import { aliased, columnName, columnNames } from './column-names.ts';
import { allColumns, movedColumn, type NodeDefinition, onlyInserts, type Schemas } from './node-definition.ts';

const rows: Decoder<MatchRows> = variant<MatchRows>({
  one: record<Extract<MatchRows, { kind: 'one' }>>({ kind: constant('one'), timeouts: flag }),
  all: record<Extract<MatchRows, { kind: 'all' }>>({
    kind: constant('all'),
    empty: oneOf('show', 'omit'),
    unmatched: flag,
  }),
});

const columnOutput = record<{ readonly column: number }>({ column });
const measureOutput = record<{ readonly measure: number }>({ measure: count });
const output: Decoder<MatchOutput> = (value, place) =>
  'measure' in objectOf(value, place) ? measureOutput(value, place) : columnOutput(value, place);

const skipTo = <K extends 'to-first' | 'to-last'>(kind: K): Decoder<SkipStrategy> =>
  record<Extract<SkipStrategy, { readonly variable: string }>>({
    kind: constant(kind),
    variable: text,
    failOnMiss: flag,
  });
const skip: Decoder<SkipStrategy> = variant<SkipStrategy>({
  'no-skip': record<{ readonly kind: 'no-skip' }>({ kind: constant('no-skip') }),
  'to-next-row': record<{ readonly kind: 'to-next-row' }>({ kind: constant('to-next-row') }),
  'past-last-row': record<{ readonly kind: 'past-last-row' }>({ kind: constant('past-last-row') }),
  'to-first': skipTo('to-first'),
  'to-last': skipTo('to-last'),
});

export const matchDefinition: NodeDefinition<MatchOperation> = {
  inputs: 'one',
  expressions: ({ define, measures }) => [...define.map(({ condition }) => condition), ...measures],
  waitsForWatermark: ({ time }) => time.time === 'rowtime',
  columnsRead({ partition, time, order, define, measures, outputs }) {
    const conditions = define.map(({ condition }) => condition);
    return [
      [
        ...partition,
        time.column,
        ...order.map((item) => item.column),
        ...columnsOf([...conditions, ...measures]),
        ...outputs.flatMap((each) => ('column' in each ? [each.column] : [])),
      ],
    ];
  },
  prune(operation, pruning) {
    const at = movedColumn(pruning);
    return {
      operation: {
        ...operation,
        partition: operation.partition.map(at),
        time: { ...operation.time, column: at(operation.time.column) },
        order: operation.order.map((item) => ({ ...item, column: at(item.column) })),
        define: operation.define.map((each) => ({ ...each, condition: moveColumns(each.condition, at) })),
        measures: operation.measures.map((measure) => moveColumns(measure, at)),
        outputs: operation.outputs.map((each) => ('column' in each ? { column: at(each.column) } : each)),
      },
      kept: allColumns(pruning.fields),
    };
  },
  lineage(node, _inputs, { patternNames }) {
    const found = hashOf({ pattern: patternNames.get(node.name) ?? node.name });
    return { rows: found, columns: node.fields.map(({ name, type }) => hashOf({ rows: found, name, type })) };
  },
  // `engine/match/carry` decides for each part of its state whether a changed pattern keeps it.
  meaning: null,
  changes: onlyInserts,
  keys: () => NO_KEYS,
  together: ({ partition }) => [partition],
  keepsState: () => true,
  stateBound: matchStateBound,
  explain: matchText,
  fingerprint: (operation) => operation,
  decode: record<MatchOperation>({
    kind: constant('match'),
    partition: list(column),
    time: record<MatchOperation['time']>({ column, time: oneOf('rowtime', 'proctime') }),
    order: list(record<MatchOperation['order'][number]>({ column, descending: flag, nullsFirst: flag })),
    semantics: oneOf('flink', 'standard'),
    pattern: patternSequence,
    subsets: list(record<MatchOperation['subsets'][number]>({ name: text, members: list(text) })),
    define: list(record<MatchOperation['define'][number]>({ variable: text, condition: expression })),
    measures: list(expression),
    rows,
    outputs: list(output),
    within: orNull(
      record<NonNullable<MatchOperation['within']>>({
        ms: length,
        type: oneOf('first-and-last', 'previous-and-current'),
      }),
    ),
    skip,
  }),
  misfit({ outputs, measures }, { fields }) {
    if (outputs.length !== fields.length) return 'has another number of fields than of outputs';
    const missing = outputs.some((each) => 'measure' in each && each.measure >= measures.length);
    return missing ? 'shows a measure that it does not have' : null;
  },
};

function matchText(operation: MatchOperation, { fields, inputs }: Schemas): string {
  const input = inputs[0]!;
  const { partition, time, order, within, subsets, define, measures } = operation;
  const orderBy = order.map((item) => `${columnName(input, item.column)}${item.descending ? ' DESC' : ''}`);
  const conditions = define.map((each) => `${each.variable}: ${explainExpression(each.condition, input)}`);
  const shown = measures.map((measure, i) =>
    aliased(explainExpression(measure, input), measureName(operation, fields, i)),
  );
  return [
    `Match${operation.semantics === 'standard' ? ' (SQL standard)' : ''} (${patternText(operation.pattern)})`,
    partition.length === 0 ? '' : ` partitioned by (${columnNames(input, partition)})`,
    ` ordered by (${[columnName(input, time.column), ...orderBy].join(', ')})`,
    within === null ? '' : ` within ${within.ms} ms`,
    `, ${rowsText(operation.rows)}${skipText(operation.skip)}`,
    subsets.map(({ name, members }) => `, subset ${name} = (${members.join(', ')})`).join(''),
    `, define (${conditions.join('; ')})`,
    `, measures (${shown.join(', ')})`,
  ].join('');
}

/** Returns the field that shows a measure. */
function measureName({ outputs }: MatchOperation, fields: MatchNode['fields'], measure: number): string {
  const at = outputs.findIndex((each) => 'measure' in each && each.measure === measure);
  return fields[at]?.name ?? `$${measure}`;
}

function rowsText(shown: MatchRows): string {
  if (shown.kind === 'one') return shown.timeouts ? 'time-outs shown, ' : '';
  return `all rows${shown.empty === 'omit' ? '' : ', empty matches shown'}${shown.unmatched ? ', unmatched rows shown' : ''}, `;
}

function skipText(strategy: SkipStrategy): string {
  switch (strategy.kind) {
    case 'no-skip':
      return 'no skip';
    case 'to-next-row':
      return 'skip to next row';
    case 'past-last-row':
      return 'skip past last row';
    case 'to-first':
      return `skip to first ${strategy.variable}`;
    case 'to-last':
      return `skip to last ${strategy.variable}`;
  }
}
