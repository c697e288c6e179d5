import type { DataType } from '../../core/data-type.ts';
import { BOOLEAN, DOUBLE, INT, isText, STRING, typeName, withNullable } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { type ExactJson, isJsonArray, isJsonObject, JsonNumber } from '../../core/exact-json.ts';
import { literalText, rememberLast } from '../define.ts';
import type { ArgumentInfo, Mismatch, ScalarFunction } from '../scalar-function.ts';
import { evaluatePath, type JsonPath, parseJsonPath } from './json-path.ts';
import { canonicalJson, readJson, scalarJsonText } from './read-json.ts';

/**
 * JSON_VALUE, JSON_QUERY, JSON_EXISTS and IS JSON. A path without `lax` is strict: a value that is
 * missing, of the wrong kind or not JSON is an error, and ON ERROR applies. With a lax path it is
 * empty, and ON EMPTY applies. A JSON null counts as empty in both.
 */
type Found =
  | { readonly kind: 'value'; readonly value: ExactJson }
  | { readonly kind: 'empty' }
  | { readonly kind: 'error'; readonly message: string };

const isScalar = (value: ExactJson): boolean => !isJsonArray(value) && !isJsonObject(value);

function find(path: JsonPath, text: string): Found {
  const root = readJson(text);
  if (root === undefined) {
    return path.mode === 'lax' ? { kind: 'empty' } : { kind: 'error', message: 'the text is not JSON' };
  }
  const value = evaluatePath(path, root);
  if (value === undefined && path.mode === 'strict') return { kind: 'error', message: 'the path leads to nothing' };
  return value === undefined || value === null ? { kind: 'empty' } : { kind: 'value', value };
}

/**
 * Compiles the path once. A wrong path fails the job. `resolve` has already refused wrong literals.
 */
const compilePath = (name: string) =>
  rememberLast((text: string) => {
    const path = parseJsonPath(text);
    if (typeof path === 'string') throw new EngineError('EXPRESSION_FAILED', `${name}: ${path}`, { path: text });
    return path;
  });

function checkArguments(infos: readonly ArgumentInfo[], count: number): Mismatch | null {
  if (infos.length !== count) return { mismatch: `expects ${count} arguments, got ${infos.length}` };
  for (const [i, label] of ['the JSON text', 'the path'].entries()) {
    const { type } = infos[i]!;
    if (!isText(type) && type.kind !== 'null') return { mismatch: `expects ${label} as a text, got ${typeName(type)}` };
  }
  const path = literalText(infos[1]);
  const parsed = path === null ? null : parseJsonPath(path);
  return typeof parsed === 'string' ? { mismatch: parsed } : null;
}

const textOr = (type: DataType): DataType => (type.kind === 'null' ? STRING : type);

function failure(name: string, message: string): EngineError {
  return new EngineError('EXPRESSION_FAILED', `${name}: ${message}`);
}

const RETURNING: Readonly<Record<string, DataType>> = { STRING, VARCHAR: STRING, INT, INTEGER: INT, DOUBLE, BOOLEAN };

const jsonValue: ScalarFunction = {
  name: 'JSON_VALUE',
  summary: 'The text, number or boolean at the path. A JSON null is NULL.',
  nulls: 'handled',
  resolve(infos) {
    const wrong = checkArguments(infos, 7);
    if (wrong !== null) return wrong;
    const named = (literalText(infos[6]) ?? 'STRING').toUpperCase();
    const result = RETURNING[named.replace(/^VARCHAR\(2147483647\)$/, 'STRING')];
    if (result === undefined) {
      return { mismatch: `cannot return ${named}`, hint: 'RETURNING takes STRING, INT, DOUBLE or BOOLEAN' };
    }
    const args = infos.map(({ type }, i) => (i === 3 || i === 5 ? withNullable(result, true) : textOr(type)));
    const fixed = [3, 5].every((i) => infos[i]!.literal !== undefined);
    const extension = { what: 'DEFAULT that is no literal in JSON_VALUE' };
    return { args, ...(fixed ? {} : { extension }), result: withNullable(result, true) };
  },
  scalar(_args, result) {
    const path = compilePath('JSON_VALUE');
    const convert = returningConverter(result);
    return (
      text: string | null,
      pathText: string | null,
      emptyMode: string,
      onEmpty: unknown,
      errorMode: string,
      onError: unknown,
    ) => {
      if (text === null || pathText === null) return null;
      const { mode } = path(pathText);
      let found = find(path(pathText), text);
      if (found.kind === 'value' && !isScalar(found.value)) {
        found = mode === 'lax' ? { kind: 'empty' } : { kind: 'error', message: 'the path leads to an object or array' };
      }
      if (found.kind === 'value') return convert(found.value);
      const behaviour = found.kind === 'empty' ? emptyMode : errorMode;
      if (behaviour === 'ERROR') {
        throw failure('JSON_VALUE', found.kind === 'empty' ? 'the path leads to nothing' : found.message);
      }
      return behaviour === 'DEFAULT' ? (found.kind === 'empty' ? onEmpty : onError) : null;
    };
  },
};

/**
 * Returns the converter for RETURNING. A scalar that does not fit the kind in RETURNING fails the
 * job, regardless of ON ERROR (measured).
 */
function returningConverter(result: DataType): (value: ExactJson) => unknown {
  const mismatch = (value: ExactJson) =>
    failure('JSON_VALUE', `${JSON.stringify(scalarJsonText(value))} cannot be returned as ${typeName(result)}`);
  switch (result.kind) {
    case 'int':
      return (value) => {
        if (typeof value !== 'number' || (value | 0) !== value) throw mismatch(value);
        return value;
      };
    case 'double':
      return (value) => {
        if (typeof value !== 'number' && !(value instanceof JsonNumber)) throw mismatch(value);
        return Number(scalarJsonText(value));
      };
    case 'boolean':
      return (value) => {
        if (typeof value !== 'boolean') throw mismatch(value);
        return value;
      };
    default:
      return scalarJsonText;
  }
}

const jsonQuery: ScalarFunction = {
  name: 'JSON_QUERY',
  summary:
    'The object or array at the path, as JSON. WITH WRAPPER puts the value into an array. NULL if there is none.',
  nulls: 'handled',
  resolve(infos) {
    const wrong = checkArguments(infos, 5);
    return wrong ?? { args: infos.map(({ type }) => textOr(type)), result: STRING };
  },
  scalar() {
    const path = compilePath('JSON_QUERY');
    return (text: string | null, pathText: string | null, wrapper: string, emptyMode: string, errorMode: string) => {
      if (text === null || pathText === null) return null;
      const { mode } = path(pathText);
      let found = find(path(pathText), text);
      if (found.kind === 'value') {
        const wrapped: ExactJson =
          wrapper === 'UNCONDITIONAL' || (wrapper === 'CONDITIONAL' && !isJsonArray(found.value))
            ? [found.value]
            : found.value;
        if (!isScalar(wrapped)) return canonicalJson(wrapped);
        found = mode === 'lax' ? { kind: 'empty' } : { kind: 'error', message: 'the path leads to a scalar' };
      }
      const behaviour = found.kind === 'empty' ? emptyMode : errorMode;
      switch (behaviour) {
        case 'EMPTY ARRAY':
          return '[]';
        case 'EMPTY OBJECT':
          return '{}';
        case 'ERROR':
          throw failure('JSON_QUERY', found.kind === 'error' ? found.message : 'the path leads to nothing');
        default:
          return null;
      }
    };
  },
};

const jsonExists: ScalarFunction = {
  name: 'JSON_EXISTS',
  summary:
    'Whether the path leads to a value other than a JSON null. NULL for a NULL argument, or with UNKNOWN ON ERROR.',
  nulls: 'handled',
  resolve(infos) {
    const wrong = checkArguments(infos, 3);
    if (wrong !== null) return wrong;
    const extension = { what: 'path in JSON_EXISTS that is no CHAR' };
    const fixed = infos[1]!.type.kind === 'char';
    return { args: infos.map(({ type }) => textOr(type)), ...(fixed ? {} : { extension }), result: BOOLEAN };
  },
  scalar() {
    const path = compilePath('JSON_EXISTS');
    return (text: string | null, pathText: string | null, errorMode: string) => {
      if (text === null || pathText === null) return null;
      const found = find(path(pathText), text);
      if (found.kind !== 'error') return found.kind === 'value';
      if (errorMode === 'ERROR') throw failure('JSON_EXISTS', found.message);
      return errorMode === 'UNKNOWN' ? null : errorMode === 'TRUE';
    };
  },
};

const isJson: ScalarFunction = {
  name: 'IS JSON',
  summary: 'Whether the text is JSON of this kind. FALSE for NULL.',
  nulls: 'handled',
  resolve(infos) {
    const type = infos[0]?.type;
    if (infos.length !== 2 || type === undefined) return { mismatch: `expects 2 arguments, got ${infos.length}` };
    if (!isText(type) && type.kind !== 'null') return { mismatch: `expects a text, got ${typeName(type)}` };
    return { args: [textOr(type), infos[1]!.type], result: withNullable(BOOLEAN, false) };
  },
  scalar: () => (text: string | null, kind: string) => {
    const value = text === null ? undefined : readJson(text);
    if (value === undefined) return false;
    switch (kind) {
      case 'OBJECT':
        return isJsonObject(value);
      case 'ARRAY':
        return isJsonArray(value);
      case 'SCALAR':
        return isScalar(value);
      default:
        return true;
    }
  },
};

export const JSON_READING: readonly ScalarFunction[] = [jsonValue, jsonQuery, jsonExists, isJson];
