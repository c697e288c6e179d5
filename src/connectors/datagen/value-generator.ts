import type { Clock } from '../../core/clock.ts';
import { type DataType, isApproximate, isInteger, isText, typeName } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { parseDuration } from '../../core/quantity.ts';
import type { TableOptions } from '../../plan/table-options.ts';

export interface ValueGenerator {
  /** Returns the value of row `row`, the same each time (times of day excepted). */
  value(row: number): unknown;
  /** The number of rows that it can generate; undefined: no end. */
  readonly rows?: number;
}

/**
 * Returns the generator of a field: `fields.<name>.kind` random (default) or sequence, with
 * `min`/`max`, `start`/`end`, `length`, `null-rate`, `max-past`.
 */
export function generatorOf(
  name: string,
  type: DataType,
  options: TableOptions,
  seed: number,
  clock: Clock,
): ValueGenerator {
  const option = (key: string): string | undefined => options[`fields.${name}.${key}`];
  if (option('kind') === 'sequence')
    return sequence(name, type, Number(option('start') ?? 0), Number(option('end') ?? Number.MAX_SAFE_INTEGER));
  const [min, max] = [option('min'), option('max')];
  if (min !== undefined && max !== undefined && Number(min) > Number(max))
    throw refused(name, `'fields.${name}.min' is greater than 'fields.${name}.max'`);
  const nullRate = Number(option('null-rate') ?? 0);
  const salt = hashText(name) ^ seed;
  const chance = (row: number, draw: number): number => unit(row, salt + draw * 7919);
  const value = random(name, type, option, chance, clock);
  return { value: (row) => (nullRate > 0 && chance(row, 99) < nullRate ? null : value(row)) };
}

function sequence(name: string, type: DataType, start: number, end: number): ValueGenerator {
  const rows = end - start + 1;
  if (isText(type)) return { rows, value: (row) => String(start + row) };
  if (isInteger(type) || isApproximate(type)) return { rows, value: (row) => start + row };
  if (type.kind !== 'decimal') throw refused(name, `a sequence of ${typeName(type)} is not possible`);
  const unit = 10n ** BigInt(type.scale);
  const unscaled = (row: number): bigint => BigInt(start + row) * unit;
  return { rows, value: (row) => (type.precision <= 15 ? Number(unscaled(row)) : unscaled(row)) };
}

const refused = (column: string, why: string): EngineError =>
  new EngineError('CONFIG_INVALID_OPTION', `datagen, column ${column}: ${why}`, { column });

function random(
  name: string,
  type: DataType,
  option: (key: string) => string | undefined,
  chance: (row: number, draw: number) => number,
  clock: Clock,
): (row: number) => unknown {
  const between = (low: number, high: number) => {
    const min = Number(option('min') ?? low);
    const max = Number(option('max') ?? high);
    return (row: number) => min + chance(row, 0) * (max - min);
  };
  const whole = (low: number, high: number) => {
    const min = Number(option('min') ?? low);
    const max = Number(option('max') ?? high);
    return (row: number) => min + Math.floor(chance(row, 0) * (max - min + 1));
  };
  switch (type.kind) {
    case 'boolean':
      return (row) => chance(row, 0) < 0.5;
    case 'tinyint':
      return whole(-128, 127);
    case 'smallint':
      return whole(-32768, 32767);
    case 'int':
      return whole(-2147483648, 2147483647);
    case 'bigint':
      return whole(-9007199254740991, 9007199254740991);
    case 'float': {
      const value = between(0, 1);
      return (row) => Math.fround(value(row));
    }
    case 'double':
      return between(0, 1);
    case 'decimal': {
      const value = between(0, 10 ** Math.min(type.precision - type.scale, 9));
      return (row) => {
        const unscaled = Math.round(value(row) * 10 ** Math.min(type.scale, 6)) * 10 ** Math.max(0, type.scale - 6);
        return type.precision <= 15 ? unscaled : BigInt(unscaled);
      };
    }
    case 'char':
    case 'varchar': {
      const length = Number(option('length') ?? (type.length === 2147483647 ? 100 : type.length));
      return (row) => {
        // The text is not built with `+=`. State that keeps the text would then keep a chain of its
        // pieces, which is 30 times as large.
        const digits = Buffer.allocUnsafe(length);
        for (let i = 0; i < length; i++) digits[i] = HEX.charCodeAt(Math.floor(chance(row, i) * 16));
        return digits.latin1Slice(0, length);
      };
    }
    case 'date':
      return () => Math.floor(clock.now() / 86_400_000);
    case 'time':
      return () => clock.now() % 86_400_000;
    case 'timestamp':
    case 'timestamp-ltz': {
      const past = parseDuration(option('max-past') ?? '0')!;
      return (row) => {
        const ms = clock.now() - Math.floor(chance(row, 0) * past);
        return type.precision <= 3 ? ms : BigInt(ms) * 1_000_000n;
      };
    }
    default:
      throw refused(name, `values of the type ${typeName(type)} are not possible`);
  }
}

const HEX = '0123456789abcdef';

function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}

/**
 * Returns a number in [0, 1) that row and salt determine. Two rounds of a 32-bit mixer give 52
 * bits.
 */
function unit(row: number, salt: number): number {
  const a = mix(row ^ Math.imul(salt, 0x9e3779b1) ^ ((row / 4294967296) | 0));
  const b = mix(a ^ salt);
  return ((a >>> 6) * 67108864 + (b >>> 6)) / 4503599627370496;
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
