/**
 * Tests the metrics of a slow sink: the operators before it are back-pressured, and the source
 * reports its unread input.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { compile } from '../../../../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../../../../src/connectors/connector-registry.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { Job } from '../../../../src/engine/job/job.ts';

const SQL = `CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json');
CREATE TABLE slow (n BIGINT, c BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO slow SELECT n, COUNT(*) FROM numbers GROUP BY n;`;

test('back pressure of a slow sink', async (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'back-pressure-'));
  t.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  fs.writeFileSync(path.join(directory, 'in.jsonl'), '{"n":1}\n'.repeat(100_000));
  const { statements } = compile(SQL, {
    fileName: 'test',
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: {},
  });
  const { plan } = statements.find((s) => s.kind === 'job')!;
  const job = await Job.open({
    id: 'job',
    plan,
    batchRows: 64,
    endpoints: tableEndpoints({ baseDirectory: directory }, (tables) => ({
      sink: (node) => ({
        ...tables.sink(node),
        prepare: () => ({ prepared: Promise.resolve(null) }),
        restore: async () => {},
        close: async () => {},
        write: () => systemClock.sleep(20),
      }),
    })),
  });
  const running = job.run();
  await systemClock.sleep(2600);
  const of = (kind: string) => job.metrics().operators.find((o) => o.kind === kind)! as Record<string, unknown>;
  const [scan, group, sink] = ['scan', 'group-aggregate', 'sink'].map(of);
  job.stop();
  await running;
  assert.ok((sink!['busyMsPerSecond'] as number) > 500, JSON.stringify(sink));
  assert.ok((group!['backPressuredMsPerSecond'] as number) > 500, JSON.stringify(group));
  assert.ok((scan!['backPressuredMsPerSecond'] as number) > 500, JSON.stringify(scan));
  assert.ok((scan!['pendingBytes'] as number) > 0);
  assert.ok((scan!['rowsHeld'] as number) >= 0);
});
