import { BytesVector, ConstantVector, ObjectVector, type Vector } from '../../batch/vector.ts';

/**
 * Returns part `index` of the text, counted from 0. Returns null if there is no such part, or if
 * the text is empty. The separator is a text or a character code. An empty separator splits the
 * text into characters. Source: Flink's `SqlFunctionUtils.splitIndex`, measured.
 */
export function splitIndex(text: string, separator: string | number, index: number): string | null {
  if (index < 0 || text === '') return null;
  const separatorString = separatorText(separator);
  if (separatorString === '') return text.split(separatorString)[index] ?? null;
  let start = 0;
  for (let left = index; left > 0; left--) {
    const at = text.indexOf(separatorString, start);
    if (at < 0) return null;
    start = at + separatorString.length;
  }
  const end = text.indexOf(separatorString, start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}

function separatorText(separator: string | number): string {
  return typeof separator === 'number' ? String.fromCharCode(separator) : separator;
}

/**
 * SPLIT_INDEX over columns. There is a fast path for texts as bytes, with a constant index and one
 * constant ASCII character as separator: the parts are slices of the same bytes, and no text is
 * decoded. An ASCII byte is never a part of another character. A malformed character ends before an
 * ASCII byte.
 */
export function splitIndexVector(
  args: readonly Vector[],
  rows: Int32Array | null,
  count: number,
  size: number,
): Vector {
  const [texts, separators, indexes] = args as readonly [Vector, Vector, Vector];
  if (texts.kind === 'bytes' && separators.kind === 'constant' && indexes.kind === 'constant') {
    if (separators.value === null || indexes.value === null) return new ConstantVector(null);
    const separator = separatorText(separators.value as string | number);
    const code = separator.charCodeAt(0);
    if (separator.length === 1 && code < 128)
      return splitBytes(texts, code, indexes.value as number, rows, count, size);
  }
  const parts: unknown[] = new Array(size).fill(null);
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const text = texts.get(i) as string | null;
    const separator = separators.get(i) as string | number | null;
    const index = indexes.get(i) as number | null;
    parts[i] = text === null || separator === null || index === null ? null : splitIndex(text, separator, index);
  }
  return new ObjectVector(parts);
}

function splitBytes(
  texts: BytesVector,
  separator: number,
  index: number,
  rows: Int32Array | null,
  count: number,
  size: number,
): BytesVector {
  const { buffer } = texts;
  const starts = new Int32Array(size);
  const ends = new Int32Array(size);
  const nulls = new Uint8Array(size);
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const last = texts.ends[i]!;
    let start = texts.starts[i]!;
    if (index < 0 || start === last || texts.isNull(i)) {
      nulls[i] = 1;
      continue;
    }
    let left = index;
    let end = start;
    for (; end < last; end++) {
      if (buffer[end] !== separator) continue;
      if (left === 0) break;
      left--;
      start = end + 1;
    }
    if (left > 0) nulls[i] = 1;
    else {
      starts[i] = start;
      ends[i] = end;
    }
  }
  return new BytesVector(buffer, starts, ends, nulls);
}
