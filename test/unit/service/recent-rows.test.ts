import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentRows } from '../../../src/service/recent-rows.ts';

const line = (row: object, op = '+I'): string => `{"op":"${op}","row":${JSON.stringify(row)}}`;
const clock = { now: () => 1_700_000_000_000, monotonicMs: () => 0, sleep: async () => {} };

describe('the latest rows of the jobs', () => {
  it('keep an alert while another job writes many rows', () => {
    const recent = new RecentRows(clock);
    recent.add('alerts', 'alerts', [line({ card: '4711' })]);
    for (let i = 0; i < 100; i++) recent.add('chatty', 'out', Array(100).fill(line({ i })));
    const ofAlerts = recent.select({ job: 'alerts', limit: 1000 });
    assert.deepEqual(
      ofAlerts.rows.map((row) => row.line),
      [line({ card: '4711' })],
    );
    const ofAll = recent.select({ perSink: 20, limit: 1000 });
    assert.equal(ofAll.rows.length, 21);
    assert.equal(ofAll.rows[0]!.job, 'alerts');
    assert.equal(ofAll.latest, ofAll.rows.at(-1)!.sequence);
    assert.equal(recent.select({ limit: 1000 }).rows.length, 201, 'the rows of a job are bounded');
  });

  it('keep an alert while another sink of its job writes many rows', () => {
    const recent = new RecentRows(clock);
    recent.add('job', 'alerts', [line({ card: '4711' })]);
    recent.add('job', 'all', Array(1000).fill(line({})));
    assert.equal(recent.select({ job: 'job', limit: 1000 }).rows[0]!.sink, 'alerts');
  });

  it('are searched before they are limited', () => {
    const recent = new RecentRows(clock);
    recent.add('job', 'out', [line({ city: 'Zürich' })]);
    for (let i = 0; i < 50; i++) recent.add('job', 'out', [line({ i }, '-U'), line({ i: i + 1 }, '+U')]);
    const found = recent.select({ contains: 'zÜRICH', limit: 1 });
    assert.equal(found.rows[0]!.line, line({ city: 'Zürich' }));
    assert.equal(recent.select({ updates: false, perSink: 1, limit: 1 }).rows[0]!.line, line({ city: 'Zürich' }));
    assert.equal(recent.select({ contains: '"op"', limit: 9 }).rows.length, 0, 'only the values are searched');
    const { rows, latest } = recent.select({ after: found.rows[0]!.sequence, limit: 1000 });
    assert.equal(rows.length, 100);
    assert.equal(latest, rows.at(-1)!.sequence);
  });

  it('of a deleted job are forgotten, and the sequence goes on', () => {
    const recent = new RecentRows(clock);
    recent.add('job', 'out', [line({})]);
    const { latest } = recent.select({ limit: 1 });
    recent.forget('job');
    assert.deepEqual(recent.select({ limit: 1 }), { latest, rows: [] });
  });
});
