import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, it } from 'node:test';
import { Batch } from '../../../../src/batch/batch.ts';
import { NumberVector, ObjectVector } from '../../../../src/batch/vector.ts';
import { tableEndpoints } from '../../../../src/connectors/connector-registry.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { INT, STRING } from '../../../../src/core/data-type.ts';
import type { Sink } from '../../../../src/engine/sink.ts';

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-partitions-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

function open(options: Readonly<Record<string, string>> = {}): Sink {
  const request = { job: 'q.o', batchRows: 64, clock: systemClock, checkpointed: true };
  return tableEndpoints({ baseDirectory: root })(request).sink({
    kind: 'sink',
    id: 0,
    name: 'o.sink',
    inputs: [0],
    table: 'o',
    fields: [
      { name: 'day', type: STRING },
      { name: 'v', type: INT },
    ],
    options: { connector: 'filesystem', path: 'out', format: 'json', ...options },
    changelog: 'insert',
    primaryKey: [],
    partitionedBy: [0],
  });
}

const write = (sink: Sink, rows: readonly (readonly [string | null, number])[]): void =>
  void sink.write(
    new Batch(rows.length, [
      new ObjectVector(rows.map(([day]) => day)),
      new NumberVector(Float64Array.from(rows, ([, v]) => v)),
    ]),
  );

/** The visible lines by folder. */
function visible(): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const name of fs.readdirSync(path.join(root, 'out'), { recursive: true }).map(String).sort()) {
    if (!name.endsWith('.jsonl') || path.basename(name).startsWith('.')) continue;
    const lines = fs
      .readFileSync(path.join(root, 'out', name), 'utf8')
      .trim()
      .split('\n');
    found[path.dirname(name)] = [...(found[path.dirname(name)] ?? []), ...lines];
  }
  return found;
}
const hidden = (): string[] =>
  fs
    .readdirSync(path.join(root, 'out'), { recursive: true })
    .map(String)
    .filter((name) => path.basename(name).startsWith('.'));

it('writes a folder for each value, without the column', async () => {
  const sink = open();
  await sink.restore([], 0, 'life', 'one');
  write(sink, [
    ['a', 1],
    ['b/c', 2],
    ['a', 3],
    [null, 4],
    ['', 5],
  ]);
  assert.deepEqual(visible(), {});
  await sink.commit(await sink.prepare(1).prepared);
  assert.deepEqual(visible(), {
    'day=a': ['{"v":1}', '{"v":3}'],
    'day=b%2Fc': ['{"v":2}'],
    'day=__DEFAULT_PARTITION__': ['{"v":4}', '{"v":5}'],
  });
  assert.equal(await sink.prepare(2).prepared, null);
});

it('uses the name of partition.default-name for NULL', async () => {
  const sink = open({ 'partition.default-name': 'none' });
  await sink.restore([], 0, 'life', 'one');
  write(sink, [[null, 4]]);
  await sink.commit(await sink.prepare(1).prepared);
  assert.deepEqual(visible(), { 'day=none': ['{"v":4}'] });
});

it('shows each row once after a kill between the checkpoint and its commit', async () => {
  const before = open();
  await before.restore([], 0, 'life', 'one');
  write(before, [
    ['a', 1],
    ['b', 2],
  ]);
  const prepared: unknown = JSON.parse(JSON.stringify(await before.prepare(1).prepared));
  // These rows come after the checkpoint. The process dies here.
  write(before, [['a', 7], ['new', 8], ...Array.from({ length: 9000 }, (_, i) => ['c', i] as const)]);
  assert.equal(hidden().length, 3);
  const after = open();
  await after.restore([prepared], 1, 'life', 'two');
  assert.deepEqual(visible(), { 'day=a': ['{"v":1}'], 'day=b': ['{"v":2}'] });
  write(after, [
    ['a', 7],
    ['new', 8],
  ]);
  const next = await after.prepare(2).prepared;
  after.settle?.();
  await after.commit(next);
  assert.deepEqual(visible(), { 'day=a': ['{"v":1}', '{"v":7}'], 'day=b': ['{"v":2}'], 'day=new': ['{"v":8}'] });
  assert.deepEqual(hidden(), []);
});

it('refuses a checkpoint that is older than visible output of a partition', async () => {
  const sink = open();
  await sink.restore([], 0, 'life', 'one');
  write(sink, [['a', 1]]);
  await sink.commit(await sink.prepare(1).prepared);
  await assert.rejects(open().restore([], 0, 'life', 'two'), { code: 'CHECKPOINT_CORRUPT' });
});
