import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainPlan } from '../../../src/plan/explain.ts';
import type { Plan, PlannedNode } from '../../../src/plan/plan.ts';
import { plansOf } from '../../support/golden-plans.ts';

const TABLES = `
  CREATE TABLE t (a BIGINT, s STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');
  CREATE TABLE u (a BIGINT, s STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');
`;
const planOf = (query: string): Plan => plansOf(`${TABLES}${query};`)[0]!;
const nodeOf = (plan: Plan, kind: PlannedNode['kind']): PlannedNode => plan.nodes.find((node) => node.kind === kind)!;
const WINDOW = `TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end`;

describe('traits', () => {
  it('say which changes come', () => {
    const groups = planOf('SELECT n, COUNT(*) FROM (SELECT s, COUNT(*) AS n FROM t GROUP BY s) GROUP BY n');
    const [inner, outer] = groups.nodes.filter(({ kind }) => kind === 'group-aggregate');
    assert.deepEqual(nodeOf(groups, 'scan').traits.changes, { updates: 'none', deletes: 'none' });
    assert.deepEqual(inner!.traits.changes, { updates: 'before-and-after', deletes: 'none' });
    // Its input retracts rows, also the last row of a group.
    assert.deepEqual(outer!.traits.changes, { updates: 'before-and-after', deletes: 'full' });
    const text = explainPlan(groups);
    assert.match(text, /GroupAggregate by \(n\) .*\[\+I −U \+U −D\]\n/);
    assert.match(text, /GroupAggregate by \(s\) .*\[\+I −U \+U\]\n/);
    assert.match(text, /Scan t .*\[\+I\]\n/);
  });

  it('contain the keys, without keys whose column is dropped', () => {
    const kept = planOf('SELECT COUNT(*) AS n, s FROM t GROUP BY s');
    assert.deepEqual(nodeOf(kept, 'group-aggregate').traits.keys, { unique: [[0]], upsert: [[0]] });
    assert.deepEqual(nodeOf(kept, 'project').traits.keys, { unique: [[1]], upsert: [[1]] });
    const lost = planOf('SELECT COUNT(*) AS n FROM t GROUP BY s');
    assert.deepEqual(nodeOf(lost, 'project').traits.keys, { unique: [], upsert: [] });
    const windows = planOf(
      `SELECT s, window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY s, window_start, window_end`,
    );
    const aggregate = nodeOf(windows, 'window-aggregate');
    const [key] = aggregate.traits.keys.unique;
    assert.deepEqual(
      key!.map((i) => aggregate.fields[i]!.name),
      ['s', 'window_end'],
    );
    assert.deepEqual(nodeOf(planOf('SELECT a FROM t LIMIT 1'), 'limit').traits.keys.unique, [[]]);
  });

  it('contain the columns that must be together, and the time attributes', () => {
    const groups = planOf('SELECT s, COUNT(*) FROM t GROUP BY s');
    const { inputs, traits } = nodeOf(groups, 'group-aggregate');
    assert.deepEqual(
      traits.together.map((columns) => columns?.map((i) => groups.nodes[inputs[0]!]!.fields[i]!.name)),
      [['s']],
    );
    assert.deepEqual(nodeOf(planOf('SELECT COUNT(*) FROM t'), 'group-aggregate').traits.together, [[]]);
    const plan = planOf(`WITH v AS (SELECT * FROM t WHERE a > 1) SELECT COUNT(*) FROM ${WINDOW}`);
    const watermark = nodeOf(plan, 'watermark');
    assert.deepEqual(
      watermark.traits.eventTime.map((i) => watermark.fields[i]!.name),
      ['ts'],
    );
    assert.deepEqual(nodeOf(plan, 'scan').traits.eventTime, []);
  });

  it('contain the node that merges two ways of a source, and the nodes on the ways', () => {
    const merging = (query: string): string[] =>
      planOf(query).nodes.flatMap(({ kind, traits }) => [
        ...(traits.mergesWays ? [`${kind} merges`] : []),
        ...(traits.tracksOrigin && kind !== 'project' ? [kind] : []),
      ]);
    const views = 'SELECT * FROM t WHERE a > 1 UNION ALL SELECT * FROM t WHERE a < 9';
    assert.deepEqual(merging(`WITH v AS (${views}) SELECT COUNT(*) FROM ${WINDOW}`), [
      'scan',
      'watermark',
      'filter',
      'filter',
      'union merges',
    ]);
    // Nothing depends on the order of the rows.
    assert.deepEqual(merging(views), []);
    // Rows of two tables have the order of the sources.
    const tables = 'SELECT * FROM t WHERE a > 1 UNION ALL SELECT * FROM u';
    assert.deepEqual(merging(`WITH v AS (${tables}) SELECT COUNT(*) FROM ${WINDOW}`), []);
  });
});
