import type { DataType } from '../../src/core/data-type.ts';
import { doubleText, floatText } from '../../src/functions/number-text.ts';

/** Writes a value of a result as text: a text in quotes, as a literal of SQL has them. */
export function shownValue(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return 'NULL';
  switch (type.kind) {
    case 'char':
    case 'varchar':
      return `'${String(value).replaceAll("'", "''")}'`;
    case 'boolean':
      return value === true ? 'TRUE' : 'FALSE';
    case 'float':
      return floatText(value as number);
    case 'double':
      return doubleText(value as number);
    case 'binary':
    case 'varbinary':
      return `x'${Buffer.from(value as Uint8Array).toString('hex')}'`;
    case 'array':
      return `[${(value as readonly unknown[]).map((item) => shownValue(item, type.element)).join(', ')}]`;
    case 'map':
      return entries(value, type.key, type.value);
    case 'multiset':
      return entries(value, type.element, { kind: 'int', nullable: false });
    case 'row': {
      const row = value as Readonly<Record<string, unknown>>;
      return `(${type.fields.map((field) => shownValue(row[field.name], field.type)).join(', ')})`;
    }
    default:
      return String(value);
  }
}

function entries(value: unknown, key: DataType, item: DataType): string {
  const shown = [...(value as ReadonlyMap<unknown, unknown>)].map(
    ([k, v]) => `${shownValue(k, key)}: ${shownValue(v, item)}`,
  );
  return `{${shown.join(', ')}}`;
}
