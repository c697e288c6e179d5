import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Batch } from '../../../src/batch/batch.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { connectorCatalog } from '../../../src/connectors/connector-registry.ts';
import { BIGINT, STRING, timestamp } from '../../../src/core/data-type.ts';
import type { ScanNode } from '../../../src/plan/nodes/scan.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { DemoSource } from '../../../src/service/demo/demo-source.ts';
import { demoTimeline } from '../../../src/service/demo/demo-timeline.ts';
import { momentOf, moveMoment } from '../../../src/service/demo/moment.ts';

describe('moments of the demo', () => {
  it('reads texts and numbers', () => {
    const at = Date.UTC(2026, 0, 31, 10, 0, 0);
    assert.equal(momentOf('2026-01-31 10:00:00'), at);
    assert.equal(momentOf('2026-01-31T10:00:00.250Z'), at + 250);
    assert.equal(momentOf(at), at);
    assert.equal(momentOf(at / 1000), at);
    assert.equal(momentOf(at * 1000), at);
    assert.equal(momentOf('yesterday'), null);
  });

  it('moves values in the form that they have', () => {
    assert.equal(moveMoment('2026-01-31 23:59:59.5', STRING, 1500), '2026-02-01 00:00:01.0');
    assert.equal(moveMoment('2026-01-31T23:59:59Z', STRING, 1000), '2026-02-01T00:00:00Z');
    assert.equal(moveMoment('2026-01-31 00:00:00.000123', STRING, 1), '2026-01-31 00:00:00.001123');
    assert.equal(moveMoment(1_700_000_000, BIGINT, 2000), 1_700_000_002);
    assert.equal(moveMoment(1_700_000_000_000, BIGINT, 2000), 1_700_000_002_000);
    assert.equal(moveMoment(5n, timestamp(9), 1), 1_000_005n);
    assert.equal(moveMoment(7, timestamp(3), 5), 12);
    assert.equal(moveMoment(null, timestamp(3), 5), null);
  });
});

describe('the demo', () => {
  let directory: string;
  let plan: Plan;
  let now = 0;
  const clock = { now: () => now, monotonicMs: () => now, sleep: async () => {} };
  const START = Date.UTC(2027, 0, 1);

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-demo-'));
    const line = (id: number, second: number): string =>
      `{"id":${id},"at":"2026-01-01T00:00:${String(second).padStart(2, '0')}Z"}\n`;
    fs.writeFileSync(path.join(directory, 'a.jsonl'), line(1, 0) + line(2, 30) + line(3, 20) + line(4, 50));
    fs.writeFileSync(path.join(directory, 'b.jsonl'), line(10, 10) + line(11, 40));
    const table = (
      name: string,
    ): string => `CREATE TABLE ${name} (id BIGINT, \`at\` STRING, ts AS TO_TIMESTAMP(REPLACE(REPLACE(\`at\`, 'T', ' '), 'Z', '')),
      WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'filesystem', 'path' = 'none', 'format' = 'json');`;
    const result = compile(
      `${table('a')}${table('b')} CREATE TABLE o (id BIGINT, \`at\` STRING) WITH ('connector' = 'blackhole');
       INSERT INTO o SELECT id, \`at\` FROM a UNION ALL SELECT id, \`at\` FROM b;`,
      {
        fileName: 'demo',
        catalog: { tables: new Map(), views: new Map() },
        connectors: connectorCatalog,
        settings: {},
      },
    );
    const job = result.statements.find((s) => s.kind === 'job');
    assert.ok(job !== undefined, JSON.stringify(result.diagnostics));
    plan = job.plan;
  });
  after(() => fs.rmSync(directory, { recursive: true, force: true }));

  const inputs = () =>
    new Map([
      ['a', path.join(directory, 'a.jsonl')],
      ['b', path.join(directory, 'b.jsonl')],
    ]);
  const tables = (passesPerRound = 3) => {
    const made = demoTimeline([plan], inputs(), { startAt: START, rowsPerSecond: 1 });
    return Object.fromEntries(Object.entries(made).map(([name, table]) => [name, { ...table, passesPerRound }]));
  };
  const source = (name: string, passesPerRound = 3): DemoSource => {
    const scan = plan.nodes.find((n) => n.kind === 'scan' && n.table === name);
    return new DemoSource(scan as ScanNode, tables(passesPerRound)[name]!, clock, START);
  };
  const rows = (batch: Batch | 'idle' | 'end'): [unknown, unknown][] => {
    assert.ok(typeof batch === 'object');
    return Array.from({ length: batch.size }, (_, i) => [batch.columns[0]!.get(i), batch.columns[1]!.get(i)]);
  };

  it('lays the tables of a pattern on one timeline', () => {
    const { a, b } = tables();
    // Row 3 is late, because it arrives directly after row 2.
    assert.deepEqual([...a!.turns], [0, 2, 3, 5]);
    assert.deepEqual([...b!.turns], [1, 4]);
    assert.deepEqual(a!.shifted, ['at']);
    assert.equal(a!.periodMs, Math.ceil(50_000 * 1.05) + 60_000);
  });

  it('plays rows at their turns, and each pass a period later', () => {
    now = 1000;
    const a = source('a');
    // A round of three passes ends at its start time.
    assert.deepEqual(rows(a.poll(10)), [[1, '2026-12-31T23:54:22Z']]);
    assert.equal(a.poll(10), 'idle');
    now += 3000;
    assert.deepEqual(rows(a.poll(10)), [
      [2, '2026-12-31T23:54:52Z'],
      [3, '2026-12-31T23:54:42Z'],
    ]);
    now += 3000;
    assert.deepEqual(rows(a.poll(10)), [
      [4, '2026-12-31T23:55:12Z'],
      [1, '2026-12-31T23:56:15Z'],
    ]);
    assert.deepEqual(a.position(), { startAt: START, next: 5 });
  });

  it('continues from a position with the same rows', () => {
    now = 50;
    const a = source('a');
    a.seek({ startAt: START + 1000, next: 5 });
    assert.deepEqual(rows(a.poll(10)), [[2, '2026-12-31T23:56:46Z']]);
  });

  it('ends a round before event time is later than the start of the round', () => {
    now = 1000;
    const a = source('a', 2);
    a.poll(10);
    now += 3_600_000;
    assert.equal(rows(a.poll(10)).at(-1)![1], '2026-12-31T23:58:57Z');
    assert.equal(a.poll(10), 'end');
    const again = source('a', 2);
    again.seek(a.position());
    assert.equal(again.poll(10), 'end');
  });

  it('ends at a position of a version without rounds', () => {
    const a = source('a');
    a.seek(5_000_000);
    assert.equal(a.poll(10), 'end');
  });

  it('makes rounds of half a day, or of one pass if it is longer', () => {
    assert.equal(demoTimeline([plan], inputs(), { startAt: START, rowsPerSecond: 1 })['a']!.passesPerRound, 384);
    const file = path.join(directory, 'years.jsonl');
    fs.writeFileSync(file, '{"id":1,"at":"2016-01-01 00:00:00"}\n{"id":2,"at":"2026-01-01 00:00:00"}\n');
    const years = demoTimeline([plan], new Map([['a', file]]), { startAt: START, rowsPerSecond: 1 })['a']!;
    assert.equal(years.passesPerRound, 1);
    assert.equal(years.turnsPerSecond, 0.2, 'a round takes some seconds');
  });

  it('plays a long input faster, so that a pass takes 20 seconds', () => {
    const file = path.join(directory, 'long.jsonl');
    fs.writeFileSync(file, '{"id":1,"at":"2026-01-01 00:00:00"}\n'.repeat(2000));
    const table = demoTimeline([plan], new Map([['a', file]]), { startAt: START, rowsPerSecond: 20 })['a']!;
    assert.equal(table.turnsPerSecond, 100);
  });
});
