import type { DataType } from '../core/data-type.ts';
import { decimalCompare } from './decimal.ts';

/** Order of two internal values of one type, neither NULL: negative, 0, positive. */
export type Comparator = (a: never, b: never) => number;
type AnyComparator = (a: unknown, b: unknown) => number;

/**
 * UTF-8 byte order, which is code point order: the order that Flink's texts have, and that
 * `Buffer.compare` gives on the encoded form. It differs from the order of JS only between a
 * surrogate and a character from U+E000 to U+FFFF.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      if (x >= 0xd800 && y >= 0xd800) {
        if (x >= 0xe000) x -= 0x2000;
        else x += 0x800;
        if (y >= 0xe000) y -= 0x2000;
        else y += 0x800;
      }
      return x - y;
    }
  }
  return a.length - b.length;
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/**
 * Returns a comparator of values. Numbers and times are ordered by value, with NaN above all, as in
 * Java's sorting. Texts are ordered by code points, and FALSE comes before TRUE. Arrays and rows
 * are ordered element by element, with NULL first. Maps have no order: 0 where they are equal,
 * otherwise 1.
 */
export function comparatorOf(a: DataType, b: DataType = a): AnyComparator {
  switch (a.kind) {
    case 'char':
    case 'varchar':
      return compareText as AnyComparator;
    case 'binary':
    case 'varbinary':
      return compareBytes as AnyComparator;
    case 'decimal':
      return decimalCompare(a.scale, b.kind === 'decimal' ? b.scale : 0) as AnyComparator;
    case 'float':
    case 'double':
      return compareFloats as AnyComparator;
    case 'array': {
      const element = comparatorOf(a.element, b.kind === 'array' ? b.element : a.element);
      return (x, y) => compareLists(x as unknown[], y as unknown[], () => element);
    }
    case 'row': {
      const fields = a.fields.map((field, i) =>
        comparatorOf(field.type, b.kind === 'row' ? b.fields[i]!.type : field.type),
      );
      return (x, y) => compareLists(x as unknown[], y as unknown[], (i) => fields[i]!);
    }
    case 'map':
      return mapComparator(comparatorOf(a.key), comparatorOf(a.value));
    case 'multiset':
      return mapComparator(comparatorOf(a.element), compareScalars);
    default:
      return compareScalars;
  }
}

const compareScalars: AnyComparator = (a, b) => {
  const x = a as number;
  const y = b as number;
  return x < y ? -1 : x > y ? 1 : 0;
};

function compareFloats(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
}

/** Compares values of which either may be NULL. NULL is first. */
function compareNullable(compare: AnyComparator, x: unknown, y: unknown): number {
  if (x === null) return y === null ? 0 : -1;
  return y === null ? 1 : compare(x, y);
}

function compareLists(x: readonly unknown[], y: readonly unknown[], of: (i: number) => AnyComparator): number {
  const length = Math.min(x.length, y.length);
  for (let i = 0; i < length; i++) {
    const order = compareNullable(of(i), x[i], y[i]);
    if (order !== 0) return order;
  }
  return x.length - y.length;
}

function mapComparator(key: AnyComparator, value: AnyComparator): AnyComparator {
  return (a, b) => {
    const x = a as Map<unknown, unknown>;
    const y = b as Map<unknown, unknown>;
    if (x.size !== y.size) return 1;
    for (const [k, v] of x) {
      let found = y.has(k) && compareNullable(value, v, y.get(k)) === 0;
      if (!found && !y.has(k)) {
        for (const [other, w] of y) {
          if (compareNullable(key, k, other) === 0) found = compareNullable(value, v, w) === 0;
        }
      }
      if (!found) return 1;
    }
    return 0;
  };
}
