/**
 * Writes the inputs of the shipped patterns again. Generated inputs come from fixed seeds. Real
 * inputs come from the `data` folder of the npm package vega-datasets 3.2.1, if it is given:
 * `node scripts/generate-pattern-inputs.ts [folder]`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { jsonLines, type TimedRow } from './pattern-inputs/arrival-order.ts';
import { checkouts, parcels } from './pattern-inputs/delivery-tables.ts';
import { requests, temperatures } from './pattern-inputs/operations-tables.ts';
import { earthquakes, flights, prices } from './pattern-inputs/public-data.ts';
import { logins, payments } from './pattern-inputs/security-tables.ts';
import { marketOrders, movements, pageViews, sales } from './pattern-inputs/shop-tables.ts';

const patterns = path.join(import.meta.dirname, '..', 'patterns');
const start = Date.UTC(2026, 10, 2, 8);

/** Generates the inputs. Returns the content of each file by its path below `patterns/`. */
export function madeInputs(): ReadonlyMap<string, string> {
  return inputFiles({
    'failed-logins/input/logins.jsonl': logins(start),
    'card-testing/input/payments.jsonl': payments(start),
    'machine-overheating/input/temperatures.jsonl': temperatures(start),
    'error-rate/input/requests.jsonl': requests(start),
    'page-sessions/input/page_views.jsonl': pageViews(start),
    'sales-report/input/sales.jsonl': sales(start),
    'top-sellers/input/orders.jsonl': marketOrders(start),
    'account-balances/input/movements.jsonl': movements(start),
    'abandoned-checkouts/input/checkouts.jsonl': checkouts(start),
    'silent-parcels/input/parcels.jsonl': parcels(start),
  });
}

function publicInputs(data: string): ReadonlyMap<string, string> {
  return inputFiles({
    'aftershocks/input/earthquakes.jsonl': earthquakes(data),
    'flight-delays/input/flights.jsonl': flights(data),
    'price-dips/input/prices.jsonl': prices(data),
  });
}

function inputFiles(tables: Readonly<Record<string, readonly TimedRow[]>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(tables).map(([file, rows]) => [file, jsonLines(rows)]));
}

if (process.argv[1] === import.meta.filename) {
  const data = process.argv[2];
  for (const [file, text] of [...madeInputs(), ...(data === undefined ? [] : publicInputs(data))]) {
    fs.mkdirSync(path.dirname(path.join(patterns, file)), { recursive: true });
    fs.writeFileSync(path.join(patterns, file), text);
    console.log(file);
  }
}
