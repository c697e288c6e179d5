import type { DataType } from '../../core/data-type.ts';
import { isNumeric, isText, isTimestamp, sameType } from '../../core/data-type.ts';

const INTEGERS = ['tinyint', 'smallint', 'int', 'bigint'];

/**
 * Returns whether a value of the query can be stored in a column of the sink without a CAST
 * (Flink's implicit cast table).
 */
export function canStore(from: DataType, to: DataType): boolean {
  if (from.kind === 'null' || sameType(from, to)) return true;
  if (isText(to)) return to.kind === 'char' ? from.kind === 'char' : isText(from);
  if (isBinary(to)) return to.kind === 'binary' ? from.kind === 'binary' : isBinary(from);
  if (to.kind === 'decimal' || to.kind === 'double') return isNumeric(from);
  if (to.kind === 'float') return isNumeric(from) && from.kind !== 'double';
  const rank = INTEGERS.indexOf(to.kind);
  if (rank >= 0) return INTEGERS.indexOf(from.kind) >= 0 && INTEGERS.indexOf(from.kind) <= rank;
  if (to.kind === 'date') return from.kind === 'timestamp';
  if (to.kind === 'time') return from.kind === 'time' || from.kind === 'timestamp';
  if (isTimestamp(to)) return isTimestamp(from);
  if (from.kind === 'array' && to.kind === 'array') return canStore(from.element, to.element);
  if (from.kind === 'multiset' && to.kind === 'multiset') return canStore(from.element, to.element);
  if (from.kind === 'map' && to.kind === 'map') return canStore(from.key, to.key) && canStore(from.value, to.value);
  if (from.kind === 'row' && to.kind === 'row') {
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((field, i) => canStore(field.type, to.fields[i]!.type))
    );
  }
  return false;
}

const isBinary = (type: DataType): boolean => type.kind === 'binary' || type.kind === 'varbinary';
