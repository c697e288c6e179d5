import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

const sql = (limit: number): string => `-- Large amounts
CREATE TABLE payments (id BIGINT, amount BIGINT)
  WITH ('connector' = 'filesystem', 'path' = '../../payments.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
CREATE TABLE large (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '../../large', 'format' = 'json');
INSERT INTO large SELECT id FROM payments WHERE amount > ${limit};
`;

describe('reload of a pattern with golden files', () => {
  let fixture: ServiceFixture;
  const status = () => fixture.service.patterns()[0];
  const ids = (): number[] => fixture.lines('large').map((line) => (JSON.parse(line) as { id: number }).id);
  const goldenRuns = (): number => fixture.log.filter((l) => l.message === 'started' || l.message === 'changed').length;

  before(() => {
    fixture = new ServiceFixture();
    fixture.write('payments.jsonl', '{"id":1,"amount":50}\n{"id":2,"amount":500}\n');
    fixture.write('patterns/large/input/payments.jsonl', '{"id":7,"amount":70}\n{"id":8,"amount":150}\n');
    fixture.write('patterns/large/expected/large.jsonl', '{"op":"+I","row":{"id":8}}\n');
    fixture.write('patterns/large/pattern.sql', sql(100));
  });
  after(() => fixture.close());

  it('starts it once its golden test passes', async () => {
    await until('it runs', () => status()?.state === 'running');
    await until('the row', () => ids().length === 1);
    assert.deepEqual(ids(), [2]);
  });

  it('does not take a version that fails its golden test', async () => {
    fixture.write('patterns/large/pattern.sql', sql(60));
    await until('it is broken', () => status()?.state === 'broken');
    assert.match(status()!.problem!, /golden test failed: large: 2 rows instead of 1/);
    fixture.append('payments.jsonl', '{"id":3,"amount":80}\n{"id":4,"amount":400}\n');
    await until('rows of the old version', () => ids().includes(4));
    assert.deepEqual(ids().sort(), [2, 4]);
  });

  it('takes it when the expected rows are mended', async () => {
    const before = goldenRuns();
    fixture.write('patterns/large/expected/large.jsonl', '{"op":"+I","row":{"id":7}}\n{"op":"+I","row":{"id":8}}\n');
    await until('it is cured', () => status()?.state === 'running' && goldenRuns() > before);
    fixture.append('payments.jsonl', '{"id":5,"amount":80}\n');
    await until('a row of the new version', () => ids().includes(5));
    assert.deepEqual(ids().sort(), [2, 4, 5]);
  });

  it('can be stopped by hand, and then stays so until it changes', async () => {
    await fixture.service.stopJob('large.large');
    assert.equal(status()!.state, 'stopped');
    await fixture.service.close();
    fixture.open();
    await until('it is there', () => status() !== undefined && fixture.state('large.large') !== undefined);
    assert.equal(fixture.state('large.large'), 'SUSPENDED');
    fixture.write('patterns/large/pattern.sql', sql(65));
    await until('it runs', () => fixture.state('large.large') === 'RUNNING');
    fixture.append('payments.jsonl', '{"id":6,"amount":90}\n');
    await until('the row', () => ids().includes(6));
    assert.deepEqual(ids().sort(), [2, 4, 5, 6]);
  });
});
