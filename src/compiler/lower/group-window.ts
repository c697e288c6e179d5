import type { DataType } from '../../core/data-type.ts';
import type { WindowSpec, WindowTime } from '../../plan/window-spec.ts';
import type { CallAst, ExpressionAst } from '../ast/expression.ts';
import { plainName } from '../typecheck/describe-call.ts';
import { sameExpression } from '../typecheck/expression-forms.ts';
import type { ExpressionTyper } from '../typecheck/expression-typer.ts';
import type { QueryPlace } from './query-place.ts';
import type { WindowRole } from './window-columns.ts';
import { constantInterval, windowTime } from './window-spec.ts';

/**
 * A window function in GROUP BY: `GROUP BY TUMBLE(ts, INTERVAL '10' SECOND)`. This is Flink's older
 * form.
 */
export interface GroupWindow {
  readonly kind: 'tumble' | 'hop' | 'session';
  readonly column: number;
  readonly time: WindowTime;
  readonly timeType: DataType;
  /** For `session` the partition is set when the keys are known. */
  readonly spec: WindowSpec;
  /** Returns whether TUMBLE_START(…) or a related function repeats the window's arguments. */
  sameArguments(call: CallAst, typer: ExpressionTyper): boolean;
}

/** The windows in GROUP BY, with one line each. */
export const GROUP_WINDOWS: Readonly<Record<string, string>> = {
  TUMBLE: 'Windows of one size, one after the other.',
  HOP: 'A window of the size begins at each slide.',
  SESSION: 'A window of a key ends when no row of the key has come for the gap.',
};
/** The functions of a window, named after it: TUMBLE_START, SESSION_END and so on. */
export const WINDOW_AUXILIARIES: Readonly<Record<string, string>> = {
  START: 'The start of the window.',
  END: 'The end of the window, which is not part of it.',
  ROWTIME: 'The last millisecond of a window on event time. A time attribute.',
  PROCTIME: 'The last millisecond of a window on processing time. A time attribute.',
};
const AUXILIARY = new RegExp(
  `^(${Object.keys(GROUP_WINDOWS).join('|')})_(${Object.keys(WINDOW_AUXILIARIES).join('|')})$`,
);

export const isGroupWindowCall = (ast: ExpressionAst): ast is CallAst =>
  ast.kind === 'call' && ast.name in GROUP_WINDOWS;

/** A call of TUMBLE_START or a related function. */
export interface WindowAuxiliary {
  readonly call: CallAst;
  readonly kind: string;
  readonly role: WindowRole;
}

export function windowAuxiliary(ast: ExpressionAst): WindowAuxiliary | null {
  if (ast.kind !== 'call') return null;
  const found = AUXILIARY.exec(ast.name);
  if (found === null) return null;
  const role = found[2] === 'START' ? 'start' : found[2] === 'END' ? 'end' : 'time';
  return { call: ast, kind: found[1]!.toLowerCase(), role };
}

export function groupWindowOf(call: CallAst, typer: ExpressionTyper, place: QueryPlace): GroupWindow | null {
  const { session } = place.job;
  const { diagnostics } = session;
  const least = call.name === 'HOP' ? 3 : 2;
  const most = call.name === 'SESSION' ? 2 : least + 1;
  if (call.args.length < least || call.args.length > most) {
    return diagnostics.error(
      'SQL_INVALID_ARGUMENT',
      call.span,
      `${call.name} in GROUP BY takes a time column and ${least === 3 ? 'two intervals' : 'an interval'}`,
    );
  }
  const [first, ...rest] = call.args;
  const column = typer.type(first!);
  if (column === null) return null;
  const time = column.kind === 'column' ? windowTime(column.index, column.type, session) : null;
  if (time === null) {
    const text = `${call.name} needs a time column with a watermark (or PROCTIME()), got ${plainName(column.type)}`;
    return diagnostics.error(
      'SQL_INVALID_WINDOW',
      first!.span,
      text,
      'declare WATERMARK FOR the column in CREATE TABLE',
    );
  }
  if (rest.length > least - 1) return diagnostics.notSupported(rest.at(-1)!.span, `an alignment time in ${call.name}`);
  const what = call.name === 'HOP' ? ['the slide', 'the size'] : call.name === 'SESSION' ? ['the gap'] : ['the size'];
  const lengths = rest.map((arg, i) => constantInterval(arg, `${what[i]} of ${call.name}`, session));
  if (lengths.includes(null)) return null;
  const [a, b] = lengths as number[];
  const spec: WindowSpec =
    call.name === 'TUMBLE'
      ? { kind: 'tumble', sizeMs: a!, offsetMs: 0 }
      : call.name === 'HOP'
        ? { kind: 'hop', slideMs: a!, sizeMs: b!, offsetMs: 0 }
        : { kind: 'session', gapMs: a!, partition: [] };
  return {
    kind: spec.kind as GroupWindow['kind'],
    column: time.column,
    time,
    timeType: column.type,
    spec,
    sameArguments: (other, otherTyper) => {
      const otherArgs = other.args.map((arg) => otherTyper.type(arg));
      if (otherArgs.includes(null) || otherArgs.length !== call.args.length) return false;
      return otherArgs.every((arg, i) =>
        sameExpression(arg!, i === 0 ? column : { kind: 'literal', value: lengths[i - 1]!, type: arg!.type }),
      );
    },
  };
}
