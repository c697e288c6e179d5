import fs from 'node:fs';
import { didYouMean } from '../core/did-you-mean.ts';
import { EngineError } from '../core/engine-error.ts';
import { SETTINGS } from '../core/settings.ts';

/**
 * The origin of a value. Flags override SET in a text. SET overrides the environment. The
 * environment overrides the file. The file overrides the default.
 */
export type SettingOrigin = 'default' | 'file' | 'environment' | 'flag';

export interface Configuration {
  /** Settings from the file and the environment. SET in a text overrides them. */
  readonly base: Readonly<Record<string, string>>;
  /** From flags. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly originOf: (key: string) => SettingOrigin;
}

/**
 * Prefix of the variables of settings. A variable with this prefix that names no setting is a
 * mistake.
 */
const FAMILIES = [...new Set(SETTINGS.map(({ key }) => `${variableOf(key).split('_').slice(0, 2).join('_')}_`))];

/**
 * Reads the settings outside of SQL. `file` is the argument of `--config`. Without this argument
 * the variable SEQUITUR_CONFIG names the file. Refuses unknown keys. The caller checks the values.
 */
export function readConfiguration(
  flags: Readonly<Record<string, string>>,
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const named = file ?? environment['SEQUITUR_CONFIG'];
  const fromFile = named === undefined ? {} : readFile(named);
  const fromEnvironment = readEnvironment(environment);
  return {
    base: { ...fromFile, ...fromEnvironment },
    fixed: flags,
    originOf(key) {
      if (flags[key] !== undefined) return 'flag';
      if (fromEnvironment[key] !== undefined) return 'environment';
      return fromFile[key] === undefined ? 'default' : 'file';
    },
  };
}

/** Returns the environment variable of a setting: SEQUITUR_STATE_MEMORY for `state.memory`. */
export function variableOf(key: string): string {
  const name = key.startsWith('sequitur.') ? key : `sequitur.${key}`;
  return name.replaceAll(/[.-]/g, '_').toUpperCase();
}

function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const keys = new Map(SETTINGS.map(({ key }) => [variableOf(key), key]));
  const found: Record<string, string> = {};
  for (const [variable, value] of Object.entries(environment)) {
    const key = keys.get(variable);
    if (value === undefined || !FAMILIES.some((family) => variable.startsWith(family))) continue;
    if (key === undefined) {
      const near = didYouMean(variable, [...keys.keys()]);
      throw new EngineError(
        'CONFIG_UNKNOWN_OPTION',
        `the variable ${variable} of the environment is no setting${near === undefined ? '' : `; ${near}`}`,
        { variable },
      );
    }
    found[key] = value;
  }
  return found;
}

/** Reads lines `key: value`. `#` begins a comment. Removes quotes around a value. */
function readFile(file: string): Record<string, string> {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (cause) {
    throw new EngineError('CONFIG_USAGE', `cannot read ${file}: ${(cause as Error).message}`, { file }, cause);
  }
  const found: Record<string, string> = {};
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const content = line.replace(/(^|\s)#.*$/, '').trim();
    if (content === '') continue;
    const parts = /^([\w.-]+)\s*:\s+(.+)$/.exec(content);
    if (parts === null) throw malformed(file, at + 1, `must have the form \`key: value\`, got '${content}'`);
    const [, key, value] = parts;
    if (found[key!] !== undefined) throw malformed(file, at + 1, `sets '${key}' a second time`);
    found[key!] = value!.replace(/^(['"])(.*)\1$/, '$2');
  }
  return found;
}

const malformed = (file: string, line: number, what: string): EngineError =>
  new EngineError('CONFIG_USAGE', `${file}, line ${line}, ${what}`, { file, line });
