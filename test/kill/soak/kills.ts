import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';
import type { SoakService } from './soak-service.ts';

/** One kill on average in this time, in the first and in the last part of the test. */
const KILL_EVERY_S = 120;
const PART_MAX_S = 720;
const KILLS_MIN = 2;
const FIRST_KILL_S = 15;
/** Before the end, so that the last life has time to complete the output. */
const LAST_KILL_S = 15;

/**
 * Returns the seconds at which the service is killed: in the first and in the last quarter of the
 * test, or in twelve minutes of them. The life between them is long, so that growth of memory
 * shows.
 */
export function killTimes(seconds: number, random: SeededRandom): readonly number[] {
  const part = Math.min(PART_MAX_S, seconds / 4);
  const number = Math.max(KILLS_MIN, Math.round(part / KILL_EVERY_S));
  const within = (from: number, to: number): number[] =>
    Array.from({ length: number }, () => from + ((to - from) * random.below(1000)) / 1000);
  const times = [...within(FIRST_KILL_S, part), ...within(seconds - part, seconds - LAST_KILL_S)];
  return times.sort((a, b) => a - b);
}

/** Kills the service at its times. Returns the seconds of the kills. */
export async function killAt(
  times: readonly number[],
  service: SoakService,
  now: () => number,
  done: number[],
): Promise<void> {
  for (const time of times) {
    await sleep(Math.max(0, time - now()) * 1000);
    done.push(now());
    await service.killAndStart();
  }
}
