import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BIGINT } from '../../../src/core/data-type.ts';
import { EngineError } from '../../../src/core/engine-error.ts';
import { NODE_KINDS } from '../../../src/plan/nodes/registry.ts';
import { PLAN_FORMAT } from '../../../src/plan/plan.ts';
import { decodePlan, encodePlan } from '../../../src/plan/plan-json.ts';
import { goldenPlans, plansOf } from '../../support/golden-plans.ts';

const plans = goldenPlans();

const [simple] = plansOf(`
  CREATE TABLE t (a BIGINT, s STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');
  SELECT s, COUNT(*) AS n, window_start, window_end
  FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)) WHERE a > 1
  GROUP BY s, window_start, window_end;`);

describe('plan JSON', () => {
  it('gives back every plan that was encoded', () => {
    assert.ok(plans.length > 150, `${plans.length} plans`);
    for (const plan of plans) assert.deepEqual(decodePlan(encodePlan(plan)), plan);
    const kinds = new Set(plans.flatMap(({ nodes }) => nodes.map(({ kind }) => kind)));
    assert.deepEqual([...kinds].sort(), [...NODE_KINDS].sort(), 'every kind of node is tried');
  });

  /** Damages the plan at a path, and expects the message. */
  const refused = (change: (plan: ReturnType<typeof loose>) => void, message: RegExp) => {
    const plan = loose();
    change(plan);
    assert.throws(
      () => decodePlan(JSON.stringify(plan)),
      (error: unknown) =>
        error instanceof EngineError && error.code === 'CHECKPOINT_INCOMPATIBLE' && message.test(error.message),
      String(message),
    );
  };
  // biome-ignore lint/suspicious/noExplicitAny: the tests write values that no plan may have
  const loose = (): any => structuredClone(simple!);
  const at = (plan: ReturnType<typeof loose>, kind: string) =>
    plan.nodes.find((node: { kind: string }) => node.kind === kind);

  it('refuses values that are not plans', () => {
    assert.throws(() => decodePlan('{'), /it is not JSON/);
    assert.throws(() => decodePlan('[]'), /must be an object, but it is \[\]/);
    refused((plan) => {
      plan.format = PLAN_FORMAT + 1;
    }, /has format \d+, this version reads formats up to \d+: use a newer version/);
    refused((plan) => {
      plan.nodes[0].kind = 'teleport';
    }, /nodes\[0\]\.kind must be one of scan, .*, but it is "teleport"/);
    refused((plan) => {
      plan.nodes[1].id = 5;
    }, /nodes\[1\] has the id 5/);
    refused((plan) => {
      plan.nodes[1].name = plan.nodes[0].name;
    }, /nodes\[1\] has the name .*, which another node has/);
    refused((plan) => {
      plan.settings = { zone: 1 };
    }, /settings\.zone must be text/);
    refused((plan) => {
      plan.extra = 1;
    }, /unknown property extra/);
  });

  it('names the place of the error', () => {
    refused((plan) => {
      at(plan, 'window-aggregate').window.sizeMs = 'long';
    }, /nodes\[\d\]\.window\.sizeMs must be a whole number from 1, but it is "long"/);
    refused((plan) => {
      delete at(plan, 'window-aggregate').keys;
    }, /nodes\[\d\]\.keys must be a list, but it is missing/);
    refused((plan) => {
      at(plan, 'window-aggregate').keys = [17];
    }, /nodes\[\d\]\.keys\[0\] must be the position of one of 3 columns, but it is 17/);
    refused((plan) => {
      at(plan, 'window-aggregate').aggregates[0].type = { kind: 'bigint' };
    }, /nodes\[\d\]\.aggregates\[0\]\.type\.nullable must be true or false, but it is missing/);
    refused((plan) => {
      at(plan, 'filter').condition.args[0].index = 3;
    }, /nodes\[\d\]\.condition\.args\[0\]\.index must be the position/);
    refused((plan) => {
      at(plan, 'filter').condition = { kind: 'literal', value: 'x', type: BIGINT };
    }, /nodes\[\d\]\.condition\.value must be a whole number as text/);
    refused((plan) => {
      at(plan, 'filter').inputs = [6];
    }, /nodes\[\d\]\.inputs\[0\] must be a node before it/);
    refused((plan) => {
      at(plan, 'filter').inputs = [0, 1];
    }, /nodes\[\d\] cannot have 2 inputs/);
    refused((plan) => {
      at(plan, 'filter').fields.pop();
    }, /nodes\[\d\] has another number of fields than its input/);
    refused((plan) => {
      at(plan, 'scan').colour = 'red';
    }, /nodes\[0\] has the unknown property colour/);
  });

  it('reads a plan of format 1', () => {
    const [plan] = plansOf(`
      CREATE TABLE t (a BIGINT) WITH ('connector' = 'datagen');
      SELECT a, COUNT(*) FROM (SELECT * FROM t UNION ALL SELECT * FROM t) GROUP BY a;`);
    const nodes = plan!.nodes.map(({ inputs, traits: _traits, ...node }) => ({
      ...node,
      ...(node.kind === 'union' ? { inputs } : inputs.length === 1 ? { input: inputs[0] } : {}),
      ...(node.kind === 'group-aggregate' ? { ttlMs: 0 } : {}),
    }));
    assert.deepEqual(decodePlan(JSON.stringify({ ...plan, format: 1, nodes })), plan);
  });
});
