/** Checks that docs/functions.md describes every function, and what each row must say. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AGGREGATES } from '../../../scripts/reference/functions/aggregates.ts';
import { FAMILIES } from '../../../scripts/reference/functions/families.ts';
import type { FunctionEntry, FunctionFamily } from '../../../scripts/reference/functions/function-entry.ts';
import { definitionOf, meaningOf, resultOf } from '../../../scripts/reference/functions-page.ts';
import { hasTypeOf, mayBeNull } from '../../../scripts/reference/result-type.ts';
import { argumentsIn } from '../../../scripts/reference/typed-call.ts';
import { CONDITIONALS } from '../../../src/compiler/typecheck/conditional.ts';
import { PATTERN_FUNCTIONS } from '../../../src/compiler/typecheck/pattern-functions.ts';
import { type DataType, DOUBLE, decimal, INT, STRING, typeName, withNullable } from '../../../src/core/data-type.ts';
import { aggregateNames, findAggregate } from '../../../src/functions/aggregates/registry.ts';
import { findFunction, functionNames } from '../../../src/functions/registry.ts';

const rows = FAMILIES.flatMap((family) => family.entries.map((entry) => ({ family, entry })));

/** Returns the names of the functions that a row describes: its own and those of its synonyms. */
function namesOf(entry: FunctionEntry): string[] {
  return [definitionOf(entry), ...entry.calls.flatMap((call) => /^[A-Z]\w*/.exec(call) ?? [])];
}

it('describes every function and operator; add an example in scripts/reference/functions', () => {
  const described = new Set(rows.flatMap(({ entry }) => namesOf(entry)));
  const all = [...functionNames(), ...aggregateNames(), ...Object.keys(CONDITIONALS), ...PATTERN_FUNCTIONS.keys()];
  assert.deepEqual(
    all.filter((name) => !described.has(name)),
    [],
  );
});

it('describes synonyms in one row', () => {
  for (const { family, entry } of rows) {
    if (family.summaryOf !== undefined || entry.definition !== undefined) continue;
    const summaries = new Set(namesOf(entry).flatMap((name) => findFunction(name)?.summary ?? []));
    assert.ok(summaries.size <= 1, entry.calls.join());
  }
});

it('names the type of every result', () => {
  for (const { family, entry } of rows.filter(({ family }) => !family.title.includes('indows')))
    assert.ok(resultOf(family, entry) !== null, entry.calls[0]);
});

it('says that a result has the type of an argument only if it has', () => {
  const wrong = rows.filter(({ family, entry }) => {
    const parameter = /^type of `(\w+)`$/.exec(entry.result ?? '')?.[1];
    const name = definitionOf(entry);
    if (parameter === undefined || family.summaryOf !== undefined || findFunction(name) === undefined) return false;
    const args = argumentsIn(entry.example, name)!;
    return !hasTypeOf(name, args, Math.max(0, parametersOf(entry.calls[0]!).indexOf(parameter)));
  });
  assert.deepEqual(
    wrong.map(({ entry }) => entry.calls[0]),
    [],
  );
});

it('gives the type of each aggregate', () => {
  for (const { entry } of rows.filter(({ family }) => family === AGGREGATES)) {
    const expected = AGGREGATE_RESULTS[entry.result!];
    assert.ok(expected !== undefined, entry.calls[0]);
    for (const type of [INT, DOUBLE, decimal(10, 2), STRING]) {
      const resolved = findAggregate(definitionOf(entry))!.resolve([{ type }]);
      if ('result' in resolved)
        assert.equal(typeName(withNullable(resolved.result, true)), expected(type), entry.calls[0]);
    }
  }
});

it('says when a result is NULL although no argument is NULL, and when it is not NULL although one is', () => {
  const silent = rows.filter(
    ({ family, entry }) => isSpecial(family, entry) && !textOf(family, entry).includes('NULL'),
  );
  assert.deepEqual(
    silent.map(({ entry }) => entry.calls[0]),
    [],
  );
});

/** Returns the names of the parameters of a call such as `ABS(x)` or `-a`. */
const parametersOf = (call: string): string[] =>
  [...call.replace(/^[A-Z_0-9]+\(/, '').matchAll(/[a-z_]+/g)].map(([name]) => name);

const averageOf = (x: DataType): string =>
  x.kind === 'decimal' ? typeName(decimal(38, Math.max(6, x.scale))) : typeName(x);

/** The types that the page names for aggregates. */
const AGGREGATE_RESULTS: Readonly<Record<string, (x: DataType) => string>> = {
  BIGINT: () => 'BIGINT',
  'type of `x`': typeName,
  'type of `text`': typeName,
  'type of `x`; DECIMAL(38, s) for a DECIMAL': (x) => typeName(x.kind === 'decimal' ? decimal(38, x.scale) : x),
  'type of `x`; DECIMAL(38, max(6, s)) for a DECIMAL': averageOf,
  'type of AVG': averageOf,
  'ARRAY of the type of `x`': (x) => `ARRAY<${typeName(x)}>`,
  'MULTISET of the type of `x`': (x) => `MULTISET<${typeName(x)}>`,
};

/** Returns whether the NULL rule at the top of the page does not hold for a scalar function. */
function isSpecial(family: FunctionFamily, entry: FunctionEntry): boolean {
  const name = definitionOf(entry);
  const definition = family.summaryOf === undefined ? findFunction(name) : undefined;
  if (definition === undefined) return false;
  const args = argumentsIn(entry.example, name);
  return definition.nulls === 'handled' || (args !== null && mayBeNull(name, args));
}

const textOf = (family: FunctionFamily, entry: FunctionEntry): string =>
  `${family.intro ?? ''} ${meaningOf(family, entry)} ${entry.note ?? ''}`;
