import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addMonths, civilFromDays, dayOfWeek, daysFromCivil, isoWeek } from '../../../src/core/calendar.ts';

test('agrees with Date over 300,000 years', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
      const date = new Date(days * 86_400_000);
      const civil = civilFromDays(days);
      assert.deepEqual(civil, { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
      assert.equal(daysFromCivil(civil.year, civil.month, civil.day), days);
      assert.equal(dayOfWeek(days), date.getUTCDay());
    }),
    { numRuns: 2000 },
  );
});

test('months are added to the last day at most', () => {
  assert.deepEqual(civilFromDays(addMonths(daysFromCivil(2024, 1, 31), 1)), { year: 2024, month: 2, day: 29 });
  assert.deepEqual(civilFromDays(addMonths(daysFromCivil(2024, 3, 31), -13)), { year: 2023, month: 2, day: 28 });
});

test('ISO weeks at the year end', () => {
  assert.deepEqual(isoWeek(daysFromCivil(2023, 12, 31)), { year: 2023, week: 52 });
  assert.deepEqual(isoWeek(daysFromCivil(2024, 12, 30)), { year: 2025, week: 1 });
  assert.deepEqual(isoWeek(daysFromCivil(2021, 1, 3)), { year: 2020, week: 53 });
});
