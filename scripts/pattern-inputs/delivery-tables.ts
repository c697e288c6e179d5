import { inArrivalOrder, type TimedRow } from './arrival-order.ts';
import { SeededRandom } from './seeded-random.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/**
 * Generates three hours of checkouts. Most are paid. Some are left at the cart, the address or the
 * payment.
 */
export function checkouts(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(89);
  const rows: TimedRow[] = [];
  for (let i = 1; i <= 110; i++) {
    const cart = `c${String(i).padStart(4, '0')}`;
    const reached = random.chance(0.72) ? 3 : random.whole(0, 2);
    let ts = startMs + random.whole(0, 180 * MINUTE);
    for (const step of ['cart', 'address', 'payment', 'paid'].slice(0, reached + 1)) {
      rows.push({ ts, cart, step, total: 0 });
      // Some look at the same page again
      if (random.chance(0.15)) rows.push({ ts: ts + 20 * SECOND, cart, step: 'help', total: 0 });
      ts += random.whole(25 * SECOND, 8 * MINUTE);
    }
  }
  const totals = new Map<unknown, number>();
  for (const row of rows) if (!totals.has(row['cart'])) totals.set(row['cart'], random.amount(12, 400));
  const priced = rows.map((row) => ({ ...row, total: totals.get(row['cart'])! }));
  priced.sort((a, b) => a.ts - b.ts);
  return inArrivalOrder(priced, random, {
    watermarkDelayMs: 10 * SECOND,
    lateRows: 3,
    lateByMs: [20 * MINUTE, 40 * MINUTE],
  });
}

/**
 * Generates a day of parcels. They are picked up, scanned on the way and delivered. A few have no
 * further event after a scan.
 */
export function parcels(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(97);
  const rows: TimedRow[] = [];
  const depots = ['Leith', 'Moss Side', 'Acton', 'Easton', 'Byker'];
  for (let i = 1; i <= 90; i++) {
    const parcel = `P${70_000 + i}`;
    const silent = random.chance(0.12);
    const scans = random.whole(1, 4);
    let ts = startMs + random.whole(0, 600 * MINUTE);
    rows.push({ ts, parcel, event: 'picked up', depot: random.pick(depots) });
    for (let scan = 0; scan < (silent ? random.whole(0, scans) : scans); scan++) {
      ts += random.whole(20 * MINUTE, 170 * MINUTE);
      rows.push({ ts, parcel, event: 'scanned', depot: random.pick(depots) });
    }
    ts += random.whole(20 * MINUTE, 170 * MINUTE);
    if (!silent) rows.push({ ts, parcel, event: 'delivered', depot: rows.at(-1)!['depot'] });
  }
  rows.sort((a, b) => a.ts - b.ts);
  return inArrivalOrder(rows, random, {
    watermarkDelayMs: 5 * MINUTE,
    lateRows: 3,
    lateByMs: [4 * 60 * MINUTE, 6 * 60 * MINUTE],
  });
}
