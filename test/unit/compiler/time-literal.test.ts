import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDate, parseInterval, parseTime, parseTimestamp } from '../../../src/compiler/time-literal.ts';

const interval = (text: string, from: string, to = from): number | null => parseInterval(text, from, to)?.value ?? null;

describe('time literals', () => {
  it('are dates of the calendar', () => {
    assert.equal(parseDate('1970-01-02'), 1);
    assert.equal(parseDate('1969-12-31'), -1);
    assert.equal(parseDate('2024-02-29'), 19782);
    assert.equal(parseDate('0001-01-01'), -719162);
    for (const wrong of ['2023-02-29', '2024-13-01', '2024', '2024-1', '2024-01-01 00:00:00'])
      assert.equal(parseDate(wrong), null);
  });

  it('are times and timestamps with the precision that is written', () => {
    assert.deepEqual(parseTime('10:11:12.5'), { ms: 36672500, nanos: 36672500000000n, precision: 1 });
    assert.equal(parseTime('24:00:00'), null);
    assert.deepEqual(parseTimestamp('1969-12-31 23:59:59.999'), { nanos: -1000000n, precision: 3 });
    assert.deepEqual(parseTimestamp('1970-01-01 00:00:00.000000001'), { nanos: 1n, precision: 9 });
    assert.equal(parseTimestamp('1970-01-01T00:00:00'), null);
  });

  it('are intervals of one unit or a range of units', () => {
    assert.equal(interval('10', 'SECOND'), 10_000);
    assert.equal(interval('0.001', 'SECOND'), 1);
    assert.equal(interval('-4', 'SECOND'), -4000);
    assert.equal(interval('2', 'WEEK'), 1_209_600_000);
    assert.equal(interval('1-2', 'YEAR', 'MONTH'), 14);
    assert.equal(interval('3', 'QUARTER'), 9);
    assert.equal(interval('1 02:03:04.005', 'DAY', 'SECOND'), 93_784_005);
    assert.equal(interval('-1 02', 'DAY', 'HOUR'), -93_600_000);
    assert.equal(interval('90:30', 'MINUTE', 'SECOND'), 5_430_000);
    for (const [text, from, to] of [
      ['ten', 'SECOND', 'SECOND'],
      ['1.5', 'MINUTE', 'MINUTE'],
      ['1 25', 'DAY', 'HOUR'],
      ['1-12', 'YEAR', 'MONTH'],
      ['1', 'HOUR', 'DAY'],
    ] as const) {
      assert.equal(interval(text, from, to), null);
    }
  });
});
