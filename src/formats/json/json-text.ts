import { type DataType, typeName } from '../../core/data-type.ts';
import { decimalText } from '../../functions/decimal.ts';
import { doubleText, floatText } from '../../functions/number-text.ts';
import { dateText, timestampText, timeText } from '../../functions/time/time-text.ts';

/**
 * An internal value as Flink's json format writes it: `"2026-01-01 00:00:00.25"` with the fraction's zeros cut, LTZ with `Z`, DECIMAL plain, BYTES as base64, DOUBLE as Java
 * writes it, NaN and infinities as texts.
 */
export function jsonTextOf(type: DataType): (value: unknown) => string {
  const write = writer(type);
  return (value) => (value === null || value === undefined ? 'null' : write(value));
}

function writer(type: DataType): (value: unknown) => string {
  switch (type.kind) {
    case 'null':
      return () => 'null';
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'interval-day-time':
    case 'interval-year-month':
      return String;
    case 'float':
      return (v) => finite(v as number, floatText);
    case 'double':
      return (v) => finite(v as number, doubleText);
    case 'decimal':
      return (v) => decimalText(v as number | bigint, type.scale);
    case 'char':
    case 'varchar':
      return (v) => JSON.stringify(v);
    case 'binary':
    case 'varbinary':
      return (v) => `"${Buffer.from(v as Uint8Array).toString('base64')}"`;
    case 'date':
      return (v) => `"${dateText(v as number)}"`;
    case 'time':
      return (v) => `"${timeText(v as number, 'trimmed')}"`;
    case 'timestamp':
      return (v) => `"${timestampText(v as number | bigint, 'trimmed')}"`;
    case 'timestamp-ltz':
      return (v) => `"${timestampText(v as number | bigint, 'trimmed')}Z"`;
    case 'array': {
      const element = jsonTextOf(type.element);
      return (v) => `[${(v as readonly unknown[]).map(element).join(',')}]`;
    }
    case 'map':
    case 'multiset': {
      const value = jsonTextOf(type.kind === 'map' ? type.value : { kind: 'int', nullable: true });
      const key = keyText(type.kind === 'map' ? type.key : type.element);
      return (v) => {
        const entries = [...(v as ReadonlyMap<unknown, unknown>)];
        return `{${entries.map(([k, x]) => `${key(k)}:${value(x)}`).join(',')}}`;
      };
    }
    case 'row': {
      const fields = type.fields.map((f) => ({ key: JSON.stringify(f.name), write: jsonTextOf(f.type) }));
      return (v) => `{${fields.map((f, i) => `${f.key}:${f.write((v as readonly unknown[])[i])}`).join(',')}}`;
    }
    default:
      throw new Error(`no JSON form for ${typeName(type satisfies never)}`);
  }
}

const finite = (value: number, text: (v: number) => string): string =>
  Number.isFinite(value) ? text(value) : `"${Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'}"`;

/** Keys of a JSON object are texts whatever the type. */
function keyText(type: DataType): (value: unknown) => string {
  const write = jsonTextOf(type);
  return (value) => {
    const text = write(value);
    return text.startsWith('"') ? text : JSON.stringify(text);
  };
}
