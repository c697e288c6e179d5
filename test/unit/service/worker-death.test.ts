import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import { JobFleet } from '../../../src/service/job-fleet.ts';
import type { ManagedJob } from '../../../src/service/managed-job.ts';
import { addJob, linesIn } from '../../support/fleet-job.ts';
import { until } from '../../support/service-fixture.ts';

describe('a worker that dies', () => {
  let directory: string;
  let fleet: JobFleet;
  const history: string[] = [];
  const at = (...parts: readonly string[]): string => path.join(directory, ...parts);

  function add(id: string, settings: Record<string, string>, from = 'events'): ManagedJob {
    const text = `
      CREATE TABLE events (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
      CREATE TABLE much (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '10000000', 'fields.id.kind' = 'sequence');
      CREATE TABLE ${id} (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '${id}', 'format' = 'json');
      INSERT INTO ${id} SELECT id FROM ${from};`;
    return addJob(fleet, directory, id, text, { 'state.backend.type': 'memory', ...settings });
  }

  const lines = (sink: string): number => linesIn(at(sink));

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-worker-'));
    history.length = 0;
    fs.writeFileSync(at('in.jsonl'), '{"id":1}\n{"id":2}\n');
    fleet = new JobFleet({
      dataDirectory: directory,
      checkpointDirectory: null,
      s3: { endpoint: null, region: null, pathStyle: false },
      memoryBytes: 256 << 20,
      batchRows: 100,
      clock: systemClock,
      random: () => 0.5,
      log: { info() {}, warn() {}, error() {} },
      onState: (job) => history.push(`${job.id} ${job.state}`),
      print() {},
    });
  });
  afterEach(async () => {
    await fleet.close();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it('is started again from its checkpoint, and does not affect other jobs', async () => {
    const dying = add('dying', { 'restart-strategy.exponential-delay.initial-backoff': '30 ms' });
    const other = add('other', {});
    assert.deepEqual(await Promise.all([dying.start(), other.start()]), [null, null]);
    await until('rows', () => lines('dying') === 2 && lines('other') === 2);
    dying.kill();
    await until('it restarts', () => history.includes('dying RESTARTING'));
    fs.appendFileSync(at('in.jsonl'), '{"id":3}\n');
    await until('it runs', () => dying.state === 'RUNNING');
    await until('the further row', () => lines('dying') === 3 && lines('other') === 3);
    assert.deepEqual(
      history.filter((h) => h.startsWith('other')),
      ['other RUNNING'],
    );
    assert.equal(dying.summary().restarts, 1);
    assert.match(dying.detail().failures[0]!.message, /thread of the job ended/);
  });

  it('fails for good when the strategy says so', async () => {
    const dying = add('dying', { 'restart-strategy.type': 'none' });
    await dying.start();
    dying.kill();
    await until('it has failed', () => dying.state === 'FAILED');
    assert.equal(dying.failure!.code, 'JOB_FAILED');
    await dying.start();
    assert.equal(dying.state, 'RUNNING');
  });

  it('is ended when it is canceled while it starts', async () => {
    const job = add('early', {});
    void job.start();
    await job.cancel();
    assert.equal(job.state, 'CANCELED');
  });

  it('counts the rows that a follower missed, and never blocks the job', async () => {
    const job = add('fast', {}, 'much');
    let shown = 0;
    let dropped = 0;
    job.output.follow((event) => {
      shown += event.lines?.length ?? 0;
      dropped += event.dropped ?? 0;
    });
    await job.start();
    await until('rows were left out', () => dropped > 0 && shown > 1000);
    await job.stop();
    const { rowsOut } = job.summary();
    assert.ok(shown + dropped <= rowsOut, `${shown} + ${dropped} of ${rowsOut}`);
    assert.ok(rowsOut > shown);
  });
});
