import { BooleanVector, type Vector } from '../batch/vector.ts';
import type { DataType } from '../core/data-type.ts';
import { BOOLEAN, isNumeric, isText, isTimestamp, typeName, withNullable } from '../core/data-type.ts';
import { asDecimal, commonType } from './common-type.ts';
import { type ComparisonOperator, comparisonKernel, comparisonScalar } from './comparison-kernels.ts';
import type { ArgumentInfo, Mismatch, ScalarFunction, VectorKernel } from './scalar-function.ts';
import { anyParameter, booleanParameter, signature } from './signature.ts';

/** `=` to `>=`, IS NULL and similar tests, IS [NOT] DISTINCT FROM. */

/**
 * Types the two sides are cast to, or why they cannot be compared. Only a literal text is read as
 * the other side's date or time.
 */
function resolveComparison(infos: readonly ArgumentInfo[], ordered: boolean): readonly DataType[] | Mismatch {
  if (infos.length !== 2) return { mismatch: `expects 2 arguments, got ${infos.length}` };
  const [left, right] = infos as [ArgumentInfo, ArgumentInfo];
  const a = left.type;
  const b = right.type;
  if (isNumeric(a) && isNumeric(b)) return numberSides(a, b);
  // Flink reads the text as a number for `<`, `<=`, `>` and `>=`, and refuses equality.
  if (ordered && isNumeric(a) && isText(b)) return [a, withNullable(a, b.nullable)];
  if (ordered && isText(a) && isNumeric(b)) return [withNullable(b, a.nullable), b];
  if (readsText(a) && isText(b)) return [a, withNullable(plain(a), b.nullable)];
  if (readsText(b) && isText(a)) return [withNullable(plain(b), a.nullable), b];
  const mixed = (a.kind === 'date') !== (b.kind === 'date') && a.kind !== 'null' && b.kind !== 'null';
  const common = mixed ? null : commonType(a, b);
  if (common === null) {
    const hint = hintFor(a, b);
    return { mismatch: `cannot compare ${typeName(a)} with ${typeName(b)}`, ...(hint && { hint }) };
  }
  if (ordered && ['array', 'map', 'multiset', 'row'].includes(common.kind)) {
    return { mismatch: `values of ${typeName(common)} have no order` };
  }
  return [withNullable(common, a.nullable), withNullable(common, b.nullable)];
}

const isDatetime = (type: DataType): boolean => type.kind === 'date' || type.kind === 'time' || isTimestamp(type);
/** A text beside a value of these types is read as a value of the type. */
const readsText = (type: DataType): boolean => type.kind === 'boolean' || isDatetime(type);
const plain = (type: DataType): DataType =>
  isTimestamp(type) ? { kind: type.kind, precision: type.precision, nullable: type.nullable } : type;

function hintFor(a: DataType, b: DataType): string | null {
  if (isText(a) && !isText(b)) return `CAST the text to ${typeName(withNullable(b, true))}`;
  if (isText(b) && !isText(a)) return `CAST the text to ${typeName(withNullable(a, true))}`;
  if (isDatetime(a) && isDatetime(b)) return 'CAST one side to the type of the other';
  return null;
}

/**
 * Returns the types to which two numbers are cast. Two DECIMALs whose common type would lose digits
 * keep their types, because the kernel compares them exactly.
 */
function numberSides(a: DataType, b: DataType): readonly DataType[] {
  const common = commonType(a, b)!;
  if (common.kind === 'decimal') {
    const left = asDecimal(a)!;
    const right = asDecimal(b)!;
    if (common.scale < Math.max(left.scale, right.scale)) return [left, right];
  }
  return [withNullable(common, a.nullable), withNullable(common, b.nullable)];
}

function comparison(operator: ComparisonOperator, summary: string): ScalarFunction {
  const ordered = operator !== '=' && operator !== '<>';
  return {
    name: operator,
    summary,
    resolve(infos) {
      const sides = resolveComparison(infos, ordered);
      if ('mismatch' in sides) return sides;
      return {
        args: sides,
        result: withNullable(
          BOOLEAN,
          sides.some((side) => side.nullable),
        ),
      };
    },
    scalar: ([a, b]) => comparisonScalar(operator, a!, b!),
    vector: ([a, b]) => comparisonKernel(operator, a!, b!),
  };
}

function distinctFrom(name: string, whenDistinct: boolean): ScalarFunction {
  return {
    name,
    summary: `Whether two values are ${whenDistinct ? 'different' : 'equal'}. NULL equals NULL. Never NULL.`,
    nulls: 'handled',
    resolve(infos) {
      const sides = resolveComparison(infos, false);
      if ('mismatch' in sides) return sides;
      return { args: sides, result: withNullable(BOOLEAN, false) };
    },
    scalar([a, b]) {
      const equal = comparisonScalar('=', a!, b!) as (x: unknown, y: unknown) => boolean;
      return (x: unknown, y: unknown) => {
        const same = x === null || y === null ? x === y : equal(x, y);
        return same !== whenDistinct;
      };
    },
  };
}

function nullTest(name: string, whenNull: boolean): ScalarFunction {
  return {
    name,
    summary: `Whether the value is ${whenNull ? '' : 'not '}NULL.`,
    nulls: 'handled',
    resolve: signature([anyParameter], BOOLEAN, { neverNull: true }),
    scalar: () => (value: unknown) => (value === null) === whenNull,
    vector: () => nullTestKernel(whenNull),
  };
}

function nullTestKernel(whenNull: boolean): VectorKernel {
  return ([vector], rows, count, size) => {
    const out = new Uint8Array(size);
    const nulls = nullsOf(vector!);
    if (nulls === null) {
      if (!whenNull) out.fill(1);
      return new BooleanVector(out);
    }
    for (let k = 0; k < count; k++) {
      const i = rows === null ? k : rows[k]!;
      out[i] = nulls(i) === whenNull ? 1 : 0;
    }
    return new BooleanVector(out);
  };
}

/** Returns a reader of NULLs; null: no row is NULL. */
function nullsOf(vector: Vector): ((i: number) => boolean) | null {
  if (vector.kind === 'object' || vector.kind === 'constant') return (i) => vector.isNull(i);
  const nulls = vector.nulls;
  return nulls === null ? null : (i) => nulls[i] === 1;
}

function truthTest(name: string, summary: string, holds: (value: boolean | null) => boolean): ScalarFunction {
  return {
    name,
    summary: `${summary} Never NULL.`,
    nulls: 'handled',
    resolve: signature([booleanParameter], BOOLEAN, { neverNull: true }),
    scalar: () => holds,
  };
}

export const COMPARISON: readonly ScalarFunction[] = [
  comparison('=', 'Whether the values are equal.'),
  comparison('<>', 'Whether the values are different.'),
  comparison('<', 'Whether `a` is less than `b`.'),
  comparison('<=', 'Whether `a` is less than `b` or equal.'),
  comparison('>', 'Whether `a` is greater than `b`.'),
  comparison('>=', 'Whether `a` is greater than `b` or equal.'),
  distinctFrom('IS DISTINCT FROM', true),
  distinctFrom('IS NOT DISTINCT FROM', false),
  nullTest('IS NULL', true),
  nullTest('IS NOT NULL', false),
  truthTest('IS TRUE', 'Whether the condition is TRUE.', (value) => value === true),
  truthTest('IS NOT TRUE', 'Whether the condition is FALSE or NULL.', (value) => value !== true),
  truthTest('IS FALSE', 'Whether the condition is FALSE.', (value) => value === false),
  truthTest('IS NOT FALSE', 'Whether the condition is TRUE or NULL.', (value) => value !== false),
  truthTest('IS UNKNOWN', 'Whether the condition is NULL.', (value) => value === null),
  truthTest('IS NOT UNKNOWN', 'Whether the condition is TRUE or FALSE.', (value) => value !== null),
];
