import type { ArrayType, DataType } from '../../core/data-type.ts';
import { BOOLEAN, INT, isText, STRING, typeName, withNullable } from '../../core/data-type.ts';
import { commonTypeOf, implicitCast } from '../common-type.ts';
import { comparatorOf } from '../compare-values.ts';
import type { ArgumentInfo, Mismatch, Resolution, ScalarFunction, ScalarKernel } from '../scalar-function.ts';
import { arrayParameter, booleanParameter, narrowIntParameter, signature, textParameter } from '../signature.ts';

/**
 * Functions on arrays. NULL elements count as values that equal each other; positions count from 1.
 */
type List = readonly unknown[];
type Equal = (a: unknown, b: unknown) => boolean;

function equality(element: DataType): Equal {
  const compare = comparatorOf(element);
  return (a, b) => (a === null || b === null ? a === b : compare(a, b) === 0);
}

const elementOf = (type: DataType): DataType => (type as ArrayType).element;

/**
 * Returns the signature of an array and one element, which must fit the array's element type.
 * `result` gives the result's type for that array type.
 */
function withElement(result: (array: ArrayType, item: DataType) => DataType, nullableBy: 'array' | 'both') {
  return (infos: readonly ArgumentInfo[]): Resolution | Mismatch => {
    const [array, item] = infos.map((info) => info.type);
    if (infos.length !== 2 || !array || !item) return { mismatch: `expects 2 arguments, got ${infos.length}` };
    if (array.kind !== 'array') return { mismatch: `expects an ARRAY as argument 1, got ${typeName(array)}` };
    if (!implicitCast(item, array.element)) {
      return { mismatch: `expects a ${typeName(array.element)} as argument 2, got ${typeName(item)}` };
    }
    const nullable = array.nullable || (nullableBy === 'both' && item.nullable);
    const element = withNullable(array.element, item.nullable || item.kind === 'null');
    return { args: [array, element], result: withNullable(result(array, item), nullable) };
  };
}

/** The array with one more element, which may be NULL. */
const extended = (array: ArrayType, item: DataType): DataType => ({
  ...array,
  element: withNullable(array.element, array.element.nullable || item.nullable || item.kind === 'null'),
});

/** Arrays whose elements have a common type. */
function sameArrays(infos: readonly ArgumentInfo[]): Resolution | Mismatch {
  const common = commonTypeOf(infos.map((info) => info.type));
  if (infos.length === 0 || common?.kind !== 'array') {
    return { mismatch: `expects arrays of one type, got ${infos.map((info) => typeName(info.type)).join(', ')}` };
  }
  const args = infos.map((info) => withNullable(common, info.type.nullable));
  return {
    args,
    result: withNullable(
      common,
      args.some((arg) => arg.nullable),
    ),
  };
}

function twoArrays(infos: readonly ArgumentInfo[]): Resolution | Mismatch {
  return infos.length === 2 ? sameArrays(infos) : { mismatch: `expects 2 arguments, got ${infos.length}` };
}

function distinct(values: List, equal: Equal): unknown[] {
  const kept: unknown[] = [];
  // Texts, numbers and booleans are equal when they are identical; the others are compared one by
  // one.
  const seen = new Set<unknown>();
  for (const value of values) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (typeof value !== 'object' || value === null || !kept.some((other) => equal(other, value))) kept.push(value);
  }
  return kept;
}

interface Parts {
  readonly name: string;
  readonly summary: string;
  readonly nulls?: 'handled';
  readonly resolve: ScalarFunction['resolve'];
  /** Creates the kernel for the element type of the first argument. */
  kernel(element: DataType, equal: Equal): ScalarKernel;
}

function arrayFunction({ name, summary, nulls, resolve, kernel }: Parts): ScalarFunction {
  return {
    name,
    summary,
    resolve,
    ...(nulls && { nulls }),
    scalar: ([type]) => kernel(elementOf(type!), equality(elementOf(type!))),
  };
}

const sameArray = signature([arrayParameter], ([type]) => type!);
const anElement = signature([arrayParameter], ([type]) => elementOf(type!), { mayBeNull: true });

/** Returns part of a list. `from` and `to` count from 1, or from the end if they are negative. */
function slice(values: List, from: number, to = values.length): unknown[] {
  const size = values.length;
  const start = from < 0 ? size + from : from === 0 ? 0 : from - 1;
  const end = to < 0 ? size + to + 1 : to === 0 ? 1 : to;
  return start >= end ? [] : values.slice(Math.max(0, start), Math.max(0, end));
}

function sorter(element: DataType): ScalarKernel {
  const compare = comparatorOf(element);
  return (values: List, ascending = true, nullsFirst = ascending) => {
    const present = values
      .filter((value) => value !== null)
      .sort((a, b) => (ascending ? compare(a, b) : compare(b, a)));
    const nulls = new Array(values.length - present.length).fill(null);
    return nullsFirst ? [...nulls, ...present] : [...present, ...nulls];
  };
}

function extreme(wanted: 1 | -1): (element: DataType) => ScalarKernel {
  return (element) => {
    const compare = comparatorOf(element);
    return (values: List) => {
      let best: unknown = null;
      for (const value of values) {
        if (value !== null && (best === null || compare(value, best) * wanted > 0)) best = value;
      }
      return best;
    };
  };
}

export const ARRAY_FUNCTIONS: readonly ScalarFunction[] = [
  arrayFunction({
    name: 'ARRAY_CONTAINS',
    summary: 'Whether the array contains the value, which may be NULL. NULL if the array is NULL.',
    nulls: 'handled',
    resolve: withElement(() => BOOLEAN, 'array'),
    kernel: (_, equal) => (values: List | null, item: unknown) => values?.some((value) => equal(value, item)) ?? null,
  }),
  arrayFunction({
    name: 'ARRAY_POSITION',
    summary: 'The position of the first element that equals the value, 0 if there is none.',
    resolve: withElement(() => INT, 'both'),
    kernel: (_, equal) => (values: List, item: unknown) => values.findIndex((value) => equal(value, item)) + 1,
  }),
  arrayFunction({
    name: 'ARRAY_REMOVE',
    summary: 'The array without the elements that equal the value, which may be NULL. NULL if the array is NULL.',
    nulls: 'handled',
    resolve: withElement((array) => array, 'array'),
    kernel: (_, equal) => (values: List | null, item: unknown) =>
      values?.filter((value) => !equal(value, item)) ?? null,
  }),
  arrayFunction({
    name: 'ARRAY_APPEND',
    summary: 'The array with the value at the end. The value may be NULL. NULL if the array is NULL.',
    nulls: 'handled',
    resolve: withElement(extended, 'both'),
    kernel: () => (values: List | null, item: unknown) => values && [...values, item],
  }),
  arrayFunction({
    name: 'ARRAY_PREPEND',
    summary: 'The array with the value at the start. The value may be NULL. NULL if the array is NULL.',
    nulls: 'handled',
    resolve: withElement(extended, 'both'),
    kernel: () => (values: List | null, item: unknown) => values && [item, ...values],
  }),
  arrayFunction({
    name: 'ARRAY_DISTINCT',
    summary: 'The array with each value once.',
    resolve: sameArray,
    kernel: (_, equal) => (values: List) => distinct(values, equal),
  }),
  arrayFunction({
    name: 'ARRAY_REVERSE',
    summary: 'The elements in reverse order.',
    resolve: sameArray,
    kernel: () => (values: List) => [...values].reverse(),
  }),
  arrayFunction({
    name: 'ARRAY_CONCAT',
    summary: 'The elements of all arrays, one array after the other.',
    resolve: sameArrays,
    kernel:
      () =>
      (...lists: List[]) =>
        lists.flat(1),
  }),
  arrayFunction({
    name: 'ARRAY_SORT',
    summary:
      'The elements in order. By default they ascend, with NULLs first. With FALSE they descend, with NULLs last.',
    resolve: signature([arrayParameter, booleanParameter, booleanParameter], ([type]) => type!, { optional: 2 }),
    kernel: sorter,
  }),
  arrayFunction({
    name: 'ARRAY_MAX',
    summary: 'The greatest element that is not NULL. NULL if there is none.',
    resolve: anElement,
    kernel: extreme(1),
  }),
  arrayFunction({
    name: 'ARRAY_MIN',
    summary: 'The least element that is not NULL. NULL if there is none.',
    resolve: anElement,
    kernel: extreme(-1),
  }),
  arrayFunction({
    name: 'ARRAY_SLICE',
    summary: 'The elements from one position to another, both included. Negative positions count from the end.',
    resolve: signature([arrayParameter, narrowIntParameter, narrowIntParameter], ([type]) => type!, { optional: 1 }),
    kernel: () => slice,
  }),
  {
    name: 'ARRAY_JOIN',
    summary: 'The texts of the array with the separator between them. NULLs are left out, or written as `for_null`.',
    resolve(infos, environment) {
      const type = infos[0]?.type;
      if (type?.kind === 'array' && !isText(type.element)) {
        return { mismatch: `expects an array of texts, got ${typeName(type)}` };
      }
      return signature([arrayParameter, textParameter, textParameter], STRING, { optional: 1 })(infos, environment);
    },
    scalar: () => (values: readonly (string | null)[], separator: string, forNull?: string) =>
      values.flatMap((value) => value ?? forNull ?? []).join(separator),
  },
  arrayFunction({
    name: 'ARRAY_UNION',
    summary: 'The values of both arrays, each once.',
    resolve: twoArrays,
    kernel: (_, equal) => (a: List, b: List) => distinct([...a, ...b], equal),
  }),
  arrayFunction({
    name: 'ARRAY_EXCEPT',
    summary: 'The values of `a` that `b` does not contain, each once.',
    resolve: twoArrays,
    kernel: (_, equal) => (a: List, b: List) =>
      distinct(
        a.filter((value) => !b.some((other) => equal(value, other))),
        equal,
      ),
  }),
  arrayFunction({
    name: 'ARRAY_INTERSECT',
    summary: 'The values that both arrays contain, each once.',
    resolve: twoArrays,
    kernel: (_, equal) => (a: List, b: List) =>
      distinct(
        a.filter((value) => b.some((other) => equal(value, other))),
        equal,
      ),
  }),
];
