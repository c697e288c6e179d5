import type { DataType } from '../../core/data-type.ts';
import type { Converter } from './converter.ts';

/** Casts between ARRAYs, MAPs, MULTISETs and ROWs, element by element. */
export function toNested(
  from: DataType,
  to: DataType,
  converterOf: (from: DataType, to: DataType) => Converter,
): Converter | null {
  if (from.kind === 'array' && to.kind === 'array') {
    const element = converterOf(from.element, to.element);
    return (value) => convertAll(value as readonly unknown[], () => element);
  }
  if (from.kind === 'row' && to.kind === 'row') {
    const fields = from.fields.map((field, i) => converterOf(field.type, to.fields[i]!.type));
    return (value) => convertAll(value as readonly unknown[], (i) => fields[i]!);
  }
  if (from.kind === 'map' && to.kind === 'map') {
    return convertEntries(converterOf(from.key, to.key), converterOf(from.value, to.value));
  }
  if (from.kind === 'multiset' && to.kind === 'multiset') {
    return convertEntries(converterOf(from.element, to.element), (count) => count);
  }
  return null;
}

/** Converts all values. Returns undefined as soon as one cannot be converted. */
function convertAll(values: readonly unknown[], converterAt: (i: number) => Converter): unknown[] | undefined {
  const converted: unknown[] = [];
  for (const [i, value] of values.entries()) {
    const item = value === null ? null : converterAt(i)(value);
    if (item === undefined) return undefined;
    converted.push(item);
  }
  return converted;
}

function convertEntries(key: Converter, value: Converter): Converter {
  return (map) => {
    const converted = new Map<unknown, unknown>();
    for (const [k, v] of map as Map<unknown, unknown>) {
      const newKey = k === null ? null : key(k);
      const newValue = v === null ? null : value(v);
      if (newKey === undefined || newValue === undefined) return undefined;
      converted.set(newKey, newValue);
    }
    return converted;
  };
}
