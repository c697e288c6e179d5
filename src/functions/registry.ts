import { ARITHMETIC } from './arithmetic.ts';
import { withBoundedResult } from './bounded-kernel.ts';
import { ARRAY_FUNCTIONS } from './collection/array-functions.ts';
import { COLLECTION_BASICS } from './collection/construct.ts';
import { COMPARISON } from './comparison.ts';
import { JSON_BUILDING } from './json/json-build.ts';
import { JSON_READING } from './json/json-query.ts';
import { NUMERIC } from './numeric.ts';
import type { ScalarFunction } from './scalar-function.ts';
import { printf } from './text/printf.ts';
import { TEXT_ENCODING } from './text/text-encoding.ts';
import { TEXT_SEARCH } from './text/text-search.ts';
import { TEXT_SHAPE } from './text/text-shape.ts';
import { CURRENT_TIME } from './time/current-time.ts';
import { TIME_ROUNDING } from './time/round-time.ts';
import { TIME_SHIFTING } from './time/shift-time.ts';
import { TIME_CONVERSION } from './time/time-conversion.ts';
import { TIME_FIELDS } from './time/time-field.ts';

/** Every scalar function by its name. Add a family here. */
const FAMILIES: readonly (readonly ScalarFunction[])[] = [
  ARITHMETIC,
  COMPARISON,
  NUMERIC,
  [printf],
  TEXT_SHAPE,
  TEXT_SEARCH,
  TEXT_ENCODING,
  TIME_FIELDS,
  TIME_ROUNDING,
  TIME_SHIFTING,
  TIME_CONVERSION,
  CURRENT_TIME,
  JSON_READING,
  JSON_BUILDING,
  COLLECTION_BASICS,
  ARRAY_FUNCTIONS,
];

const BY_NAME: ReadonlyMap<string, ScalarFunction> = new Map(
  FAMILIES.flat().map((definition) => [definition.name, withBoundedResult(definition)] as const),
);

/** Returns the function of that name; names are compared without regard to case. */
export function findFunction(name: string): ScalarFunction | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.toUpperCase());
}

/** Returns the names in alphabetical order, including operators. */
export function functionNames(): readonly string[] {
  return [...BY_NAME.keys()].sort();
}
