import type { DataType } from '../core/data-type.ts';
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INT,
  isInteger,
  isNumeric,
  isText,
  isTimestamp,
  STRING,
  typeName,
  withNullable,
} from '../core/data-type.ts';
import type { ArgumentInfo, FunctionEnvironment, Mismatch, Resolution, ScalarFunction } from './scalar-function.ts';

/** One parameter of a signature: the arguments that it accepts and the type they are cast to. */
export interface Parameter {
  /** For messages: "a text". */
  readonly expects: string;
  /**
   * Returns the type to cast the argument to, nullability of the argument kept; null when it does
   * not fit.
   */
  accept(argument: ArgumentInfo): DataType | null;
  /** Returns whether Flink refuses an argument of the type, which this parameter accepts. */
  isExtension?(type: DataType): boolean;
}

const parameter = (expects: string, accept: (type: DataType) => DataType | null): Parameter => ({
  expects,
  accept: ({ type }) => {
    const accepted = accept(type);
    return accepted && withNullable(accepted, type.nullable || type.kind === 'null');
  },
});

const orNull =
  (to: DataType, fits: (type: DataType) => boolean) =>
  (type: DataType): DataType | null =>
    type.kind === 'null' ? to : fits(type) ? type : null;

export const textParameter = parameter('a text', orNull(STRING, isText));
export const booleanParameter = parameter(
  'a BOOLEAN',
  orNull(BOOLEAN, (t) => t.kind === 'boolean'),
);
/** An integer, read as INT. Flink takes no BIGINT in such a place. */
export const intParameter: Parameter = {
  ...parameter('an integer', (t) => (isInteger(t) || t.kind === 'null' ? INT : null)),
  isExtension: (type) => type.kind === 'bigint',
};
/** An integer, also a BIGINT in Flink, read as INT. */
export const anyIntParameter = parameter('an integer', (t) => (isInteger(t) || t.kind === 'null' ? INT : null));
/** An integer that is no BIGINT. Some functions of Flink take no BIGINT in the place of an INT. */
export const narrowIntParameter = parameter('an INT', (t) =>
  t.kind !== 'bigint' && (isInteger(t) || t.kind === 'null') ? INT : null,
);
/** An integer, read as BIGINT. */
export const longParameter = parameter('an integer', (t) => (isInteger(t) || t.kind === 'null' ? BIGINT : null));
/** Any number, as it is. */
export const numberParameter = parameter('a number', orNull(DOUBLE, isNumeric));
/** Any number, read as DOUBLE. */
export const doubleParameter = parameter('a number', (t) => (isNumeric(t) || t.kind === 'null' ? DOUBLE : null));
export const bytesParameter = parameter(
  'BYTES',
  orNull(
    { kind: 'varbinary', length: 2147483647, nullable: true },
    (t) => t.kind === 'varbinary' || t.kind === 'binary',
  ),
);
/** A text, or BYTES. */
export const textOrBytesParameter: Parameter = {
  expects: 'a text or BYTES',
  accept: (info) =>
    info.type.kind === 'null'
      ? textParameter.accept(info)
      : (textParameter.accept(info) ?? bytesParameter.accept(info)),
};
export const dateParameter = parameter(
  'a DATE or TIMESTAMP',
  orNull({ kind: 'date', nullable: true }, (t) => t.kind === 'date' || isTimestamp(t)),
);
export const timeParameter = parameter(
  'a DATE, TIME or TIMESTAMP',
  orNull(
    { kind: 'timestamp', precision: 3, nullable: true },
    (t) => t.kind === 'date' || t.kind === 'time' || isTimestamp(t),
  ),
);
export const arrayParameter = parameter('an ARRAY', (t) => (t.kind === 'array' ? t : null));
export const mapParameter = parameter('a MAP', (t) => (t.kind === 'map' ? t : null));
/** Anything, as it is. */
export const anyParameter = parameter('a value', (t) => t);

export interface SignatureOptions {
  /** The number of last parameters that may be omitted. */
  readonly optional?: number;
  /** The last parameter may be repeated any number of times. */
  readonly variadic?: boolean;
  /** Whether the result may be NULL although no argument is. Default false. */
  readonly mayBeNull?: boolean;
  /** Never NULL, for any arguments. */
  readonly neverNull?: boolean;
}

/**
 * Creates `resolve` for the usual case: a fixed list of parameters, and a result that is NULL if an
 * argument is NULL.
 */
export function signature(
  parameters: readonly Parameter[],
  result: DataType | ((args: readonly DataType[], infos: readonly ArgumentInfo[]) => DataType | Mismatch),
  options: SignatureOptions = {},
): ScalarFunction['resolve'] {
  const most = options.variadic ? Number.POSITIVE_INFINITY : parameters.length;
  const least = parameters.length - (options.optional ?? 0);
  return (infos: readonly ArgumentInfo[], _environment: FunctionEnvironment): Resolution | Mismatch => {
    if (infos.length < least || infos.length > most) {
      return { mismatch: `expects ${countText(least, most)}, got ${infos.length}` };
    }
    const args: DataType[] = [];
    let extension: Resolution['extension'];
    for (const [i, info] of infos.entries()) {
      const expected = parameters[Math.min(i, parameters.length - 1)]!;
      const accepted = expected.accept(info);
      if (accepted === null) {
        return { mismatch: `expects ${expected.expects} as argument ${i + 1}, got ${typeName(info.type)}` };
      }
      if (expected.isExtension?.(info.type)) {
        const what = `${typeName(withNullable(info.type, true))} as argument ${i + 1}`;
        extension = { what, portable: `CAST it to ${typeName(withNullable(accepted, true))}` };
      }
      args.push(accepted);
    }
    const type = typeof result === 'function' ? result(args, infos) : result;
    if ('mismatch' in type) return type;
    const nullable = !options.neverNull && (options.mayBeNull === true || args.some((arg) => arg.nullable));
    return { args, ...(extension && { extension }), result: withNullable(type, nullable) };
  };
}

function countText(least: number, most: number): string {
  const noun = (n: number) => `${n} argument${n === 1 ? '' : 's'}`;
  if (least === most) return noun(least);
  return most === Number.POSITIVE_INFINITY ? `at least ${noun(least)}` : `${least} to ${noun(most)}`;
}
