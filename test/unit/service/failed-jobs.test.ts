import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

const sql = (directory: string): string => `
SET 'pipeline.name' = 'reader';
SET 'restart-strategy.type' = 'fixed-delay';
SET 'restart-strategy.fixed-delay.attempts' = '1';
SET 'restart-strategy.fixed-delay.delay' = '20 ms';
CREATE TABLE events (x BIGINT) WITH ('connector' = 'filesystem', 'path' = '${directory}/late.jsonl', 'format' = 'json');
CREATE TABLE copies (x BIGINT) WITH ('connector' = 'filesystem', 'path' = '${directory}/copies', 'format' = 'json');
INSERT INTO copies SELECT x FROM events;`;

it('a job that waits after a failure starts at once when it is told', async () => {
  const fixture = new ServiceFixture();
  try {
    const patient = sql(fixture.directory).replace("'20 ms'", "'1 h'");
    await fixture.service.submit(patient);
    await until('it waits', () => fixture.state('reader') === 'RESTARTING');
    fixture.write('late.jsonl', '{"x":7}\n');
    await fixture.service.startJob('reader');
    await until('it has finished', () => fixture.state('reader') === 'FINISHED');
    assert.equal(fixture.service.job('reader')!.restarts, 1);
  } finally {
    await fixture.close();
  }
});

it('a job that has given up stays listed with its cause and history, over a restart too, and can be started again', async () => {
  const fixture = new ServiceFixture();
  try {
    await fixture.service.submit(sql(fixture.directory));
    await until('the job has given up', () => fixture.state('reader') === 'FAILED');
    const failures = () => fixture.service.job('reader')!.failures.map(({ code }) => code);
    assert.deepEqual(failures(), ['CONNECTOR_READ', 'CONNECTOR_READ']);
    await fixture.service.close();
    fixture.open();
    assert.equal(fixture.state('reader'), 'FAILED');
    assert.equal(fixture.service.job('reader')!.failure?.code, 'CONNECTOR_READ');
    assert.deepEqual(failures(), ['CONNECTOR_READ', 'CONNECTOR_READ']);

    await fixture.service.startJob('reader');
    await until('it has given up again, after as many attempts', () => fixture.state('reader') === 'FAILED');
    assert.equal(failures().length, 4);

    fixture.write('late.jsonl', '{"x":7}\n');
    await fixture.service.startJob('reader');
    await until('it has finished', () => fixture.state('reader') === 'FINISHED');
    assert.deepEqual(fixture.lines('copies'), ['{"x":7}']);
  } finally {
    await fixture.close();
  }
});
