/**
 * Tests one million keys that have one row each. After the last deadline, memory and disk contain
 * the same as before the first row.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { RocksdbBackend } from '../../../../src/engine/state/rocksdb/rocksdb-backend.ts';
import { kindIs, last, MatchHarness, matchNode, variable } from './match-harness.ts';

const KEYS = 1_000_000;
const BATCH_ROWS = 10_000;
/**
 * The milliseconds after its row at which a key's partial match ends. About 100,000 keys are open
 * at once, more than the cache holds.
 */
const WITHIN_MS = 10;

test('one million keys that never return leave no state in memory or on disk', async (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-one-shot-'));
  const backend = await RocksdbBackend.open(directory, 8 << 20);
  t.after(async () => {
    await backend.close();
    fs.rmSync(directory, { recursive: true, force: true });
  });
  const harness = new MatchHarness(
    matchNode([variable('S'), variable('E')], { S: kindIs('s'), E: kindIs('e') }, [last('S', 'id'), last('E', 'id')], {
      within: { ms: WITHIN_MS, type: 'first-and-last' },
    }),
    4 << 20,
    {},
    backend,
  );
  let most = 0;
  let evicted = 0;
  for (let from = 0; from < KEYS; from += BATCH_ROWS) {
    const rows = Array.from({ length: BATCH_ROWS }, (_, i) => ({
      id: from + i,
      k: `key ${from + i}`,
      kind: 's',
      v: 1,
      ts: 1000 + Math.floor((from + i) / BATCH_ROWS),
    }));
    await harness.run(rows, BATCH_ROWS, 1);
    if (from % (BATCH_ROWS * 25) === 0) await harness.killAndRestore();
    most = Math.max(most, harness.metrics()['partialMatches'] as number);
    evicted = Math.max(evicted, harness.evictedEntries);
  }
  assert.ok(evicted > 0, 'everything stayed in memory');
  assert.ok(most >= 90_000, `only ${most} keys were open at once`);
  assert.ok(most < 300_000, `${most} keys were open at once`);
  for (let at = 0; at < 100; at++) await harness.advance(1_000_000 + at);
  assert.deepEqual(harness.entryCounts(), { '7.sorter': 0, '7.matches': 0, '7.timers': 0 });
  assert.equal(await harness.storedEntries(), 0);
  const snapshot = fs.mkdtempSync(path.join(directory, 'snapshot-'));
  const names = await backend.snapshotTo(snapshot);
  const bytes = names.reduce((sum, name) => sum + fs.statSync(path.join(snapshot, name)).size, 0);
  // Allows for removals that compaction has not processed yet (12 MB when measured), not for
  // entries.
  assert.ok(bytes < 24 << 20, `${bytes} bytes on disk`);
});
