import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprints, planHash } from '../../../src/plan/fingerprint.ts';
import { canonicalJson } from '../../../src/plan/hash.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { goldenPlans, plansOf } from '../../support/golden-plans.ts';

const plans = goldenPlans();

/** Returns the plan with changed nodes. */
const changed = (plan: Plan, change: (node: Plan['nodes'][number]) => Plan['nodes'][number]): Plan => ({
  ...plan,
  nodes: plan.nodes.map(change),
});

/** The hash of the plan below, recorded with version 0.1.0. */
const RECORDED = ['f00d018c', 'cbba359b', '5ccddfa2', 'c2815566', '02040392'];
const RECORDED_HASH = '9fc673684d0eab0d';

describe('fingerprints', () => {
  it('depend on the meaning, not on names and order of keys', () => {
    for (const plan of plans) {
      const renamed = changed({ ...plan, name: 'other' }, (node) => ({ ...node, name: `${node.name}!` }));
      assert.deepEqual(fingerprints(renamed), fingerprints(plan));
    }
    assert.equal(canonicalJson({ b: 1, a: [{ d: 2, c: 3 }] }), '{"a":[{"c":3,"d":2}],"b":1}');
  });

  it('change with an input', () => {
    for (const plan of plans) {
      const other = changed(plan, (node) => (node.kind === 'scan' ? { ...node, table: `${node.table}!` } : node));
      const [before, after] = [fingerprints(plan), fingerprints(other)];
      assert.ok(before.every((print, i) => print !== after[i]));
    }
  });

  it('are those of plans of format 1, by which old checkpoints and journals find a plan', () => {
    const [plan] = plansOf(`
      CREATE TABLE t (a BIGINT, b STRING) WITH ('connector' = 'datagen');
      SELECT a, COUNT(*) AS n FROM (SELECT * FROM t WHERE a > 1 UNION ALL SELECT * FROM t) GROUP BY a;`);
    assert.deepEqual(
      fingerprints(plan!).map((print) => print.slice(0, 8)),
      RECORDED,
    );
    assert.equal(planHash(plan!).slice(0, 16), RECORDED_HASH);
  });
});
