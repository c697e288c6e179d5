import type { ArrayType, DataType } from '../../core/data-type.ts';
import { INT, isInteger, NULL_TYPE, STRING, typeName, withNullable } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { compileRegex } from '../../core/regular-expression.ts';
import { commonType, commonTypeOf, leastRestrictive } from '../common-type.ts';
import { define, rememberLast } from '../define.ts';
import type { ScalarFunction } from '../scalar-function.ts';
import { arrayParameter, mapParameter, signature, textParameter } from '../signature.ts';

/** ARRAY, MAP and ROW constructors, access by index and key, and the functions of MAP. */
const arrayOf = (element: DataType, nullable = false): DataType => ({ kind: 'array', element, nullable });
const mapOf = (key: DataType, value: DataType, nullable = false): DataType => ({ kind: 'map', key, value, nullable });

const WITHOUT_TYPE = { what: 'array or map without a type', portable: 'write CAST(NULL AS …)' };

const array: ScalarFunction = {
  name: 'ARRAY',
  summary: 'An array of the values, which may be NULL.',
  nulls: 'handled',
  resolve(infos) {
    const element =
      infos.length === 0
        ? NULL_TYPE
        : commonTypeOf(
            infos.map((info) => info.type),
            leastRestrictive,
          );
    if (element === null) {
      return { mismatch: `expects values of one type, got ${infos.map((info) => typeName(info.type)).join(', ')}` };
    }
    return {
      args: infos.map((info) => withNullable(element, info.type.nullable)),
      ...(element.kind === 'null' && infos.length > 0 ? { extension: WITHOUT_TYPE } : {}),
      result: arrayOf(element),
    };
  },
  scalar:
    () =>
    (...values: unknown[]) =>
      values,
};

const map: ScalarFunction = {
  name: 'MAP',
  summary: 'A map of the keys and values, which may be NULL. The last of equal keys wins.',
  nulls: 'handled',
  resolve(infos) {
    if (infos.length === 0 || infos.length % 2 === 1) return { mismatch: 'expects a value for every key' };
    const types = infos.map((info) => info.type);
    const key = commonTypeOf(
      types.filter((_, i) => i % 2 === 0),
      leastRestrictive,
    );
    const value = commonTypeOf(
      types.filter((_, i) => i % 2 === 1),
      leastRestrictive,
    );
    if (key === null || value === null) {
      return { mismatch: `expects keys of one type and values of one type, got ${types.map(typeName).join(', ')}` };
    }
    const args = types.map((type, i) => withNullable(i % 2 === 0 ? key : value, type.nullable));
    const typed = key.kind !== 'null' && value.kind !== 'null';
    return { args, ...(typed ? {} : { extension: WITHOUT_TYPE }), result: mapOf(key, value) };
  },
  scalar:
    () =>
    (...values: unknown[]) => {
      const made = new Map<unknown, unknown>();
      for (let i = 0; i < values.length; i += 2) made.set(values[i], values[i + 1]);
      return made;
    },
};

const row: ScalarFunction = {
  name: 'ROW',
  summary: 'A row of the values, which may be NULL. Its fields are `EXPR$0`, `EXPR$1` and so on.',
  nulls: 'handled',
  resolve: (infos) => ({
    args: infos.map((info) => info.type),
    result: {
      kind: 'row',
      fields: infos.map((info, i) => ({ name: `EXPR$${i}`, type: info.type })),
      nullable: false,
    },
  }),
  scalar:
    () =>
    (...values: unknown[]) =>
      values,
};

const item: ScalarFunction = {
  name: 'ITEM',
  summary: 'The `n`-th element of the array, or the value of the key. NULL if there is none.',
  resolve(infos) {
    const [collection, index] = infos.map((info) => info.type);
    if (infos.length !== 2 || !collection || !index) return { mismatch: `expects 2 arguments, got ${infos.length}` };
    if (collection.kind === 'array') {
      if (!isInteger(index)) return { mismatch: `expects an integer as index, got ${typeName(index)}` };
      const literal = infos[1]!.literal?.value;
      if (literal !== undefined && Number(literal) < 1)
        return { mismatch: `an array's index starts at 1, got ${String(literal)}` };
      const extension = { what: `index of type ${typeName(withNullable(index, true))}`, portable: 'CAST it to INT' };
      return {
        args: [collection, withNullable(INT, index.nullable)],
        ...(index.kind === 'int' ? {} : { extension }),
        result: withNullable(collection.element, true),
      };
    }
    if (collection.kind !== 'map') return { mismatch: `expects an ARRAY or a MAP, got ${typeName(collection)}` };
    const key = commonType(collection.key, index);
    if (key === null) return { mismatch: `expects a key of ${typeName(collection.key)}, got ${typeName(index)}` };
    return {
      args: [collection, withNullable(collection.key, index.nullable)],
      result: withNullable(collection.value, true),
    };
  },
  scalar: ([collection]) =>
    collection!.kind === 'array'
      ? (values: readonly unknown[], index: number) => {
          if (index < 1) throw new EngineError('EXPRESSION_FAILED', `an array's index starts at 1, got ${index}`);
          return values[index - 1] ?? null;
        }
      : (values: Map<unknown, unknown>, key: unknown) => values.get(key) ?? null,
};

const cardinality: ScalarFunction = {
  name: 'CARDINALITY',
  summary: 'The number of elements of an ARRAY, MAP or MULTISET.',
  resolve(infos) {
    const type = infos[0]?.type;
    if (infos.length !== 1 || type === undefined) return { mismatch: `expects 1 argument, got ${infos.length}` };
    if (type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'multiset') {
      return { mismatch: `expects an ARRAY, MAP or MULTISET, got ${typeName(type)}` };
    }
    return { args: [type], result: withNullable(INT, type.nullable) };
  },
  scalar: ([type]) =>
    type!.kind === 'array'
      ? (values: readonly unknown[]) => values.length
      : (values: Map<unknown, unknown>) => values.size,
};

const element: ScalarFunction = define({
  name: 'ELEMENT',
  summary: 'The only element of the array. NULL if the array is empty. More than one element fails the job.',
  resolve(infos, environment) {
    const resolved = signature([arrayParameter], ([type]) => (type as ArrayType).element)(infos, environment);
    if ('mismatch' in resolved) return resolved;
    // The result may be NULL, but Flink gives it the type of the elements.
    return { ...resolved, result: (resolved.args[0] as ArrayType).element };
  },
  kernel: (values: readonly unknown[]) => {
    if (values.length > 1) throw new EngineError('EXPRESSION_FAILED', 'ELEMENT: the array has more than one element');
    return values[0] ?? null;
  },
});

type MapOf = Extract<DataType, { kind: 'map' }>;

function entriesType([type]: readonly DataType[]): DataType {
  const { key, value } = type as MapOf;
  const fields = [
    { name: 'key', type: key },
    { name: 'value', type: value },
  ];
  return arrayOf({ kind: 'row', fields, nullable: true });
}

const mapFromArrays: ScalarFunction = define({
  name: 'MAP_FROM_ARRAYS',
  summary: 'A map of an array of keys and an array of values.',
  resolve: signature([arrayParameter, arrayParameter], ([keys, values]) =>
    mapOf((keys as { element: DataType }).element, (values as { element: DataType }).element, true),
  ),
  kernel: (keys: readonly unknown[], values: readonly unknown[]) => {
    if (keys.length !== values.length) {
      throw new EngineError('EXPRESSION_FAILED', `MAP_FROM_ARRAYS: ${keys.length} keys but ${values.length} values`);
    }
    return new Map(keys.map((key, i) => [key, values[i]]));
  },
});

const mapUnion: ScalarFunction = {
  name: 'MAP_UNION',
  summary: 'The entries of all maps. The last of equal keys wins.',
  resolve(infos, environment) {
    const common = commonTypeOf(infos.map((info) => info.type));
    if (common?.kind !== 'map') return { mismatch: 'expects maps of one type' };
    return signature([{ ...mapParameter, accept: ({ type }) => withNullable(common, type.nullable) }], common, {
      variadic: true,
    })(infos, environment);
  },
  scalar:
    () =>
    (...maps: Map<unknown, unknown>[]) =>
      new Map(maps.flatMap((one) => [...one])),
};

type Cut = (text: string, most: number) => readonly string[];

/**
 * Splits a text at a separator into at most the given number of parts. Separators are regular
 * expressions, as in Flink.
 */
function cutAt(separator: string): Cut {
  const regex = compileRegex('STR_TO_MAP', separator);
  if (regex === null) throw new EngineError('EXPRESSION_FAILED', `STR_TO_MAP: invalid separator '${separator}'`);
  return (text, most) => {
    const matcher = regex.matcher(text);
    const parts: string[] = [];
    let at = 0;
    while (parts.length < most - 1 && matcher.find()) {
      // An empty match at the start or the end does not split the text.
      if (matcher.end() === 0 || matcher.start() === text.length) continue;
      parts.push(text.slice(at, matcher.start()));
      at = matcher.end();
    }
    return [...parts, text.slice(at)];
  };
}

/** White space of Java: a text of nothing else gives an empty map, as in Flink. */
const BLANK = /^(?:(?![\u00a0\u2007\u202f\ufeff])\s)*$/;

const strToMap: ScalarFunction = define({
  name: 'STR_TO_MAP',
  summary: 'The map in a text such as `a=1,b=2`. The separators are regular expressions. Its type allows NULL.',
  resolve: signature([textParameter, textParameter, textParameter], mapOf(STRING, STRING, true), {
    optional: 2,
    mayBeNull: true,
  }),
  kernelFor: () => {
    const pairsOf = rememberLast(cutAt);
    const halvesOf = rememberLast(cutAt);
    return (text: string, pairs = ',', keyValue = '=') => {
      const made = new Map<string, string | null>();
      if (BLANK.test(text)) return made;
      for (const pair of pairsOf(pairs)(text, Number.POSITIVE_INFINITY)) {
        const [key, value] = halvesOf(keyValue)(pair, 2);
        made.set(key!, value ?? null);
      }
      return made;
    };
  },
});

export const COLLECTION_BASICS: readonly ScalarFunction[] = [
  array,
  map,
  row,
  item,
  cardinality,
  element,
  define({
    name: 'MAP_KEYS',
    summary: 'The keys of the map.',
    resolve: signature([mapParameter], ([type]) => arrayOf((type as MapOf).key)),
    kernel: (values: Map<unknown, unknown>) => [...values.keys()],
  }),
  define({
    name: 'MAP_VALUES',
    summary: 'The values of the map.',
    resolve: signature([mapParameter], ([type]) => arrayOf((type as MapOf).value)),
    kernel: (values: Map<unknown, unknown>) => [...values.values()],
  }),
  define({
    name: 'MAP_ENTRIES',
    summary: 'The entries of the map, as rows of key and value.',
    resolve: signature([mapParameter], entriesType),
    kernel: (values: Map<unknown, unknown>) => [...values],
  }),
  mapFromArrays,
  mapUnion,
  strToMap,
];
