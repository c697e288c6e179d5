/**
 * Compares the result types of recorded expressions with those of the compiler, and what it
 * refuses at the level `portable`. Types are compared with length, precision, scale and NOT NULL.
 * A difference that is kept needs an entry in `differences.ts`. Functions that Sequitur lacks are
 * no expressions of the sweep; `missing-functions.ts` lists them.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aggregateNames } from '../../../src/functions/aggregates/registry.ts';
import { functionNames } from '../../../src/functions/registry.ts';
import { KEPT_REASONS, keptType } from './differences.ts';
import { MISSING_FUNCTIONS } from './missing-functions.ts';
import { type RecordedType, readTypes, typesOf } from './recorded-type.ts';

const GROUP = 1000;

/** Flink's planner drops the time attribute of a computed time, so attributes are not compared. */
const plain = (type: string): string => type.replaceAll(/ \*(ROWTIME|PROCTIME)\*/g, '');

/** The reasons that explained a difference. */
const used = new Set<string>();

/** Returns the difference from the oracle; null if there is none or it is kept. */
function difference(recorded: RecordedType): string | null {
  const types = typesOf([recorded.expression], recorded.from);
  const ours = typeof types === 'string' ? `refused: ${types}` : plain(types[0]!);
  const oracle = 'type' in recorded ? plain(recorded.type) : 'refused';
  if ('type' in recorded ? ours === oracle : typeof types === 'string') return null;
  const kept = keptType(recorded.expression, recorded.from);
  if (kept === null) return `${recorded.expression} ${recorded.from}: ${ours}, recorded ${oracle}`;
  used.add(kept);
  return null;
}

describe('sweep of result types', () => {
  const recorded = readTypes();
  it('has 10,000 expressions or more', () => assert.ok(recorded.length >= 10_000, String(recorded.length)));
  for (let from = 0; from < recorded.length; from += GROUP) {
    const group = recorded.slice(from, from + GROUP);
    it(`${from} to ${from + group.length - 1}`, () => {
      assert.deepEqual(
        group.flatMap((each) => difference(each) ?? []),
        [],
      );
    });
  }

  it('keeps no difference that is gone', () => {
    assert.deepEqual(
      KEPT_REASONS.filter((reason) => !used.has(reason)),
      [],
    );
  });

  it('has no call of a function that the list calls missing', () => {
    const known = new Set([...functionNames(), ...aggregateNames()]);
    assert.deepEqual(
      MISSING_FUNCTIONS.filter((name) => known.has(name)),
      [],
    );
  });
});
