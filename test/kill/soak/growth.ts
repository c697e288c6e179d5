import type { Sample } from './samples.ts';

/** What may not grow, with its bound: a fixed part for noise, and a part for each minute. */
interface Quantity {
  readonly name: string;
  readonly unit: string;
  readonly of: (sample: Sample) => number | null;
  readonly fixed: number;
  readonly perMinute: number;
}

/**
 * The fixed part is the saw tooth of the collector, and what a storm of followers needs at once. A
 * leak as small as one megabyte a minute shows within an hour. The load gives all jobs a state that
 * does not grow.
 */
const IN_ONE_LIFE: readonly Quantity[] = [
  { name: 'RSS', unit: 'MB', of: (s) => s.rssMb, fixed: 30, perMinute: 0.5 },
  { name: 'state', unit: 'MB', of: (s) => s.stateMb, fixed: 2, perMinute: 0.02 },
  { name: 'descriptors', unit: '', of: (s) => s.descriptors, fixed: 12, perMinute: 0.05 },
  { name: 'threads', unit: '', of: (s) => s.threads, fixed: 2, perMinute: 0.02 },
];
const IN_ALL_LIVES: readonly Quantity[] = [
  { name: 'disk', unit: 'MB', of: (s) => s.diskMb, fixed: 8, perMinute: 0.05 },
];

const WARM_UP_MAX_S = 300;
/** A shorter life says nothing about growth. */
const LIFE_MIN_S = 150;

export interface Growth {
  readonly text: string;
  readonly tooMuch: boolean;
}

/**
 * Compares the mean of the first third with that of the last third, after a warm-up: a quarter of
 * the time, and five minutes at most.
 */
export function growths(samples: readonly Sample[]): readonly Growth[] {
  const lives = Map.groupBy(samples, ({ life }) => life);
  return [
    ...[...lives].flatMap(([life, of]) =>
      lasted(of) < LIFE_MIN_S ? [] : IN_ONE_LIFE.flatMap((each) => growthOf(`life ${life}`, of, each)),
    ),
    ...IN_ALL_LIVES.flatMap((each) => growthOf('all lives', samples, each)),
  ];
}

const lasted = (samples: readonly Sample[]): number => samples.at(-1)!.at - samples[0]!.at;

function growthOf(where: string, all: readonly Sample[], quantity: Quantity): Growth[] {
  const warm = all[0]!.at + Math.min(WARM_UP_MAX_S, lasted(all) / 4);
  const points = all.flatMap((sample) => {
    const value = quantity.of(sample);
    return value === null || sample.at < warm ? [] : [{ at: sample.at, value }];
  });
  const third = Math.floor(points.length / 3);
  if (third < 2) return [];
  const first = mean(points.slice(0, third).map(({ value }) => value));
  const last = mean(points.slice(-third).map(({ value }) => value));
  // The time between the middles of the two thirds.
  const minutes = ((points.at(-1)!.at - points[0]!.at) / 60) * (2 / 3);
  const bound = quantity.fixed + quantity.perMinute * minutes;
  const grown = last - first;
  const { name, unit } = quantity;
  const figures = `${first.toFixed(1)} → ${last.toFixed(1)} ${unit} in ${minutes.toFixed(1)} min`;
  const text = `${where}: ${name} ${figures}: ${(grown / minutes).toFixed(2)} a minute, ${grown.toFixed(1)} of ${bound.toFixed(1)} allowed`;
  return [{ text, tooMuch: grown > bound }];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
