import type { SeededRandom } from '../seeded-random.ts';

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  i: [0, 1, 2, -3, 7, 100, 2147483647],
  b: [0, 5, -1, 3000000000, 9007199254740991],
  d: [0, 1.5, -2.25, 99.99, 12345678.9],
  // Sums of these are exact in any order.
  x: [0, 0.5, -1.25, 2, 1000],
  k: ['a', 'b', 'c'],
  s: ['', 'a', 'Abc', ' b ', 'a,b,c', 'ä€', '2026-01-05', '12', 'x_%'],
  f: [true, false],
  zt: ['2026-01-05 10:00:00', '2025-12-31 23:59:59.999', '2024-02-29 12:30:15.5'],
  dy: ['2026-01-05', '2024-02-29', '1999-12-31'],
};

/** Returns JSON lines that are up to `delaySeconds` out of order. Few of them are late. */
export function randomRows(random: SeededRandom, delaySeconds: number): string {
  let second = 0;
  let text = '';
  for (let rows = random.between(3, 25); rows > 0; rows--) {
    second += random.oneOf([0, 0, 1, 1, 2, 7]);
    const back = random.chance(0.3) ? random.between(0, delaySeconds + 2) : 0;
    const time = new Date(Date.UTC(2026, 0, 5, 10, 0, Math.max(0, second - back)));
    const row: Record<string, unknown> = {};
    for (const [column, values] of Object.entries(VALUES))
      row[column] = random.chance(0.15) ? null : random.oneOf(values);
    row['ts'] = time.toISOString().slice(0, 19).replace('T', ' ');
    text += `${JSON.stringify(row)}\n`;
  }
  return text;
}
