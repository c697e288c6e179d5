import type { DataType } from '../core/data-type.ts';
import { invariant } from '../core/invariant.ts';
import type { LiteralJson } from './expression.ts';

/**
 * Constants in a plan: internal value ↔ JSON.
 *
 * | internal value                             | JSON                                                                 |
 * |--------------------------------------------|----------------------------------------------------------------------|
 * | BIGINT, DECIMAL                            | text: digits of the integer; DECIMAL with its point, e.g. `"-12.50"`  |
 * | TIMESTAMP with p > 3                       | text: digits of the nanoseconds                                      |
 * | FLOAT, DOUBLE that are not finite          | text: `NaN`, `Infinity`, `-Infinity`                                 |
 * | BYTES                                      | text: base64                                                         |
 * | MAP, MULTISET                              | array of [key, value]                                                |
 * | ARRAY, ROW                                 | array                                                                |
 * | the others                                 | as they are: number, text, boolean, null                             |
 */
export function literalValue(json: LiteralJson, type: DataType): unknown {
  if (json === null) return null;
  switch (type.kind) {
    case 'bigint':
      return narrow(BigInt(json as string | number));
    case 'decimal': {
      const unscaled = unscaledOf(String(json), type.scale);
      return type.precision <= 15 ? Number(unscaled) : unscaled;
    }
    case 'timestamp':
    case 'timestamp-ltz':
      return type.precision > 3 ? BigInt(json as string | number) : Number(json);
    case 'float':
    case 'double':
      return Number(json);
    case 'binary':
    case 'varbinary':
      return Buffer.from(json as string, 'base64');
    case 'array':
      return (json as readonly LiteralJson[]).map((item) => literalValue(item, type.element));
    case 'row':
      return (json as readonly LiteralJson[]).map((item, i) => literalValue(item, type.fields[i]!.type));
    case 'map':
      return new Map(pairs(json).map(([k, v]) => [literalValue(k, type.key), literalValue(v, type.value)]));
    case 'multiset':
      return new Map(pairs(json).map(([k, v]) => [literalValue(k, type.element), v]));
    default:
      return json;
  }
}

export function literalJson(value: unknown, type: DataType): LiteralJson {
  if (value === null) return null;
  switch (type.kind) {
    case 'bigint':
      return String(value);
    case 'decimal':
      return pointed(value as number | bigint, type.scale);
    case 'timestamp':
    case 'timestamp-ltz':
      return type.precision > 3 ? String(value) : (value as number);
    case 'float':
    case 'double':
      return Number.isFinite(value) ? (value as number) : String(value);
    case 'binary':
    case 'varbinary':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'array':
      return (value as readonly unknown[]).map((item) => literalJson(item, type.element));
    case 'row':
      return (value as readonly unknown[]).map((item, i) => literalJson(item, type.fields[i]!.type));
    case 'map':
      return [...(value as Map<unknown, unknown>)].map(([k, v]) => [
        literalJson(k, type.key),
        literalJson(v, type.value),
      ]);
    case 'multiset':
      return [...(value as Map<unknown, number>)].map(([k, v]) => [literalJson(k, type.element), v]);
    default:
      return value as LiteralJson;
  }
}

const pairs = (json: LiteralJson) => json as unknown as readonly (readonly [LiteralJson, LiteralJson])[];

const narrow = (value: bigint): number | bigint =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;

function unscaledOf(text: string, scale: number): bigint {
  const negative = text.startsWith('-');
  const [integral = '', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  invariant(
    /^\d*$/.test(integral + fraction) && fraction.length <= scale,
    () => `not a DECIMAL of scale ${scale}: ${text}`,
  );
  const unscaled = BigInt(integral + fraction.padEnd(scale, '0'));
  return negative ? -unscaled : unscaled;
}

function pointed(value: number | bigint, scale: number): string {
  const negative = value < 0;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`;
}
