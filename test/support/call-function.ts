import assert from 'node:assert/strict';
import type { DataType } from '../../src/core/data-type.ts';
import { BIGINT, BOOLEAN, BYTES, DOUBLE, INT, isTimestamp, NULL_TYPE, STRING } from '../../src/core/data-type.ts';
import { findFunction } from '../../src/functions/registry.ts';
import type { FunctionEnvironment } from '../../src/functions/scalar-function.ts';
import { dateText, timestampText } from '../../src/functions/time/time-text.ts';
import type { LiteralJson } from '../../src/plan/expression.ts';

/** Returns a value with its type, for values that do not determine their type. */
export class Typed {
  readonly type: DataType;
  readonly value: unknown;
  constructor(type: DataType, value: unknown) {
    this.type = type;
    this.value = value;
  }
}
export const typed = (type: DataType, value: unknown): Typed => new Typed(type, value);

export const environment = (zone = 'UTC'): FunctionEnvironment => ({
  zone,
  now: () => 1_709_633_472_345,
  random: () => 0.5,
});

function typeOf(value: unknown): DataType {
  if (value === null) return NULL_TYPE;
  if (value instanceof Typed) return value.type;
  if (typeof value === 'string') return STRING;
  if (typeof value === 'boolean') return BOOLEAN;
  if (typeof value === 'bigint') return BIGINT;
  if (value instanceof Uint8Array) return BYTES;
  return Number.isInteger(value) ? INT : DOUBLE;
}

/**
 * Resolves and calls a function as the engine does. Bare values count as literals. Returns times as
 * text.
 */
export function call(name: string, args: readonly unknown[], zone = 'UTC'): unknown {
  const definition = findFunction(name);
  assert.ok(definition, `no function ${name}`);
  const infos = args.map((arg) => ({
    type: typeOf(arg),
    ...(!(arg instanceof Typed) && { literal: { value: arg as LiteralJson } }),
  }));
  const resolution = definition.resolve(infos, environment(zone));
  if ('mismatch' in resolution) return { refused: resolution.mismatch };
  const values = args.map((arg) => (arg instanceof Typed ? arg.value : arg));
  const kernel = definition.scalar(resolution.args, resolution.result, environment(zone));
  if (definition.nulls !== 'handled' && values.includes(null)) return null;
  const value = kernel(...values);
  if (value === null) return null;
  if (isTimestamp(resolution.result)) return timestampText(value as number, 'trimmed');
  return resolution.result.kind === 'date' ? dateText(value as number) : value;
}

/** Reads the rows of a table of recorded results: function, arguments, result. */
export type Recorded = readonly [name: string, args: readonly unknown[], answer: unknown];

export function checkRecorded(rows: readonly Recorded[], zone = 'UTC'): void {
  for (const [name, args, answer] of rows) {
    assert.deepEqual(call(name, args, zone), answer, `${name}(${args.map(shown).join(', ')})`);
  }
}

const shown = (arg: unknown): string => String(arg instanceof Typed ? arg.value : arg);
