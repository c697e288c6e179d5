import { parseDuration, parseSize } from './quantity.ts';

/** The values that a setting accepts. */
export type SettingType =
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'boolean' | 'duration' | 'count' | 'size' | 'fraction' | 'text' | 'address' | 'zone' }
  /** A whole number between two others, inclusive. */
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  /** A number of at least one. */
  | { readonly kind: 'factor' }
  /** A count, or `infinite`. */
  | { readonly kind: 'count-or-infinite' }
  /** A duration of Flink that is not supported here. */
  | { readonly kind: 'off'; readonly what: string };

/**
 * Returns the error in a value, as the end of a sentence that begins with the setting's name; null:
 * none.
 */
export function problemWith(type: SettingType, value: string): string | null {
  switch (type.kind) {
    case 'choice':
      return type.of.includes(value) ? null : `must be one of ${type.of.join(', ')}`;
    case 'boolean':
      return value === 'true' || value === 'false' ? null : 'must be one of true, false';
    case 'duration':
      return parseDuration(value) === null ? 'must be a time such as `10 s`, `500 ms`, `5 min`' : null;
    case 'count':
      return /^\d{1,9}$/.test(value) ? null : 'must be a whole number';
    case 'range': {
      const { from, to } = type;
      const fits = /^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to;
      return fits ? null : `must be a whole number from ${from} to ${to}`;
    }
    case 'count-or-infinite':
      return /^\d{1,9}$/.test(value) || value === 'infinite' ? null : 'must be a whole number, or infinite';
    case 'size':
      return parseSize(value) === null ? 'must be a size such as `256 mb`' : null;
    case 'fraction':
      return /^(0?\.\d+|0|1|1\.0+|0\.\d+)$/.test(value) ? null : 'must be a fraction between 0 and 1';
    case 'factor':
      return /^\d+(\.\d+)?$/.test(value) && Number(value) >= 1 ? null : 'must be a number of at least 1';
    case 'text':
      return value === '' ? 'must not be empty' : null;
    case 'address':
      return /^https?:\/\/[^/]+\/?$/.test(value) ? null : 'must be an address such as `http://host:port`';
    case 'zone':
      return isZone(value) ? null : 'is not a known time zone';
    case 'off': {
      const milliseconds = parseDuration(value);
      if (milliseconds === null) return 'must be a time such as `10 s`, `500 ms`, `5 min`';
      return milliseconds === 0 ? null : `must be 0: ${type.what} is not supported`;
    }
  }
}

/** Describes the type for people. */
export function typeText(type: SettingType): string {
  switch (type.kind) {
    case 'choice':
      return type.of.join(' | ');
    case 'boolean':
      return 'true | false';
    case 'duration':
      return 'time';
    case 'range':
      return `whole number from ${type.from} to ${type.to}`;
    case 'count':
      return 'whole number';
    case 'count-or-infinite':
      return 'whole number | infinite';
    case 'factor':
      return 'number of at least 1';
    case 'fraction':
      return '0 to 1';
    case 'off':
      return '0';
    case 'zone':
      return 'time zone';
    default:
      return type.kind;
  }
}

function isZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
