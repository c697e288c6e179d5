import assert from 'node:assert/strict';
import { it } from 'node:test';
import { at, patternSql } from '../../support/reload-bench.ts';
import { ServiceFixture, until } from '../../support/service-fixture.ts';

const REFUSE = "SET 'sequitur.pattern.reload' = 'refuse';";
const NAME = 'p.found';

it('a version that would lose partial matches is refused if the pattern forbids the loss; a version that keeps them is accepted and reported', async () => {
  const fixture = new ServiceFixture();
  try {
    const row = (second: number, v: number): string => `${JSON.stringify({ k: 'x', v, ts: at(second) })}\n`;
    fixture.write('patterns/in/0.jsonl', row(1, 20));
    const write = (define: string, partition = 'k'): void =>
      fixture.write('patterns/p.sql', patternSql({ before: REFUSE, define, partition }));
    write('A AS v > 10, B AS v < 5');
    await until('the row', () => fixture.service.job(NAME)?.rowsIn === 1);
    const pattern = () => fixture.service.patterns().find(({ name }) => name === 'p')!;

    write('A AS v > 10, B AS v < 5', 'name');
    await until('it is refused', () => pattern().state === 'broken', 30_000);
    assert.match(pattern().problem!, /'sequitur\.pattern\.reload' is 'refuse'.*PARTITION BY has changed/);
    await until('the version before', () => fixture.state(NAME) === 'RUNNING', 30_000);

    write('A AS v > 10, B AS v < 3');
    await until(
      'the other version',
      () => pattern().state === 'running' && pattern().reloads[NAME] !== undefined,
      10_000,
    );
    assert.deepEqual(pattern().reloads[NAME]!.operators[0]!.kept, {
      partialMatches: 1,
      heldBackMatches: 0,
      waitingRows: 0,
    });
    assert.deepEqual(fixture.service.job(NAME)!.reload, pattern().reloads[NAME]);
    assert.ok(fixture.log.some(({ message }) => message === 'found.match keeps 1 partial match'));
    fixture.write('patterns/in/1.jsonl', row(2, 4) + row(3, 2));
    await until('the match', () => fixture.lines('patterns/out').length === 1, 30_000);
    assert.deepEqual(fixture.lines('patterns/out'), ['{"k":"x","a":20,"b":2}']);
  } finally {
    await fixture.close();
  }
});
