import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BIGINT, DATE, INT, TIME, timestamp, timestampLtz } from '../../../../src/core/data-type.ts';
import { parseDate, parseTimestamp, timestampOfNanos } from '../../../../src/functions/time/time-text.ts';
import { findTimeZone } from '../../../../src/functions/time/time-zone.ts';
import { call, checkRecorded, type Recorded, typed } from '../../../support/call-function.ts';

const ms = (text: string): number => timestampOfNanos(parseTimestamp(text)!, 3) as number;
const ts = (text: string) => typed(timestamp(3), ms(text));
const ltz = (text: string) => typed(timestampLtz(3), ms(text));
const date = (text: string) => typed(DATE, parseDate(text));
const MARCH = ts('2024-03-05 10:11:12.345');

test('DATE_FORMAT', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['yyyy-MM-dd HH:mm:ss.SSS', '2024-03-05 10:11:12.345'],
    ['EEEE MMMM d, YYYY w', 'Tuesday March 5, 2024 10'],
    ['yy M d H m s S', '24 3 5 10 11 12 3'],
    ['hh:mm:ss a G', '10:11:12 AM AD'],
    ['D e c u', '65 3 3 2024'],
    ['SSSSSS n N A', '345000 345000000 36672345000000 36672345'],
    ['QQQ q L LLL LLLL', 'Q1 1 3 Mar March'],
    ["SSS'x''y'W F E", "345x'y2 5 Tue"],
  ];
  checkRecorded(rows.map(([pattern, text]): Recorded => ['DATE_FORMAT', [MARCH, pattern], text]));
  assert.throws(() => call('DATE_FORMAT', [MARCH, 'bad{}']), /unknown letter 'b'/);
  assert.throws(() => call('DATE_FORMAT', [MARCH, 'XXX']), /nothing for the pattern letter 'X'/);
  assert.equal(call('DATE_FORMAT', [ltz('2024-03-10 06:30:00'), 'HH:mm'], 'America/New_York'), '01:30');
});

test('TO_TIMESTAMP, TO_DATE, UNIX_TIMESTAMP', () => {
  checkRecorded([
    ['TO_TIMESTAMP', ['nonsense'], null],
    ['TO_TIMESTAMP', ['20240305101112', 'yyyyMMddHHmmss'], '2024-03-05 10:11:12'],
    ['TO_TIMESTAMP', ['05/03/24 1:02 PM', 'dd/MM/yy h:mm a'], '2024-03-05 13:02:00'],
    ['TO_TIMESTAMP', ['2024-03', 'yyyy-MM'], '2024-03-01 00:00:00'],
    ['TO_TIMESTAMP', ['10:11', 'HH:mm'], '1970-01-01 10:11:00'],
    ['TO_TIMESTAMP', ['2024-02-30', 'yyyy-MM-dd'], '2024-02-29 00:00:00'],
    ['TO_TIMESTAMP', ['2024-13-30', 'yyyy-MM-dd'], null],
    ['TO_TIMESTAMP', ['5 mar 2024', 'd MMM yyyy'], null],
    ['TO_TIMESTAMP', ['2024-3-5', 'yyyy-MM-dd'], '2024-03-05 00:00:00'],
    ['TO_TIMESTAMP', ['2024-03-05 x', 'yyyy-MM-dd'], null],
    ['TO_TIMESTAMP', ['2024065', 'yyyyDDD'], '2024-03-05 00:00:00'],
    ['TO_TIMESTAMP', ['2024-03-05 10:11:12+02:00', 'yyyy-MM-dd HH:mm:ssXXX'], '2024-03-05 10:11:12'],
    ['TO_DATE', ['05.03.2024', 'dd.MM.yyyy'], '2024-03-05'],
    ['TO_DATE', ['2024-02-30'], null],
    ['UNIX_TIMESTAMP', ['2024-03-05 10:11:12 x'], 1709633472],
    ['UNIX_TIMESTAMP', ['x'], -9223372036854775808n],
    ['FROM_UNIXTIME', [0, 'EEE w YYYY u'], 'Thu 1 1970 4'],
    ['TO_TIMESTAMP_LTZ', [typed(BIGINT, 5_000_000_000), 6], '1970-01-01 01:23:20'],
    ['TO_TIMESTAMP_LTZ', ['2024-03-05 10:11', 'yyyy-MM-dd HH:mm', 'Asia/Tokyo'], '2024-03-05 01:11:00'],
    ['CONVERT_TZ', ['2024-03-31 02:30:00', 'UTC', 'America/New_York'], '2024-03-30 22:30:00'],
  ]);
  checkRecorded([['UNIX_TIMESTAMP', ['2024-03-31 02:30:00'], 1711848600]], 'Europe/Berlin');
  checkRecorded(
    [
      ['UNIX_TIMESTAMP', ['2024-11-03 01:30:00'], 1730615400],
      ['UNIX_TIMESTAMP', ['2024-03-10 02:30:00'], 1710055800],
      ['TO_TIMESTAMP_LTZ', ['2024-03-10 02:30:00'], '2024-03-10 02:30:00'],
    ],
    'America/New_York',
  );
});

test('TIMESTAMPADD and TIMESTAMPDIFF', () => {
  checkRecorded([
    ['TIMESTAMPADD', ['QUARTER', 1, MARCH], '2024-06-05 10:11:12.345'],
    ['TIMESTAMPADD', ['MONTH', -1, date('2024-03-05')], '2024-02-05'],
    ['TIMESTAMPADD', ['HOUR', 1, date('2024-03-05')], '2024-03-05 01:00:00'],
    ['TIMESTAMPADD', ['HOUR', 30, typed(TIME, 36_672_000)], 16 * 3_600_000 + 11 * 60_000 + 12_000],
    ['TIMESTAMPDIFF', ['DAY', ts('2024-01-01 12:00:00'), MARCH], 63],
    ['TIMESTAMPDIFF', ['MONTH', ts('2024-01-31 00:00:00'), ts('2024-02-29 00:00:00')], 1],
    ['TIMESTAMPDIFF', ['MONTH', ts('2024-03-15 12:00:00'), ts('2024-01-15 13:00:00')], -2],
    ['TIMESTAMPDIFF', ['MONTH', ts('2024-02-29 12:00:00'), ts('2024-03-29 11:00:00')], 0],
    ['TIMESTAMPDIFF', ['QUARTER', ts('2023-01-01 00:00:00'), MARCH], 4],
    ['TIMESTAMPDIFF', ['SECOND', MARCH, ts('2024-03-05 10:11:11')], -1],
    ['TIMESTAMPDIFF', ['MILLISECOND', MARCH, ts('2024-03-05 10:11:11')], -1000],
    ['TIMESTAMPDIFF', ['MILLISECOND', ts('1970-01-01 00:00:00'), MARCH], 236488192],
  ]);
});

test('FLOOR and CEIL to a unit', () => {
  checkRecorded([
    ['FLOOR_TO', [ts('1969-12-31 23:00:00.001'), 'HOUR'], '1969-12-31 23:00:00'],
    ['FLOOR_TO', [ts('2024-02-29 23:59:59.999'), 'WEEK'], '2024-02-25 00:00:00'],
    ['FLOOR_TO', [MARCH, 'CENTURY'], '2001-01-01 00:00:00'],
    ['CEIL_TO', [MARCH, 'YEAR'], '2025-01-01 00:00:00'],
    ['CEIL_TO', [ts('2024-03-01 05:00:00'), 'MONTH'], '2024-03-01 00:00:00'],
    ['FLOOR_TO', [date('2024-02-29'), 'MONTH'], '2024-02-01'],
    ['FLOOR_TO', [MARCH, 'FORTNIGHT'], { refused: 'cannot round TIMESTAMP(3) to FORTNIGHT' }],
  ]);
  checkRecorded(
    [
      ['FLOOR_TO', [ltz('2024-03-10 07:30:00'), 'DAY'], '2024-03-10 04:00:00'],
      ['FLOOR_TO', [ltz('2024-11-03 06:30:00'), 'DAY'], '2024-11-03 05:00:00'],
    ],
    'America/New_York',
  );
});

test('EXTRACT, also before 1970 as Flink has it', () => {
  const old = ts('1969-12-31 23:00:00.001');
  checkRecorded([
    ['EXTRACT', ['WEEK', ts('2025-01-01 12:30:15.5')], 1],
    ['EXTRACT', ['ISOYEAR', ts('2023-12-31 00:00:00')], 2023],
    ['EXTRACT', ['DOW', ts('2023-12-31 00:00:00')], 1],
    ['EXTRACT', ['YEAR', old], 1970],
    ['EXTRACT', ['SECOND', old], -59],
    ['EXTRACT', ['MILLISECOND', old], -999],
    ['EXTRACT', ['EPOCH', old], -3599],
    ['YEAR', [date('1969-12-31')], 1969],
    ['HOUR', [typed(TIME, 36_672_000)], 10],
    ['EXTRACT', ['YEAR', typed(TIME, 0)], { refused: 'TIME(0) has no YEAR' }],
    ['YEAR', [typed(INT, 5)], { refused: 'INT has no YEAR' }],
  ]);
});

test('a zone: gaps go forward, of two instants the first is meant', () => {
  const zone = findTimeZone('America/New_York')!;
  assert.equal(zone.toInstant(ms('2024-03-10 02:30:00')), ms('2024-03-10 07:30:00'));
  assert.equal(zone.toInstant(ms('2024-11-03 01:30:00')), ms('2024-11-03 05:30:00'));
  for (const instant of ['2024-03-10 06:59:59', '2024-03-10 07:00:00', '1800-01-01 00:00:00', '2090-07-01 00:00:00']) {
    const local = zone.toLocal(ms(instant));
    assert.equal(zone.toInstant(local), ms(instant), instant);
  }
  assert.equal(findTimeZone('Nowhere/City'), null);
  assert.equal(findTimeZone('+05:30')!.toLocal(0), 19_800_000);
});
