import { type ExactJson, isJsonArray, isJsonObject } from '../../core/exact-json.ts';

/**
 * JSON paths in the dialect that Flink evaluates: `$`, `.name`, `['name']`, `['a','b']`, `[0]`,
 * `[-1]`, `[0,2]`, `[0:2]`, `*`, `..`, `.length()`. Filters `[?(…)]` and other functions are
 * refused. A path without `$` is taken from the root.
 */
export interface JsonPath {
  readonly mode: 'strict' | 'lax';
  readonly steps: readonly Step[];
}

type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | null; readonly to: number | null }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'length' };

/** Returns the path, or an error message. */
export function parseJsonPath(text: string): JsonPath | string {
  const moded = /^\s*(strict|lax)\s+(.+)$/is.exec(text);
  const mode = moded?.[1]?.toLowerCase() === 'lax' ? 'lax' : 'strict';
  const path = (moded?.[2] ?? text).trim();
  const rest = path.startsWith('$') ? path.slice(1) : path.startsWith('[') ? path : `.${path}`;
  const steps: Step[] = [];
  const invalid = `invalid JSON path '${text}'`;
  let i = 0;
  while (i < rest.length) {
    if (rest.startsWith('..', i)) {
      steps.push({ kind: 'descend' });
      i += rest[i + 2] === '[' ? 2 : 1;
      if (rest[i] !== '[' && rest[i + 1] === undefined) return invalid;
      continue;
    }
    if (rest[i] === '.') {
      const name = /^\.(\*|[^.[\]()\s'"]+(?:\(\))?)/.exec(rest.slice(i));
      if (name === null) return invalid;
      const step = nameStep(name[1]!);
      if (typeof step === 'string') return `${step} in the JSON path '${text}'`;
      steps.push(step);
      i += name[0].length;
      continue;
    }
    const bracket = /^\[\s*((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"])*)\]/.exec(rest.slice(i));
    if (bracket === null) return invalid;
    const step = bracketStep(bracket[1]!.trim());
    if (step === null) {
      return bracket[1]!.startsWith('?') ? `filters are not supported in the JSON path '${text}'` : invalid;
    }
    steps.push(step);
    i += bracket[0].length;
  }
  return { mode, steps };
}

/**
 * Returns whether the step leads to at most one value. After any other step the result is an array
 * of values, which may be empty.
 */
const isDefinite = (step: Step): boolean =>
  step.kind === 'length' || step.kind === 'names' || (step.kind === 'indexes' && step.indexes.length === 1);

function nameStep(name: string): Step | string {
  if (name === '*') return { kind: 'wildcard' };
  if (name === 'length()') return { kind: 'length' };
  if (name.endsWith('()')) return `the function ${name} is not supported`;
  return { kind: 'names', names: [name] };
}

function bracketStep(text: string): Step | null {
  if (text === '*') return { kind: 'wildcard' };
  if (/^-?\d+(\s*,\s*-?\d+)*$/.test(text)) return { kind: 'indexes', indexes: text.split(',').map(Number) };
  const slice = /^(-?\d+)?\s*:\s*(-?\d+)?$/.exec(text);
  if (slice !== null) {
    return {
      kind: 'slice',
      from: slice[1] === undefined ? null : Number(slice[1]),
      to: slice[2] === undefined ? null : Number(slice[2]),
    };
  }
  const quoted = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g;
  const names = [...text.matchAll(quoted)].map((found) => (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1'));
  const separators = text.replace(quoted, '').replace(/\s/g, '');
  return names.length > 0 && separators === ','.repeat(names.length - 1) ? { kind: 'names', names } : null;
}

/**
 * Returns the value that a path leads to. `undefined`: there is no value. That is an error in
 * strict mode and NULL in lax mode.
 */
export function evaluatePath(path: JsonPath, root: ExactJson): ExactJson | undefined {
  let values: ExactJson[] = [root];
  // If a value is missing before the first step that may lead to several values, the whole result
  // is missing.
  let definite = true;
  for (const step of path.steps) {
    values = values.flatMap((value) => applyStep(step, value));
    definite &&= isDefinite(step);
    if (values.length === 0) return definite ? undefined : [];
  }
  return definite ? values[0] : values;
}

function applyStep(step: Step, value: ExactJson): readonly ExactJson[] {
  switch (step.kind) {
    case 'names': {
      if (!isJsonObject(value)) return [];
      const present = step.names.filter((name) => Object.hasOwn(value, name));
      if (step.names.length === 1) return present.map((name) => value[name]!);
      return [Object.fromEntries(present.map((name) => [name, value[name]!]))];
    }
    case 'indexes':
      if (!isJsonArray(value)) return [];
      return step.indexes.flatMap((index) => {
        const at = index < 0 ? value.length + index : index;
        return at >= 0 && at < value.length ? [value[at]!] : [];
      });
    case 'slice':
      return isJsonArray(value) ? value.slice(step.from ?? 0, step.to ?? undefined) : [];
    case 'wildcard':
      return isJsonArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
    case 'descend':
      return descendants(value);
    case 'length':
      return isJsonArray(value) ? [value.length] : isJsonObject(value) ? [Object.keys(value).length] : [];
  }
}

/** Returns the value and everything below it, parents first. */
function descendants(value: ExactJson): ExactJson[] {
  const found: ExactJson[] = [];
  const open: ExactJson[] = [value];
  while (open.length > 0) {
    const next = open.pop()!;
    found.push(next);
    const children = isJsonArray(next) ? [...next] : isJsonObject(next) ? Object.values(next) : [];
    open.push(...children.reverse());
  }
  return found;
}
