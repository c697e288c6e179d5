/**
 * Law: a damaged plan is refused with a place, or decodes to exactly its content. There is no other
 * exception, and no part is dropped silently.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { EngineError } from '../../src/core/engine-error.ts';
import { PLAN_FORMAT } from '../../src/plan/plan.ts';
import { decodePlan } from '../../src/plan/plan-json.ts';
import { goldenPlans } from '../support/golden-plans.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const texts = goldenPlans().map((plan) => JSON.stringify(plan));

/** Returns all lists and objects inside a value. */
function containersOf(value: Json): (Json[] | { [key: string]: Json })[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(containersOf)];
}

const damages: readonly ((container: Json[] | { [key: string]: Json }, key: string, other: Json) => void)[] = [
  (container, key) => {
    if (Array.isArray(container)) container.splice(Number(key), 1);
    else delete container[key];
  },
  (container, key, other) => {
    (container as { [key: string]: Json })[key] = other;
  },
  (container, key, other) => {
    if (Array.isArray(container)) container.push(other);
    else container[`${key}x`] = other;
  },
  (container, key) => {
    if (Array.isArray(container)) container.reverse();
    else {
      container[`${key}s`] = container[key]!;
      delete container[key];
    }
  },
  (container, key) => {
    const value = (container as { [key: string]: Json })[key]!;
    (container as { [key: string]: Json })[key] = typeof value === 'number' ? value + 1 : structuredClone([value]);
  },
];

const other = fc.oneof(
  fc.constantFrom<Json>(null, '', 'column', 'row', true, -1, 0, 1, 1e9, 0.5, [], {}, '__proto__', 'toString'),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

it('a damaged plan is refused with its place, or is what is there', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.nat(texts.length - 1),
      fc.array(fc.tuple(fc.nat(damages.length - 1), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(), other), {
        minLength: 1,
        maxLength: 3,
      }),
      (chosen, list) => {
        const plan = JSON.parse(texts[chosen]!) as Json;
        for (const [damage, where, which, value] of list) {
          const containers = containersOf(plan).filter((each) => Object.keys(each).length > 0);
          if (containers.length === 0) continue;
          const container = containers[Math.floor(where * containers.length)]!;
          const keys = Object.keys(container);
          damages[damage]!(container, keys[which % keys.length]!, value);
        }
        const text = JSON.stringify(plan);
        let decoded: unknown;
        try {
          decoded = decodePlan(text);
        } catch (error) {
          assert.ok(error instanceof EngineError, `${error}`);
          assert.equal(error.code, 'CHECKPOINT_INCOMPATIBLE');
          refused++;
          return;
        }
        // A plan of an older format is converted to a plan of this format.
        if ((plan as { format: number }).format === PLAN_FORMAT) assert.deepEqual(decoded, JSON.parse(text));
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(refused > 1000, `${refused} refused`);
});
