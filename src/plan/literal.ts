import type { DataType } from '../core/data-type.ts';
import { invariant } from '../core/invariant.ts';
import type { LiteralJson } from './expression.ts';

/**
 * Internal values (`core/data-type.ts`) ↔ the JSON of a plan's literals:
 *
 * | type                                | JSON                                               |
 * |-------------------------------------|----------------------------------------------------|
 * | BIGINT                              | decimal text: "9007199254740993"                   |
 * | DECIMAL(p, s)                       | decimal text with all digits of the scale: "1.50"  |
 * | FLOAT, DOUBLE                       | number; "NaN", "Infinity", "-Infinity", "-0"       |
 * | TIMESTAMP(p > 3), TIMESTAMP_LTZ     | text of the nanoseconds                            |
 * | BYTES                               | base64                                             |
 * | MAP, MULTISET                       | list of [key, value]                               |
 * | ARRAY, ROW                          | list                                               |
 * | everything else                     | the value itself                                   |
 */
export function encodeLiteral(value: unknown, type: DataType): LiteralJson {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'bigint':
      return String(value);
    case 'float':
    case 'double':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? (value as number)
        : Object.is(value, -0)
          ? '-0'
          : String(value);
    case 'decimal':
      return unscaledToText(BigInt(value as number | bigint), type.scale);
    case 'timestamp':
    case 'timestamp-ltz':
      return type.precision > 3 ? String(value) : (value as number);
    case 'binary':
    case 'varbinary':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'array':
      return (value as readonly unknown[]).map((item) => encodeLiteral(item, type.element));
    case 'row':
      return (value as readonly unknown[]).map((item, i) => encodeLiteral(item, type.fields[i]!.type));
    case 'map':
      return [...(value as Map<unknown, unknown>)].map(([key, item]) => [
        encodeLiteral(key, type.key),
        encodeLiteral(item, type.value),
      ]);
    case 'multiset':
      return [...(value as Map<unknown, number>)].map(([item, count]) => [encodeLiteral(item, type.element), count]);
    default:
      return value as LiteralJson;
  }
}

export function decodeLiteral(json: LiteralJson, type: DataType): unknown {
  if (json === null) return null;
  switch (type.kind) {
    case 'bigint': {
      const value = BigInt(json as string | number);
      const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
      return safe ? Number(value) : value;
    }
    case 'float':
      return Math.fround(Number(json));
    case 'double':
      return Number(json);
    case 'decimal': {
      const unscaled = textToUnscaled(String(json), type.scale);
      return type.precision <= 15 ? Number(unscaled) : unscaled;
    }
    case 'timestamp':
    case 'timestamp-ltz':
      return type.precision > 3 ? BigInt(json as string) : Number(json);
    case 'binary':
    case 'varbinary':
      return new Uint8Array(Buffer.from(json as string, 'base64'));
    case 'array':
      return (json as readonly LiteralJson[]).map((item) => decodeLiteral(item, type.element));
    case 'row':
      return (json as readonly LiteralJson[]).map((item, i) => decodeLiteral(item, type.fields[i]!.type));
    case 'map':
      return new Map(
        (json as readonly [LiteralJson, LiteralJson][]).map(([key, item]) => [
          decodeLiteral(key, type.key),
          decodeLiteral(item, type.value),
        ]),
      );
    case 'multiset':
      return new Map(
        (json as readonly [LiteralJson, number][]).map(([item, count]) => [decodeLiteral(item, type.element), count]),
      );
    default:
      return json;
  }
}

/** 150 with scale 2 is "1.50". */
function unscaledToText(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${text}` : text;
}

function textToUnscaled(text: string, scale: number): bigint {
  const found = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  invariant(found !== null, () => `not a decimal literal: ${text}`);
  const fraction = (found[3] ?? '').padEnd(scale, '0');
  invariant(fraction.length === scale, () => `more digits than the scale ${scale}: ${text}`);
  const magnitude = BigInt(`${found[2]}${fraction}`);
  return found[1] === '-' ? -magnitude : magnitude;
}
