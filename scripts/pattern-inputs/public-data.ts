import fs from 'node:fs';
import path from 'node:path';
import { inArrivalOrder, type TimedRow } from './arrival-order.ts';
import { SeededRandom } from './seeded-random.ts';

const MINUTE = 60_000;

interface Quake {
  readonly id: string;
  readonly properties: {
    readonly time: number;
    readonly mag: number | null;
    readonly place: string;
    readonly type: string;
  };
  readonly geometry: { readonly coordinates: readonly [number, number, number] };
}

/**
 * Earthquakes of magnitude 2 and more; the package's file is the USGS feed of one week. The order
 * of arrival is generated.
 */
export function earthquakes(dataDirectory: string): readonly TimedRow[] {
  const { features } = JSON.parse(fs.readFileSync(path.join(dataDirectory, 'earthquakes.json'), 'utf8')) as {
    features: readonly Quake[];
  };
  const rows = features
    .filter((f) => (f.properties.mag ?? 0) >= 2 && f.properties.type === 'earthquake')
    .map((f) => {
      const [longitude, latitude, depth_km] = f.geometry.coordinates;
      return {
        ts: f.properties.time,
        id: f.id,
        magnitude: f.properties.mag,
        place: f.properties.place,
        latitude,
        longitude,
        depth_km,
      };
    })
    .sort((a, b) => a.ts - b.ts);
  return inArrivalOrder(rows, new SeededRandom(97), {
    watermarkDelayMs: 10 * MINUTE,
    lateRows: 3,
    lateByMs: [30 * MINUTE, 60 * MINUTE],
  });
}

interface Flight {
  readonly date: string;
  readonly delay: number;
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
}

/**
 * Returns the flights of the first four days. A row arrives when the delayed flight arrives, so
 * rows with large delays are out of order.
 */
export function flights(dataDirectory: string): readonly TimedRow[] {
  const all = JSON.parse(fs.readFileSync(path.join(dataDirectory, 'flights-20k.json'), 'utf8')) as readonly Flight[];
  return all
    .map((f) => {
      const ts = Date.parse(`${f.date.replaceAll('/', '-').replace(' ', 'T')}:00Z`);
      return { ts, origin: f.origin, destination: f.destination, delay_minutes: f.delay, distance_miles: f.distance };
    })
    .filter((row) => row.ts < Date.UTC(2001, 0, 5))
    .sort((a, b) => a.ts + a.delay_minutes * MINUTE - (b.ts + b.delay_minutes * MINUTE) || a.ts - b.ts);
}

/** Returns the monthly prices of five companies from 2000 to 2010, by date. */
export function prices(dataDirectory: string): readonly TimedRow[] {
  const lines = fs.readFileSync(path.join(dataDirectory, 'stocks.csv'), 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => {
      const [symbol, date, price] = line.split(',');
      return { ts: Date.parse(`${date} UTC`), symbol, price: Number(price) };
    })
    .sort((a, b) => a.ts - b.ts);
}
