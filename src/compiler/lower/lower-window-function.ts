import { isTimestamp } from '../../core/data-type.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { WindowSpec } from '../../plan/window-spec.ts';
import type { Name } from '../ast/expression.ts';
import type { TableArgument, WindowFunctionTable } from '../ast/query.ts';
import { plainName } from '../typecheck/describe-call.ts';
import { lowerDerived, lowerNamed } from './lower-query.ts';
import type { QueryPlace } from './query-place.ts';
import { isUpdating, type Relation, type RelationField, type WindowOrigin } from './relation.ts';
import { WINDOW_COLUMN_NAMES, type WindowRole, windowColumnType } from './window-columns.ts';
import { constantInterval, windowTime } from './window-spec.ts';

interface WindowFunction {
  /** The arguments after the table and the time column, in order. */
  readonly required: readonly string[];
  /** The last arguments, which the text may omit where Flink allows it. */
  readonly optional: readonly string[];
  /** One line for the documentation. */
  readonly summary: string;
}

export const WINDOW_FUNCTIONS: Readonly<Record<string, WindowFunction>> = {
  TUMBLE: {
    required: ['SIZE'],
    optional: ['OFFSET'],
    summary: 'Windows of one size, one after the other. Each row is in one window.',
  },
  HOP: {
    required: ['SLIDE', 'SIZE'],
    optional: ['OFFSET'],
    summary: 'A window of the size begins at each slide. If the size is longer than the slide, a row is in several.',
  },
  CUMULATE: {
    required: ['STEP', 'SIZE'],
    optional: ['OFFSET'],
    summary: 'Windows with the same start that grow by the step up to the size.',
  },
  SESSION: {
    required: ['GAP'],
    optional: [],
    summary: 'A window ends when no row has come for the gap. PARTITION BY gives each key its own windows.',
  },
};

/**
 * Lowers TUMBLE, HOP, CUMULATE or SESSION over a table. Adds window_start, window_end and
 * window_time to each row.
 */
export function lowerWindowFunction(call: WindowFunctionTable, place: QueryPlace): Relation | null {
  const { session } = place.job;
  const { diagnostics } = session;
  const name = call.name.text.toUpperCase();
  const parameters = WINDOW_FUNCTIONS[name];
  if (parameters === undefined) {
    return diagnostics.error(
      'SQL_UNKNOWN_FUNCTION',
      call.name.span,
      `no table function ${name}`,
      didYouMean(name, Object.keys(WINDOW_FUNCTIONS)) ?? 'there are TUMBLE, HOP, CUMULATE and SESSION',
    );
  }
  const args = argumentsByName(call, name, ['DATA', 'TIMECOL', ...parameters.required, ...parameters.optional], place);
  if (args === null) return null;
  const table = args.get('DATA')?.value;
  if (table?.kind !== 'table') {
    return diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      args.get('DATA')?.span ?? call.span,
      `the first argument of ${name} is a table`,
      `write ${name}(TABLE t, DESCRIPTOR(ts), …)`,
    );
  }
  const input = table.table.kind === 'named' ? lowerNamed(table.table, place) : lowerDerived(table.table, place);
  const descriptor = args.get('TIMECOL');
  if (descriptor?.value.kind !== 'descriptor' || descriptor.value.columns.length !== 1) {
    return diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      descriptor?.span ?? call.span,
      `the second argument of ${name} is DESCRIPTOR(time column)`,
    );
  }
  const lengths = new Map<string, number | null>();
  for (const parameter of [...parameters.required, ...parameters.optional]) {
    const argument = args.get(parameter);
    if (argument === undefined) {
      if (parameters.optional.includes(parameter)) continue;
      lengths.set(
        parameter,
        diagnostics.error(
          'SQL_INVALID_ARGUMENT',
          call.span,
          `${name} needs the ${parameter.toLowerCase()}`,
          usage(name),
        ),
      );
    } else if (argument.value.kind !== 'expression') {
      lengths.set(
        parameter,
        diagnostics.error(
          'SQL_INVALID_ARGUMENT',
          argument.span,
          `${parameter.toLowerCase()} of ${name} is an interval`,
          usage(name),
        ),
      );
    } else {
      lengths.set(
        parameter,
        constantInterval(
          argument.value.expression,
          `the ${parameter.toLowerCase()} of ${name}`,
          session,
          parameter === 'OFFSET',
        ),
      );
    }
  }
  if (input === null) return null;
  const time = timeColumn(descriptor.value.columns[0]!, input, name, place);
  const partition = table.partition.map((column) => columnIndex(column, input, place));
  if (partition.length > 0 && name !== 'SESSION') {
    diagnostics.error(
      'SQL_INVALID_WINDOW',
      table.partition[0]!.span,
      `only SESSION takes PARTITION BY, ${name} does not`,
      'put the keys into GROUP BY',
    );
  }
  if (time === null || partition.includes(null) || [...lengths.values()].includes(null)) return null;
  if (isUpdating(input)) {
    return diagnostics.error(
      'SQL_UPDATES_NOT_ACCEPTED',
      call.name.span,
      `${name} takes only new rows, but its input also changes rows`,
      'windows of a changelog are not supported',
    );
  }
  const spec = specOf(name, lengths as ReadonlyMap<string, number>, partition as number[]);
  if (spec.kind === 'cumulate' && spec.sizeMs % spec.stepMs !== 0) {
    return diagnostics.error(
      'SQL_INVALID_WINDOW',
      call.span,
      `CUMULATE needs a size that is a multiple of the step, got size ${spec.sizeMs} ms and step ${spec.stepMs} ms`,
    );
  }
  if (spec.kind === 'tumble' && Math.abs(spec.offsetMs) >= spec.sizeMs) {
    return diagnostics.error(
      'SQL_INVALID_WINDOW',
      call.span,
      `TUMBLE needs an offset smaller than the size, got size ${spec.sizeMs} ms and offset ${spec.offsetMs} ms`,
      'an offset of a whole size changes nothing',
    );
  }
  return windowTable(input, spec, time, place.scope);
}

function specOf(name: string, lengths: ReadonlyMap<string, number>, partition: readonly number[]): WindowSpec {
  const sizeMs = lengths.get('SIZE') ?? 0;
  const offsetMs = lengths.get('OFFSET') ?? 0;
  if (name === 'TUMBLE') return { kind: 'tumble', sizeMs, offsetMs };
  if (name === 'HOP') return { kind: 'hop', slideMs: lengths.get('SLIDE')!, sizeMs, offsetMs };
  if (name === 'CUMULATE') return { kind: 'cumulate', stepMs: lengths.get('STEP')!, sizeMs, offsetMs };
  return { kind: 'session', gapMs: lengths.get('GAP')!, partition };
}

function windowTable(input: Relation, spec: WindowSpec, time: WindowOrigin['time'], scope: string): Relation {
  const timeType = input.fields[time.column]!.type;
  const plain = input.fields.map(
    (field): RelationField =>
      isTimestamp(field.type) && field.type.attribute !== undefined
        ? { name: field.name, type: dropAttribute(field.type) }
        : field,
  );
  // the origin refers to the relation, and the relation's fields refer to the origin
  const origin: { -readonly [K in keyof WindowOrigin]: WindowOrigin[K] } = { spec, time, table: null };
  const windowFields = (['start', 'end', 'time'] as const).map(
    (role: WindowRole): RelationField => ({
      name: WINDOW_COLUMN_NAMES[role],
      type: windowColumnType(role, timeType),
      window: { role, origin },
    }),
  );
  const relation: Relation = {
    operation: { kind: 'window-table', window: spec, time },
    inputs: [input],
    fields: [...plain, ...windowFields],
    scope,
  };
  origin.table = relation;
  return relation;
}

function dropAttribute(type: RelationField['type']): RelationField['type'] {
  if (!isTimestamp(type)) return type;
  const { attribute: _, ...rest } = type;
  return rest;
}

function usage(name: string): string {
  const rest = {
    TUMBLE: "INTERVAL '10' SECOND",
    HOP: "INTERVAL '5' SECOND, INTERVAL '10' SECOND",
    CUMULATE: "INTERVAL '5' SECOND, INTERVAL '10' SECOND",
    SESSION: "INTERVAL '5' MINUTE",
  }[name];
  return `write ${name}(TABLE t, DESCRIPTOR(ts), ${rest})`;
}

/** Returns positional or named arguments by their names. */
function argumentsByName(
  call: WindowFunctionTable,
  name: string,
  order: readonly string[],
  place: QueryPlace,
): Map<string, TableArgument> | null {
  const { diagnostics } = place.job.session;
  const found = new Map<string, TableArgument>();
  const named = call.args.filter((arg) => arg.name !== null);
  if (named.length > 0 && named.length < call.args.length) {
    const mixed = call.args.find((arg) => arg.name === null)!;
    return diagnostics.error('SQL_INVALID_ARGUMENT', mixed.span, 'arguments are either all by position or all by name');
  }
  for (const [i, arg] of call.args.entries()) {
    const key = arg.name === null ? order[i] : arg.name.text.toUpperCase();
    if (key === undefined)
      return diagnostics.error(
        'SQL_INVALID_ARGUMENT',
        arg.span,
        `${name} takes at most ${order.length} arguments`,
        usage(name),
      );
    if (!order.includes(key))
      return diagnostics.error(
        'SQL_INVALID_ARGUMENT',
        arg.name!.span,
        `${name} has no argument \`${arg.name!.text}\``,
        didYouMean(key, order) ?? usage(name),
      );
    if (found.has(key))
      return diagnostics.error('SQL_INVALID_ARGUMENT', arg.span, `the argument ${key} is given twice`);
    found.set(key, arg);
  }
  return found;
}

function columnIndex(column: Name, input: Relation, place: QueryPlace): number | null {
  const index = input.fields.findIndex((field) => field.name === column.text);
  if (index >= 0) return index;
  const names = input.fields.map((field) => field.name);
  return place.job.session.diagnostics.error(
    'SQL_UNKNOWN_COLUMN',
    column.span,
    `no column \`${column.text}\` in the table of the window`,
    didYouMean(column.text, names),
  );
}

function timeColumn(column: Name, input: Relation, name: string, place: QueryPlace): WindowOrigin['time'] | null {
  const index = columnIndex(column, input, place);
  if (index === null) return null;
  const type = input.fields[index]!.type;
  const time = windowTime(index, type, place.job.session);
  if (time !== null) return time;
  return place.job.session.diagnostics.error(
    'SQL_INVALID_WINDOW',
    column.span,
    `${name} needs a time column with a watermark (or PROCTIME()), but \`${column.text}\` is ${plainName(type)}`,
    isTimestamp(type)
      ? `declare WATERMARK FOR ${column.text} AS ${column.text} - INTERVAL '5' SECOND in CREATE TABLE; expressions and aggregations lose it`
      : undefined,
  );
}
