import { NumberVector } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import { isInteger, isText, isTimestamp, physicalOf, sameType } from '../../core/data-type.ts';
import type { VectorKernel } from '../scalar-function.ts';

/**
 * Returns a cast of whole columns if a plain loop can keep or change their physical form. Returns
 * null if values must be converted one by one.
 */
export function castVector(from: DataType, to: DataType): VectorKernel | null {
  if (keepsForm(from, to)) return ([vector]) => vector!;
  if (from.kind === 'bigint' && to.kind === 'double') {
    return ([vector], rows, count, size) => {
      if (vector!.kind === 'number') return vector;
      const out = new Float64Array(size);
      const nulls = vector!.kind === 'long' ? vector!.nulls : new Uint8Array(size);
      for (let k = 0; k < count; k++) {
        const i = rows === null ? k : rows[k]!;
        const value = vector!.get(i);
        if (value === null) nulls![i] = 1;
        else out[i] = Number(value);
      }
      return new NumberVector(out, nulls);
    };
  }
  return null;
}

/**
 * Returns whether every value of `from` is the same internal value in `to`. The column itself is
 * then the result.
 */
function keepsForm(from: DataType, to: DataType): boolean {
  if (from.kind === 'null' || sameType(from, to)) return true;
  if (isInteger(from)) {
    if (isInteger(to)) return INTEGER_ORDER.indexOf(from.kind) <= INTEGER_ORDER.indexOf(to.kind);
    if (to.kind === 'double') return from.kind !== 'bigint';
    return to.kind === 'float' && (from.kind === 'tinyint' || from.kind === 'smallint');
  }
  if (from.kind === 'float') return to.kind === 'double';
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    return from.scale === to.scale && from.precision <= to.precision && physicalOf(from) === physicalOf(to);
  }
  if (isText(from) && to.kind === 'varchar') return from.length <= to.length;
  if (isTimestamp(from) && from.kind === to.kind) {
    return from.precision <= to.precision && physicalOf(from) === physicalOf(to);
  }
  return false;
}

const INTEGER_ORDER = ['tinyint', 'smallint', 'int', 'bigint'];
