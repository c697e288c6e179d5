import { EngineError } from './engine-error.ts';

/**
 * References in option values: `${env:NAME}` is a variable of the environment, `${file:PATH}` the
 * content of a file. The reference is stored and shown. Only the connector gets the value.
 */
export interface OptionReference {
  readonly kind: 'env' | 'file';
  /** The variable's name or the file's path. */
  readonly name: string;
}

/** The source of the values of references. */
export interface ReferenceSource {
  /** Undefined: there is no such variable. */
  env(name: string): string | undefined;
  /** Returns the file's text. Throws if it cannot be read, or must not be read. */
  file(path: string): string;
}

const REFERENCE = /\$\{(env|file):([^}]*)\}/g;

/** Returns the references in a value, in order; none: the value is a literal. */
export function referencesIn(value: string): readonly OptionReference[] {
  return [...value.matchAll(REFERENCE)].map(([, kind, name]) => ({ kind: kind as 'env' | 'file', name: name!.trim() }));
}

/**
 * Returns the value with each reference replaced. A file's last line break is left out. Throws
 * CONFIG_INVALID_OPTION, which names the reference and never shows a value.
 */
export function resolveReferences(value: string, source: ReferenceSource): string {
  return value.replace(REFERENCE, (_, kind: string, written: string) => {
    const name = written.trim();
    if (kind === 'file') return source.file(name).replace(/\r?\n$/, '');
    const found = source.env(name);
    if (found !== undefined) return found;
    throw new EngineError('CONFIG_INVALID_OPTION', `the environment has no variable ${name}`, { variable: name });
  });
}
