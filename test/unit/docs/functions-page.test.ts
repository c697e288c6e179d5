/** Checks that docs/functions.md describes every function, and what each row must say. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FAMILIES } from '../../../scripts/reference/functions/families.ts';
import type { FunctionEntry, FunctionFamily } from '../../../scripts/reference/functions/function-entry.ts';
import { definitionOf, meaningOf, resultOf } from '../../../scripts/reference/functions-page.ts';
import { mayBeNull } from '../../../scripts/reference/result-type.ts';
import { argumentsIn } from '../../../scripts/reference/typed-call.ts';
import { CONDITIONALS } from '../../../src/compiler/typecheck/conditional.ts';
import { PATTERN_FUNCTIONS } from '../../../src/compiler/typecheck/pattern-functions.ts';
import { aggregateNames } from '../../../src/functions/aggregates/registry.ts';
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

it('says when a result is NULL although no argument is NULL, and when it is not NULL although one is', () => {
  const silent = rows.filter(
    ({ family, entry }) => isSpecial(family, entry) && !textOf(family, entry).includes('NULL'),
  );
  assert.deepEqual(
    silent.map(({ entry }) => entry.calls[0]),
    [],
  );
});

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
