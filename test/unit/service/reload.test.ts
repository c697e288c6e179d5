import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

/**
 * Each change takes effect within a second on a quiet machine. The limit allows for a busy one.
 */
const SOON_MS = 30_000;

const pattern = (name: string, condition: string, columns = 'id, kind'): string => `-- ${name}
CREATE TABLE events (id BIGINT, kind STRING)
  WITH ('connector' = 'filesystem', 'path' = '../${name}.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
CREATE TABLE found (id BIGINT, kind STRING) WITH ('connector' = 'filesystem', 'path' = '../out-${name}', 'format' = 'json');
INSERT INTO found SELECT ${columns} FROM events WHERE ${condition};
`;

describe('reload of patterns', () => {
  let fixture: ServiceFixture;
  let feeding: NodeJS.Timeout;
  let sent = 0;
  const times: Record<string, number> = {};

  const status = (name: string) => fixture.service.patterns().find((p) => p.name === name);
  const send = (rows: number): void => {
    let text = '';
    for (let i = 0; i < rows; i++) text += `{"id":${sent++},"kind":"k"}\n`;
    fixture.append('a.jsonl', text);
    fixture.append('b.jsonl', text);
  };
  const ids = (name: string): number[] =>
    fixture.lines(`out-${name}`).map((line) => (JSON.parse(line) as { id: number }).id);

  before(() => {
    fixture = new ServiceFixture();
    fixture.write('a.jsonl', '');
    fixture.write('b.jsonl', '');
    feeding = setInterval(() => send(3), 10);
  });
  after(async () => {
    clearInterval(feeding);
    await fixture.close();
  });

  it('starts a new file', async () => {
    fixture.write('patterns/b.sql', pattern('b', 'id >= 0'));
    fixture.write('patterns/a.sql', pattern('a', 'id >= 0'));
    times['new'] = await until(
      'a and b run',
      () => fixture.state('a.found') === 'RUNNING' && fixture.state('b.found') === 'RUNNING',
      SOON_MS,
    );
    await until('rows of a', () => ids('a').length > 50);
    assert.equal(status('a')?.state, 'running');
    assert.equal(status('a')?.title, 'a');
  });

  it('replaces the old file with a changed one without losing or duplicating a row', async () => {
    const started = fixture.service.job('a.found')!.startedAt!;
    // The new name of the column's origin changes the plan, but not the output.
    fixture.write('patterns/a.sql', pattern('a', 'id >= 0 AND id + 1 > 0'));
    times['changed'] = await until(
      'the new version',
      () => (fixture.service.job('a.found')?.startedAt ?? 0) > started,
      SOON_MS,
    );
    const seen = ids('a').length;
    await until('rows of the new version', () => ids('a').length > seen + 50);
  });

  it('reports a broken file and leaves the old version running', async () => {
    const started = fixture.service.job('a.found')!.startedAt;
    fixture.write('patterns/a.sql', pattern('a', 'idd >= 0'));
    times['broken'] = await until('a is broken', () => status('a')?.state === 'broken', SOON_MS);
    const { diagnostics, jobs, problem } = status('a')!;
    assert.equal(diagnostics[0]!.code, 'SQL_UNKNOWN_COLUMN');
    assert.equal(diagnostics[0]!.line, 5);
    assert.match(problem!, /idd/);
    assert.deepEqual(jobs, ['a.found']);
    assert.equal(fixture.service.job('a.found')!.startedAt, started);
    assert.deepEqual(fixture.service.health().brokenPatterns, ['a']);
    const seen = ids('a').length;
    await until('rows of the old version', () => ids('a').length > seen + 20);
  });

  it('goes back to the old version when the new one cannot be started', async () => {
    fixture.write('patterns/a.sql', pattern('a', 'id >= 0').replace('../a.jsonl', '../not-there.jsonl'));
    await until('the problem', () => /cannot be started.*not-there/.test(status('a')?.problem ?? ''), SOON_MS);
    await until('the old version runs', () => fixture.state('a.found') === 'RUNNING', SOON_MS);
    const seen = ids('a').length;
    await until('rows of the old version', () => ids('a').length > seen + 20);
  });

  it('takes the cured file', async () => {
    const started = fixture.service.job('a.found')!.startedAt!;
    fixture.write('patterns/a.sql', pattern('a', 'id > -1'));
    times['cured'] = await until(
      'a runs again',
      () => status('a')?.state === 'running' && fixture.service.job('a.found')!.startedAt! > started,
      SOON_MS,
    );
    assert.equal(status('a')?.problem, null);
  });

  it('stops the jobs of a removed file', async () => {
    fs.rmSync(fixture.path('patterns/a.sql'));
    times['removed'] = await until(
      'a is gone',
      () => status('a') === undefined && fixture.state('a.found') === undefined,
      SOON_MS,
    );
    assert.ok(fs.readdirSync(fixture.path('data/jobs/a.found/manifests')).length > 0);
    const seen = ids('a').length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(ids('a').length, seen);
  });

  it('resumes when the same file returns, without losing or duplicating a row', async () => {
    fixture.write('patterns/a.sql', pattern('a', 'id > -1'));
    times['back'] = await until('a runs', () => fixture.state('a.found') === 'RUNNING', SOON_MS);
    clearInterval(feeding);
    await until('all rows', () => ids('a').length >= sent && ids('b').length >= sent);
    const all = Array.from({ length: sent }, (_, i) => i);
    assert.deepEqual(
      ids('a').sort((x, y) => x - y),
      all,
    );
    assert.deepEqual(
      ids('b').sort((x, y) => x - y),
      all,
    );
  });

  it('never touched the other pattern', () => {
    const states = fixture.log.filter((l) => l.message === 'state' && l.fields['job'] === 'b.found');
    assert.deepEqual(
      states.map((l) => l.fields['state']),
      ['RUNNING'],
    );
    if (process.env['SEQUITUR_SHOW_TIMES']) console.log(times);
  });
});
