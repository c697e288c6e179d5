import { inArrivalOrder, type TimedRow } from './arrival-order.ts';
import { SeededRandom } from './seeded-random.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/**
 * Generates four hours of page views by 25 visitors. Each visitor has a few visits and reads some
 * pages.
 */
export function pageViews(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(53);
  const pages = ['/', '/products', '/products/lamp', '/products/desk', '/cart', '/checkout', '/help', '/about'];
  const rows: TimedRow[] = [];
  for (let visitor = 1; visitor <= 25; visitor++) {
    let ts = startMs + random.whole(0, 60 * MINUTE);
    const visits = random.whole(1, 4);
    for (let visit = 0; visit < visits; visit++) {
      const views = random.whole(1, 12);
      for (let view = 0; view < views; view++) {
        rows.push({ ts, visitor: `v${String(visitor).padStart(3, '0')}`, page: view === 0 ? '/' : random.pick(pages) });
        ts += random.whole(5 * SECOND, 6 * MINUTE);
      }
      ts += random.whole(31 * MINUTE, 70 * MINUTE);
    }
  }
  rows.sort((a, b) => a.ts - b.ts);
  return inArrivalOrder(rows, random, {
    watermarkDelayMs: 20 * SECOND,
    lateRows: 4,
    lateByMs: [60 * MINUTE, 90 * MINUTE],
  });
}

/** Generates six hours of sales in a shop with five categories. */
export function sales(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(67);
  const categories = ['books', 'games', 'garden', 'kitchen', 'toys'];
  const prices = [30, 60, 90, 150, 45];
  const rows: TimedRow[] = [];
  for (let i = 0; i < 700; i++) {
    const category = random.whole(0, categories.length - 1);
    const quantity = random.chance(0.8) ? 1 : random.whole(2, 6);
    rows.push({
      ts: startMs + random.whole(0, 360 * MINUTE),
      sale_id: 0,
      category: categories[category],
      quantity,
      price: random.amount(4, prices[category]!),
    });
  }
  rows.sort((a, b) => a.ts - b.ts);
  const numbered = rows.map((row, i) => ({ ...row, sale_id: 5001 + i }));
  return inArrivalOrder(numbered, random, {
    watermarkDelayMs: MINUTE,
    lateRows: 5,
    lateByMs: [70 * MINUTE, 110 * MINUTE],
  });
}

/** Generates two hours of orders on a market with nine sellers. */
export function marketOrders(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(71);
  const sellers = ['acorn', 'birch', 'cedar', 'dogwood', 'elm', 'fir', 'gorse', 'hazel', 'ivy'];
  const rows: TimedRow[] = [];
  for (let i = 0; i < 600; i++) {
    rows.push({
      ts: startMs + random.whole(0, 120 * MINUTE),
      order_id: 0,
      seller: random.pick(sellers),
      amount: random.amount(5, 400),
    });
  }
  rows.sort((a, b) => a.ts - b.ts);
  const numbered = rows.map((row, i) => ({ ...row, order_id: 90_001 + i }));
  return inArrivalOrder(numbered, random, {
    watermarkDelayMs: 10 * SECOND,
    lateRows: 4,
    lateByMs: [15 * MINUTE, 25 * MINUTE],
  });
}

/** Generates an hour of account movements. Payments in are positive, payments out are negative. */
export function movements(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(83);
  const accounts = ['DE-1001', 'DE-1002', 'FR-2001', 'FR-2002', 'IT-3001', 'IT-3002', 'NL-4001', 'NL-4002'];
  const rows: TimedRow[] = [];
  for (let i = 0; i < 240; i++) {
    const incoming = random.chance(0.45);
    const amount = random.amount(5, incoming ? 900 : 600);
    rows.push({
      ts: startMs + random.whole(0, 60 * MINUTE),
      account: random.pick(accounts),
      amount: incoming ? amount : -amount,
    });
  }
  rows.sort((a, b) => a.ts - b.ts);
  return inArrivalOrder(rows, random, { watermarkDelayMs: 5 * SECOND, lateRows: 3, lateByMs: [MINUTE, 3 * MINUTE] });
}
