import { nearest } from '../core/did-you-mean.ts';
import { parseDuration, parseSize } from '../core/quantity.ts';
import type { TableOptions } from '../plan/plan-node.ts';

/** One key of WITH (…): what it takes and where it means something. */
export interface OptionSpec {
  readonly key: string;
  readonly type: 'string' | 'boolean' | 'integer' | 'number' | 'duration' | 'size' | readonly string[];
  /** Where the option has an effect; `both` by default. */
  readonly use?: 'source' | 'sink' | 'both';
  readonly required?: boolean;
  readonly default?: string;
  readonly summary: string;
}

export interface OptionMistake {
  readonly key: string | null;
  readonly code: 'CONFIG_UNKNOWN_OPTION' | 'CONFIG_INVALID_OPTION';
  readonly message: string;
  readonly hint?: string;
}

/**
 * What is wrong with `options` against the specs; keys matched by one of `patterns` (datagen's
 * `fields.<name>.…`) are known too.
 */
export function checkOptions(
  what: string,
  options: TableOptions,
  specs: readonly OptionSpec[],
  patterns: readonly RegExp[] = [],
): OptionMistake[] {
  const mistakes: OptionMistake[] = [];
  const known = new Map(specs.map((s) => [s.key, s]));
  for (const [key, value] of Object.entries(options)) {
    const spec = known.get(key);
    if (spec === undefined) {
      if (patterns.some((p) => p.test(key))) continue;
      const near = nearest(key, [...known.keys()]);
      mistakes.push({
        key,
        code: 'CONFIG_UNKNOWN_OPTION',
        message: `${what} has no option '${key}'`,
        hint: near === undefined ? `options: ${[...known.keys()].join(', ')}` : `did you mean '${near}'?`,
      });
      continue;
    }
    const wrong = wrongValue(spec, value);
    if (wrong !== null) {
      mistakes.push({ key, code: 'CONFIG_INVALID_OPTION', message: `option '${key}' ${wrong}, not '${value}'` });
    }
  }
  for (const spec of specs) {
    if (spec.required && options[spec.key] === undefined) {
      mistakes.push({
        key: null,
        code: 'CONFIG_INVALID_OPTION',
        message: `${what} needs the option '${spec.key}'`,
        hint: spec.summary,
      });
    }
  }
  return mistakes;
}

function wrongValue(spec: OptionSpec, value: string): string | null {
  if (typeof spec.type !== 'string')
    return spec.type.includes(value) ? null : `is one of ${spec.type.map((v) => `'${v}'`).join(', ')}`;
  switch (spec.type) {
    case 'string':
      return value === '' ? 'must not be empty' : null;
    case 'boolean':
      return /^(true|false)$/i.test(value) ? null : "is 'true' or 'false'";
    case 'integer':
      return /^-?\d{1,15}$/.test(value) ? null : 'is a whole number';
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? null : 'is a number';
    case 'duration':
      return parseDuration(value) === null ? "is a duration such as '10 s' or '500 ms'" : null;
    case 'size':
      return parseSize(value) === null ? "is a size such as '128 mb'" : null;
  }
}
