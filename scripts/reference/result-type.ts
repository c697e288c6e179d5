import { withoutAttribute } from '../../src/compiler/typecheck/convert.ts';
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  type DataType,
  DOUBLE,
  decimal,
  FLOAT,
  INT,
  STRING,
  TIME,
  TINYINT,
  timestamp,
  timestampLtz,
  typeName,
  withNullable,
} from '../../src/core/data-type.ts';
import { findFunction } from '../../src/functions/registry.ts';
import type { ArgumentInfo, Resolution } from '../../src/functions/scalar-function.ts';
import { ENVIRONMENT } from './typed-call.ts';

const arrayOf = (element: DataType): DataType => ({ kind: 'array', element, nullable: true });

/** Types that an argument of a function may have. */
const SAMPLES: readonly DataType[] = [
  BOOLEAN,
  TINYINT,
  INT,
  BIGINT,
  DOUBLE,
  FLOAT,
  decimal(10, 2),
  decimal(20, 0),
  STRING,
  { kind: 'char', length: 3, nullable: true },
  BYTES,
  DATE,
  TIME,
  timestamp(3),
  timestamp(6),
  timestampLtz(3),
  arrayOf(INT),
  arrayOf(STRING),
  { kind: 'map', key: STRING, value: INT, nullable: true },
  { kind: 'map', key: INT, value: STRING, nullable: true },
];

/**
 * Returns the type of the result of a scalar function if it is the same for all types of the
 * arguments. Null: it depends on them. Texts of every length count as one type.
 */
export function constantResult(name: string, args: readonly ArgumentInfo[]): string | null {
  const results = new Set(resolutions(name, args).map(({ result }) => shownType(result)));
  return results.size === 1 ? [...results][0]! : null;
}

/** Returns whether the result has the type of an argument, for all types of the arguments. */
export function hasTypeOf(name: string, args: readonly ArgumentInfo[], argument: number): boolean {
  return resolutions(name, args).every(({ args: types, result }) => shownType(types[argument]!) === shownType(result));
}

/** Returns whether a call whose arguments are never NULL may give NULL. */
export function mayBeNull(name: string, args: readonly ArgumentInfo[]): boolean {
  const infos = args.map((info) => ({ ...info, type: withNullable(info.type, false) }));
  const resolved = findFunction(name)!.resolve(infos, ENVIRONMENT);
  return 'result' in resolved && resolved.result.nullable;
}

/** Resolves the call, and each call with another type of one argument that the function accepts. */
function resolutions(name: string, args: readonly ArgumentInfo[]): Resolution[] {
  const definition = findFunction(name)!;
  const calls = [args, ...args.flatMap((_, i) => SAMPLES.map((type) => args.with(i, { type })))];
  return calls.map((infos) => definition.resolve(infos, ENVIRONMENT)).filter((resolved) => 'result' in resolved);
}

function shownType(type: DataType): string {
  if (type.kind === 'char' || type.kind === 'varchar') return 'STRING';
  if (type.kind === 'array') return typeName({ ...type, element: withNullable(type.element, true), nullable: true });
  return typeName(withNullable(withoutAttribute(type), true));
}
