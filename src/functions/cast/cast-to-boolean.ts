import type { DataType } from '../../core/data-type.ts';
import { isNumeric, isText } from '../../core/data-type.ts';
import type { Converter } from './converter.ts';

const TRUE_TEXTS = new Set(['t', 'true', 'y', 'yes', '1']);
const FALSE_TEXTS = new Set(['f', 'false', 'n', 'no', '0']);

/** Casts to BOOLEAN. A number is TRUE unless it is 0. A text must be one of the usual spellings. */
export function toBoolean(from: DataType): Converter | null {
  if (isNumeric(from)) return (value) => value !== 0 && value !== 0n;
  if (!isText(from)) return null;
  return (value) => {
    const text = (value as string).toLowerCase();
    if (TRUE_TEXTS.has(text)) return true;
    return FALSE_TEXTS.has(text) ? false : undefined;
  };
}
