/** Tests the layout of state after the migration of recorded checkpoints of the first layout. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { STRING } from '../../../../src/core/data-type.ts';
import { systemDisk } from '../../../../src/core/disk.ts';
import { MANIFEST_FORMAT, type Manifest, stateFilesOf } from '../../../../src/engine/checkpoint/manifest.ts';
import { readManifest } from '../../../../src/engine/checkpoint/restore.ts';
import { SORTER_TABLE, TIMERS_TABLE } from '../../../../src/engine/match/pattern-shape.ts';
import { migrateState } from '../../../../src/engine/migration/migrate-state.ts';
import { TIMERS_TABLE as SESSION_TIMERS_TABLE } from '../../../../src/engine/operators/session/open-sessions.ts';
import { ByteReader, ByteWriter } from '../../../../src/engine/state/byte-codec.ts';
import { everything, groupOf, keyGroupOf } from '../../../../src/engine/state/entry-key.ts';
import { keyPart } from '../../../../src/engine/state/key-codec.ts';
import { openCheckpointState } from '../../../../src/engine/state/open-backend.ts';
import type { StateEntry } from '../../../../src/engine/state/state-backend.ts';
import { chunkCodec, type TimerKind } from '../../../../src/engine/timers/timer-chunk.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';

interface Migrated {
  readonly before: readonly StateEntry[];
  readonly after: readonly StateEntry[];
  readonly manifest: Manifest;
}

/** Migrates a recorded checkpoint with state in memory. */
async function migrated(folder: string): Promise<Migrated> {
  const storage = new LocalStorage(path.join(import.meta.dirname, '../../../restore/0.1.0', folder, 'checkpoints'));
  const [epoch] = await storage.listManifests();
  const manifest = await readManifest(storage, epoch!);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-migrate-'));
  try {
    const files = stateFilesOf(manifest);
    for (const { name, sha256, length } of files) {
      await storage.fetchData(sha256, length, path.join(directory, name), false);
    }
    const names = files.map(({ name }) => name);
    const backend = await openCheckpointState({ backend: 'memory', names }, directory, systemDisk, () => assert.fail());
    const entries = async (): Promise<readonly StateEntry[]> => {
      const found: StateEntry[] = [];
      for await (const chunk of backend.scan(everything().from, everything().to)) found.push(...chunk);
      return found;
    };
    const before = await entries();
    return { before, manifest: await migrateState(manifest, backend), after: await entries() };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

const tableOf = ({ key }: StateEntry): number => key.readUInt8(2);

/** Returns the key groups of the keys of the recorded input. */
function groupsOfInput(): ReadonlySet<number> {
  const part = keyPart(STRING);
  return new Set(
    ['k0', 'k1', 'k2', null].map((key) => {
      const writer = new ByteWriter(16);
      part.write(writer, key);
      return keyGroupOf(writer.buffer, 0, writer.position);
    }),
  );
}

test('waiting rows and deadlines of a pattern are in the key groups of their partitions', async () => {
  const { before, after, manifest } = await migrated('memory-pattern');
  const groups = groupsOfInput();
  for (const [old, table] of [
    [0, SORTER_TABLE],
    [2, TIMERS_TABLE],
  ] as const) {
    assert.ok(before.some((entry) => tableOf(entry) === old));
    assert.ok(before.every((entry) => tableOf(entry) !== old || groupOf(entry.key) === 0));
    assert.ok(after.every((entry) => tableOf(entry) !== old));
    const entries = after.filter((entry) => tableOf(entry) === table);
    assert.ok(new Set(entries.map(({ key }) => groupOf(key))).size > 1);
    assert.ok(entries.every(({ key }) => groups.has(groupOf(key))));
  }
  const [snapshot] = Object.values(manifest.state.subtasks[0]!.snapshots).filter(
    (value) => (value as { timers?: number }).timers !== undefined,
  );
  assert.ok((snapshot as { timers: number }).timers > 0, 'new timers follow the migrated ones');
});

interface Timer {
  readonly time: number;
  readonly kind: TimerKind;
  readonly key: string;
}

/**
 * Returns the timers of chunks, sorted. In the first layout a timer is `time f64 | kind u8 | length
 * of the key varint | key`. The second layout has a sequence before the length.
 */
function timersIn(chunks: readonly StateEntry[], layout: 'first' | 'second'): readonly Timer[] {
  const timers: Timer[] = [];
  for (const { value } of chunks) {
    const entry = new ByteReader(value);
    entry.varint();
    const chunk = new ByteReader(chunkCodec.decode(entry) as Buffer);
    while (chunk.position < chunk.end) {
      const time = chunk.double();
      const kind = chunk.byte() === 1 ? 'exact' : 'cleanup';
      if (layout === 'second') chunk.varint();
      const length = chunk.varint();
      chunk.position += length;
      const key = chunk.buffer.toString('hex', chunk.position - length, chunk.position);
      timers.push({ time, kind, key });
    }
  }
  return timers.sort((a, b) => a.time - b.time || (a.key < b.key ? -1 : 1));
}

for (const [folder, kind] of [
  ['memory-pattern', 'cleanup'],
  ['memory-standard-pattern', 'exact'],
] as const) {
  test(`timers of ${folder} keep their times, keys and the kind ${kind}`, async () => {
    const { before, after } = await migrated(folder);
    const old = timersIn(
      before.filter((entry) => tableOf(entry) === 2),
      'first',
    );
    assert.ok(old.length > 1 && old.every((timer) => timer.kind === kind));
    const chunks = after.filter((entry) => tableOf(entry) === TIMERS_TABLE);
    assert.deepEqual(timersIn(chunks, 'second'), old);
  });
}

test('sessions leave the tables of the first layout and keep the key groups of their keys', async () => {
  const { before, after } = await migrated('memory-session');
  const groups = (entries: readonly StateEntry[]): readonly number[] =>
    [...new Set(entries.map(({ key }) => groupOf(key)))].sort((a, b) => a - b);
  const sessions = before.filter((entry) => tableOf(entry) === 0);
  assert.ok(sessions.length > 1);
  assert.ok(after.every((entry) => tableOf(entry) > 1));
  assert.deepEqual(groups(after), groups(sessions));
  const timers = after.filter((entry) => tableOf(entry) === SESSION_TIMERS_TABLE);
  assert.deepEqual(groups(timers), groups(sessions), 'each key has a timer');
});

test('state of the second layout does not change', async () => {
  const { manifest, after } = await migrated('memory-pattern');
  const again = { ...manifest, format: MANIFEST_FORMAT };
  // A migration would read the back end, which does not exist here.
  assert.equal(await migrateState(again, undefined as never), again);
  assert.ok(after.length > 0);
});
