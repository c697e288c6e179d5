/**
 * Measures the gain of each technique of the engine in one run: the figures of ADR 0003 and 0005.
 *
 *     node bench/alternatives.ts [rows]
 *
 * The work is always the same: read bids, sum the price per bidder (864 thousand of 2 million rows)
 * or per channel. Best of three.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Batch } from '../src/batch/batch.ts';
import type { BytesVector, NumberVector } from '../src/batch/vector.ts';
import { BIGINT, STRING } from '../src/core/data-type.ts';
import { CachedStateStore } from '../src/engine/state/cached-state-store.ts';
import { MemoryBackend } from '../src/engine/state/memory-backend.ts';
import { RocksdbBackend } from '../src/engine/state/rocksdb/rocksdb-backend.ts';
import { JsonDecoder } from '../src/formats/json/json-decoder.ts';
import { benchInput } from './generate.ts';

const rows = Number(process.argv[2] ?? 2_000_000);
const file = benchInput(path.join(os.tmpdir(), 'sequitur-bench'), 'widebids', rows);

function blocks(use: (buffer: Buffer, end: number) => void): void {
  const buffer = Buffer.allocUnsafeSlow(2 << 20);
  const fd = fs.openSync(file, 'r');
  for (let keep = 0; ; ) {
    const read = fs.readSync(fd, buffer, keep, 1 << 20, null);
    if (read === 0) break;
    const end = buffer.lastIndexOf(10, keep + read - 1) + 1;
    use(buffer, end);
    buffer.copy(buffer, 0, end, keep + read);
    keep = keep + read - end;
  }
  fs.closeSync(fd);
}

const ALL = ['auction', 'bidder', 'price', 'channel', 'url'];
const fieldsOf = (names: readonly string[]) =>
  names.map((name) => ({ name, type: name === 'channel' || name === 'url' ? STRING : BIGINT }));

function scan(names: readonly string[], use: (batch: Batch) => void): void {
  const decoder = new JsonDecoder(fieldsOf(names), 4096, (reason) => {
    throw new Error(reason);
  });
  blocks((buffer, end) => {
    for (let at = 0; at < end; ) {
      const { batch, next } = decoder.decode(buffer, at, end, 4096);
      use(batch);
      at = next;
    }
  });
}

const numbers = (batch: Batch, column: number): Float64Array => (batch.columns[column] as NumberVector).values;

async function keyedSums(store: CachedStateStore, batches: readonly Batch[] | null): Promise<void> {
  const table = store.keyedTable({ operator: 1, table: 0, name: 't', key: [BIGINT], columns: [{ kind: 'long' }] });
  const slots = new Int32Array(4096);
  const add = async (batch: Batch): Promise<void> => {
    const wait = table.lookup(batch, [0], slots);
    if (wait) await wait;
    const prices = numbers(batch, 1);
    const sums = table.columns[0] as Float64Array;
    for (let i = 0; i < batch.size; i++) {
      table.touch(slots[i]!);
      sums[slots[i]!]! += prices[i]!;
    }
    const evict = store.maintain(8192);
    if (evict) await evict;
  };
  if (batches === null) {
    scan(['bidder', 'price'], (batch) => {
      void add(batch);
    });
  } else for (const batch of batches) await add(batch);
}

/**
 * Reads the keys and prices into batches of copies, for variants that have to wait between batches.
 */
function collected(limit: number): Batch[] {
  const list: Batch[] = [];
  let taken = 0;
  scan(['bidder', 'price'], (batch) => {
    if (taken >= limit) return;
    taken += batch.size;
    const columns = [0, 1].map((c) =>
      Object.create(batch.columns[c]!, { values: { value: numbers(batch, c).slice(0, batch.size) } }),
    );
    list.push(new Batch(batch.size, columns));
  });
  return list;
}

async function onRocksdb(budget: number, limit: number): Promise<void> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-alternatives-'));
  const store = new CachedStateStore(await RocksdbBackend.open(directory, 28 << 20), budget);
  await keyedSums(store, collected(limit));
  await store.backend.close();
  fs.rmSync(directory, { recursive: true });
}

const VARIANTS: Readonly<Record<string, { rows?: number; run: () => void | Promise<void> }>> = {
  'JSON.parse per line, Map of sums': {
    run() {
      const sums = new Map<number, number>();
      blocks((buffer, end) => {
        for (const line of buffer.utf8Slice(0, end - 1).split('\n')) {
          const row = JSON.parse(line) as { bidder: number; price: number };
          sums.set(row.bidder, (sums.get(row.bidder) ?? 0) + row.price);
        }
      });
    },
  },
  'scanner, nothing done with the columns': { run: () => scan(['bidder', 'price'], () => {}) },
  'scanner, all five columns as boxed rows, Map': {
    run() {
      const sums = new Map<number, number>();
      return scan(ALL, (batch) => {
        for (let i = 0; i < batch.size; i++) {
          const row = batch.columns.map((c) => c.get(i));
          sums.set(row[1] as number, (sums.get(row[1] as number) ?? 0) + (row[2] as number));
        }
      });
    },
  },
  'scanner, wanted columns, Map': {
    run() {
      const sums = new Map<number, number>();
      return scan(['bidder', 'price'], (batch) => {
        const [keys, prices] = [numbers(batch, 0), numbers(batch, 1)];
        for (let i = 0; i < batch.size; i++) sums.set(keys[i]!, (sums.get(keys[i]!) ?? 0) + prices[i]!);
      });
    },
  },
  'scanner, wanted columns, Map of BigInt sums': {
    run() {
      const sums = new Map<number, bigint>();
      return scan(['bidder', 'price'], (batch) => {
        const [keys, prices] = [numbers(batch, 0), numbers(batch, 1)];
        for (let i = 0; i < batch.size; i++) sums.set(keys[i]!, (sums.get(keys[i]!) ?? 0n) + BigInt(prices[i]!));
      });
    },
  },
  'scanner, wanted columns, state table (as the engine does it)': {
    run: () => keyedSums(new CachedStateStore(new MemoryBackend(), 1 << 30), null),
  },
  'text key: JS strings in a Map': {
    run() {
      const sums = new Map<string, number>();
      return scan(['channel', 'price'], (batch) => {
        const prices = numbers(batch, 1);
        for (let i = 0; i < batch.size; i++) {
          const key = (batch.columns[0] as BytesVector).get(i)!;
          sums.set(key, (sums.get(key) ?? 0) + prices[i]!);
        }
      });
    },
  },
  'text key: interned bytes in a state table': {
    run() {
      const store = new CachedStateStore(new MemoryBackend(), 1 << 30);
      const table = store.keyedTable({ operator: 1, table: 0, name: 't', key: [STRING], columns: [{ kind: 'long' }] });
      const slots = new Int32Array(4096);
      return scan(['channel', 'price'], (batch) => {
        void table.lookup(batch, [0], slots);
        const prices = numbers(batch, 1);
        for (let i = 0; i < batch.size; i++) {
          table.touch(slots[i]!);
          (table.columns[0] as Float64Array)[slots[i]!]! += prices[i]!;
        }
      });
    },
  },
  'RocksDB, all in the cache (64 MB)': { run: () => onRocksdb(64 << 20, rows) },
  'RocksDB, a cache of 8 MB': { rows: Math.min(rows, 500_000), run: () => onRocksdb(8 << 20, 500_000) },
};

console.log('| variant | K rows/s |\n|---|---:|');
for (const [name, variant] of Object.entries(VARIANTS)) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const since = performance.now();
    await variant.run();
    best = Math.min(best, performance.now() - since);
  }
  console.log(`| ${name} | ${Math.round((variant.rows ?? rows) / best)} |`);
}
