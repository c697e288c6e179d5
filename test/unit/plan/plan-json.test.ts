import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BIGINT, type DataType, STRING, timestamp } from '../../../src/core/data-type.ts';
import { EngineError } from '../../../src/core/engine-error.ts';
import type { Expression } from '../../../src/plan/expression.ts';
import { canonicalJson, fingerprints } from '../../../src/plan/fingerprint.ts';
import { PLAN_FORMAT, type Plan } from '../../../src/plan/plan.ts';
import { decodePlan, encodePlan } from '../../../src/plan/plan-json.ts';
import type { PlanNode } from '../../../src/plan/plan-node.ts';

const type: fc.Arbitrary<DataType> = fc.constantFrom<DataType>(BIGINT, STRING, timestamp(3), {
  kind: 'decimal',
  precision: 20,
  scale: 4,
  nullable: false,
});

const expression: fc.Arbitrary<Expression> = fc.letrec<{ e: Expression }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('column' as const), index: fc.nat(9), type }),
    fc.record({
      kind: fc.constant('literal' as const),
      value: fc.oneof(fc.constant(null), fc.string(), fc.integer(), fc.boolean()),
      type,
    }),
    fc.record({
      kind: fc.constant('call' as const),
      function: fc.constantFrom('+', 'UPPER'),
      args: fc.array(tie('e'), { maxLength: 3 }),
      type,
    }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      args: fc.array(tie('e'), { minLength: 2, maxLength: 3 }),
      type,
    }),
    fc.record({
      kind: fc.constant('cast' as const),
      input: tie('e'),
      onError: fc.constantFrom('fail' as const, 'null' as const),
      type,
    }),
    fc.record({
      kind: fc.constant('match-navigation' as const),
      variable: fc.oneof(fc.constant(null), fc.constant('A')),
      direction: fc.constantFrom('first' as const, 'last' as const),
      offset: fc.nat(3),
      expression: tie('e'),
      type,
    }),
  ),
})).e;

const fields = fc.array(fc.record({ name: fc.string(), type }), { maxLength: 4 });

/** A chain from a scan to a sink with nodes of several kinds between. */
const plan: fc.Arbitrary<Plan> = fc
  .record({
    middle: fc.array(fc.tuple(fields, fc.array(expression, { maxLength: 3 }), expression), { maxLength: 5 }),
    name: fc.string(),
    settings: fc.dictionary(fc.string(), fc.string()),
  })
  .map(({ middle, name, settings }) => {
    const nodes: PlanNode[] = [
      {
        id: 0,
        name: 't.scan',
        fields: [],
        kind: 'scan',
        table: 't',
        options: { connector: 'x' },
        columns: [{ source: 'physical', key: 'a' }],
        physical: ['a', 'b'],
      },
    ];
    for (const [i, [out, expressions, condition]] of middle.entries()) {
      const base = { id: i + 1, name: `n${i}`, fields: out, input: i };
      nodes.push(i % 2 === 0 ? { ...base, kind: 'project', expressions } : { ...base, kind: 'filter', condition });
    }
    nodes.push({
      id: nodes.length,
      name: 's',
      fields: [],
      kind: 'sink',
      input: nodes.length - 1,
      table: 's',
      options: {},
      changelog: 'insert',
      primaryKey: [],
    });
    return { format: PLAN_FORMAT, name, nodes, settings };
  });

describe('plan JSON', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(plan, (original) =>
        assert.deepEqual(decodePlan(encodePlan(original)), JSON.parse(JSON.stringify(original))),
      ),
    );
  });

  const refused = (value: unknown, message: RegExp) =>
    assert.throws(
      () => decodePlan(typeof value === 'string' ? value : JSON.stringify(value)),
      (error: unknown) =>
        error instanceof EngineError && error.code === 'CHECKPOINT_INCOMPATIBLE' && message.test(error.message),
    );

  it('refuses newer formats and what is no plan', () => {
    const good: Plan = { format: PLAN_FORMAT, name: 'x', nodes: [], settings: {} };
    refused({ ...good, format: PLAN_FORMAT + 1 }, /newer version/);
    refused('{', /not JSON/);
    refused('[]', /not an object/);
    refused({ ...good, nodes: [{ id: 0, name: 'a', fields: [], kind: 'teleport' }] }, /unknown kind "teleport"/);
    refused(
      { ...good, nodes: [{ id: 0, name: 'a', fields: [], kind: 'filter', input: 0, condition: {} }] },
      /reads the node 0/,
    );
    refused(
      { ...good, nodes: [{ id: 0, name: 'a', fields: [], kind: 'scan', table: 't', options: {} }] },
      /has no columns/,
    );
    refused(
      {
        ...good,
        nodes: [{ id: 5, name: 'a', fields: [], kind: 'scan', table: 't', options: {}, columns: [], physical: [] }],
      },
      /has the id 5/,
    );
  });
});

describe('fingerprints', () => {
  it('depend on the meaning, not on names and order of keys', () => {
    fc.assert(
      fc.property(plan, (original) => {
        const renamed: Plan = {
          ...original,
          name: 'other',
          nodes: original.nodes.map((node) => ({ ...node, name: `${node.name}!` })),
        };
        assert.deepEqual(fingerprints(renamed), fingerprints(original));
      }),
    );
    assert.equal(canonicalJson({ b: 1, a: [{ d: 2, c: 3 }] }), '{"a":[{"c":3,"d":2}],"b":1}');
  });

  it('change with an input', () => {
    fc.assert(
      fc.property(plan, (original) => {
        const nodes = original.nodes.map((node) => (node.kind === 'scan' ? { ...node, table: 'u' } : node));
        const [before, after] = [fingerprints(original), fingerprints({ ...original, nodes })];
        assert.ok(before.every((print, i) => print !== after[i]));
      }),
    );
  });
});
