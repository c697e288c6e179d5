import { inArrivalOrder, type TimedRow } from './arrival-order.ts';
import { SeededRandom } from './seeded-random.ts';

const MINUTE = 60_000;

/**
 * Generates two hours of logins, with some mistyped passwords, some forgotten passwords, and
 * attacks on some accounts.
 */
export function logins(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(11);
  const users = [
    'amara',
    'bruno',
    'chen',
    'dalia',
    'edith',
    'farid',
    'greta',
    'hugo',
    'ines',
    'jonas',
    'kira',
    'lucia',
  ];
  const rows: TimedRow[] = [];
  const add = (ts: number, user_id: string, ip: string, ok: boolean): void => {
    rows.push({ ts, user_id, ip, outcome: ok ? 'success' : 'failure' });
  };
  const home = (user: string): string => `10.0.4.${10 + users.indexOf(user)}`;
  for (let i = 0; i < 300; i++) {
    const user = random.pick(users);
    const ts = startMs + random.whole(0, 120 * MINUTE);
    if (random.chance(0.15)) add(ts - random.whole(4_000, 30_000), user, home(user), false);
    add(ts, user, home(user), true);
  }
  for (let attack = 0; attack < 14; attack++) {
    const user = random.pick(users);
    const ip = `203.0.113.${random.whole(2, 250)}`;
    let ts = startMs + random.whole(5 * MINUTE, 110 * MINUTE);
    const tries = random.whole(3, 8);
    // A slow attack takes more than ten minutes, and a failed one ends without a login. Neither may
    // be in the result.
    const slow = attack % 5 === 4;
    for (let i = 0; i < tries; i++) {
      add(ts, user, ip, false);
      ts += slow ? random.whole(4 * MINUTE, 6 * MINUTE) : random.whole(2_000, 20_000);
    }
    if (attack % 4 !== 3) add(ts, user, ip, true);
  }
  rows.sort((a, b) => a.ts - b.ts);
  return inArrivalOrder(rows, random, {
    watermarkDelayMs: 15_000,
    lateRows: 4,
    lateByMs: [2 * MINUTE, 5 * MINUTE],
  });
}

/**
 * Generates three hours of card payments. On some cards a payment of about one unit is the test
 * before a large one.
 */
export function payments(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(23);
  const cards = Array.from({ length: 40 }, (_, i) => `4000-${String(1000 + i * 37)}`);
  const shops = ['grocer', 'fuel', 'books', 'cafe', 'pharmacy', 'transit', 'garden'];
  const rows: TimedRow[] = [];
  const add = (ts: number, card: string, merchant: string, amount: number): void => {
    rows.push({ ts, payment_id: 0, card, merchant, amount });
  };
  for (let i = 0; i < 520; i++) {
    const large = random.chance(0.03);
    const amount = large ? random.amount(300, 900) : random.amount(2.5, 120);
    add(startMs + random.whole(0, 180 * MINUTE), random.pick(cards), random.pick(shops), amount);
  }
  for (let i = 0; i < 16; i++) {
    const card = random.pick(cards);
    let ts = startMs + random.whole(5 * MINUTE, 165 * MINUTE);
    add(ts, card, 'donation', random.amount(0.5, 1.9));
    ts += random.whole(20_000, 3 * MINUTE);
    if (i % 3 === 0) add(ts, card, random.pick(shops), random.amount(3, 40));
    // Every fourth large payment is too late to belong to the small one.
    ts += i % 4 === 3 ? random.whole(11 * MINUTE, 14 * MINUTE) : random.whole(30_000, 5 * MINUTE);
    add(ts, card, random.pick(['electronics', 'jewellery', 'vouchers']), random.amount(500, 2_400));
  }
  rows.sort((a, b) => a.ts - b.ts);
  const numbered = rows.map((row, i) => ({ ...row, payment_id: 70_001 + i }));
  return inArrivalOrder(numbered, random, { watermarkDelayMs: 10_000, lateRows: 4, lateByMs: [MINUTE, 4 * MINUTE] });
}
