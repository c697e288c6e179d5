import { inArrivalOrder, type TimedRow } from './arrival-order.ts';
import { SeededRandom } from './seeded-random.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/**
 * Generates two hours of temperatures, one per minute and machine. Some machines become hot and
 * stay hot. Some only have a short peak.
 */
export function temperatures(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(37);
  const machines = ['press-1', 'press-2', 'lathe-1', 'lathe-2', 'oven-1', 'oven-2'];
  const rows: TimedRow[] = [];
  for (const machine of machines) {
    let climbing = 0;
    let heat = 0;
    for (let minute = 0; minute < 120; minute++) {
      const ts = startMs + minute * MINUTE + random.whole(0, 20 * SECOND);
      if (climbing === 0 && random.chance(0.03)) climbing = random.whole(5, 9);
      if (climbing > 0) {
        heat += random.whole(2, 8);
        climbing--;
      } else heat = Math.max(0, heat - random.whole(6, 14));
      const peak = climbing === 0 && heat === 0 && random.chance(0.02) ? 26 : 0;
      const celsius = Math.round((68 + heat + peak + random.fraction() * 6) * 10) / 10;
      rows.push({ ts, machine, celsius });
    }
  }
  rows.sort((a, b) => a.ts - b.ts);
  return inArrivalOrder(rows, random, {
    watermarkDelayMs: 30 * SECOND,
    lateRows: 4,
    lateByMs: [2 * MINUTE, 4 * MINUTE],
  });
}

/**
 * Generates forty minutes of web requests to three routes. One of them fails twice for a few
 * minutes.
 */
export function requests(startMs: number): readonly TimedRow[] {
  const random = new SeededRandom(41);
  const routes = ['/checkout', '/search', '/login'];
  const rows: TimedRow[] = [];
  for (let i = 0; i < 900; i++) {
    const ts = startMs + random.whole(0, 40 * MINUTE);
    const minute = (ts - startMs) / MINUTE;
    const route = random.pick(routes);
    const down =
      (route === '/checkout' && minute > 10 && minute < 15) || (route === '/search' && minute > 28 && minute < 31);
    const failed = random.chance(down ? 0.55 : 0.02);
    rows.push({
      ts,
      route,
      status: failed ? random.pick([500, 502, 503]) : 200,
      ms: random.whole(12, failed ? 900 : 240),
    });
  }
  rows.sort((a, b) => a.ts - b.ts);
  return inArrivalOrder(rows, random, {
    watermarkDelayMs: 5 * SECOND,
    lateRows: 5,
    lateByMs: [2 * MINUTE, 6 * MINUTE],
  });
}
