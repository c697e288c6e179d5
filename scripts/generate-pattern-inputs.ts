/**
 * Writes the inputs of the shipped patterns again: the made ones from fixed seeds, the real ones from the `data` folder of the npm package
 * vega-datasets 3.2.1 where it is given: `node scripts/generate-pattern-inputs.ts [folder]`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { jsonLines, type TimedRow } from './pattern-inputs/arrival-order.ts';
import { requests, temperatures } from './pattern-inputs/operations-tables.ts';
import { earthquakes, flights, prices } from './pattern-inputs/public-data.ts';
import { logins, payments } from './pattern-inputs/security-tables.ts';
import { marketOrders, movements, pageViews, sales } from './pattern-inputs/shop-tables.ts';

const patterns = path.join(import.meta.dirname, '..', 'patterns');
const start = Date.UTC(2026, 10, 2, 8);

function write(pattern: string, table: string, rows: readonly TimedRow[]): void {
  const file = path.join(patterns, pattern, 'input', `${table}.jsonl`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, jsonLines(rows));
  console.log(`${path.relative(patterns, file)}: ${rows.length} rows`);
}

write('failed-logins', 'logins', logins(start));
write('card-testing', 'payments', payments(start));
write('machine-overheating', 'temperatures', temperatures(start));
write('error-rate', 'requests', requests(start));
write('page-sessions', 'page_views', pageViews(start));
write('sales-report', 'sales', sales(start));
write('top-sellers', 'orders', marketOrders(start));
write('account-balances', 'movements', movements(start));

const publicData = process.argv[2];
if (publicData !== undefined) {
  write('aftershocks', 'earthquakes', earthquakes(publicData));
  write('flight-delays', 'flights', flights(publicData));
  write('price-dips', 'prices', prices(publicData));
}
