import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Batch } from '../../../../src/batch/batch.ts';
import { NumberVector } from '../../../../src/batch/vector.ts';
import { tableEndpoints } from '../../../../src/connectors/connector-registry.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { INT } from '../../../../src/core/data-type.ts';
import type { Sink } from '../../../../src/engine/sink.ts';

test('two sinks of a job that write into one directory do not affect each other', async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'shared-sink-'));
  const open = (): readonly Sink[] => {
    const request = { job: 'q.o', batchRows: 64, clock: systemClock, checkpointed: true };
    const endpoints = tableEndpoints({ baseDirectory: root })(request);
    return ['o.sink', 'o.sink-2', 'p.sink'].map((name, id) =>
      endpoints.sink({
        kind: 'sink',
        id,
        name,
        inputs: [0],
        table: 'o',
        fields: [{ name: 'v', type: INT }],
        options: { connector: 'filesystem', path: 'out', format: 'json' },
        changelog: 'insert',
        primaryKey: [],
      }),
    );
  };
  const write = (sinks: readonly Sink[], first: number): void =>
    sinks.forEach((sink, i) => {
      void sink.write(new Batch(1, [new NumberVector(Float64Array.of(first + i))]));
    });
  const rows = (): number[] =>
    fs
      .readdirSync(path.join(root, 'out'))
      .filter((name) => !name.startsWith('.'))
      .map((name) => JSON.parse(fs.readFileSync(path.join(root, 'out', name), 'utf8')).v as number)
      .sort();
  const before = open();
  for (const sink of before) await sink.restore([], 0, 'life1', 'one');
  write(before, 1);
  const parts = await Promise.all(before.map((sink) => sink.prepare(1).prepared));
  write(before, 7);
  // The process dies here. Its checkpoint is complete and nothing is committed.
  const after = open();
  for (const [i, sink] of after.entries()) await sink.restore([parts[i]], 1, 'life1', 'other');
  assert.deepEqual(rows(), [1, 2, 3]);
  write(after, 4);
  for (const sink of after) await sink.commit(await sink.prepare(2).prepared);
  assert.deepEqual(rows(), [1, 2, 3, 4, 5, 6]);
  fs.rmSync(root, { recursive: true });
});
