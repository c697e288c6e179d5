import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { compile } from '../../../../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../../../../src/connectors/connector-registry.ts';
import { Job } from '../../../../src/engine/job/job.ts';
import { until } from '../../../support/service-fixture.ts';

test('a job without new rows evicts state when its memory is lowered', async (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-idle-'));
  t.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  const rows = Array.from({ length: 20_000 }, (_, i) => `{"k":${i}}\n`).join('');
  fs.writeFileSync(path.join(directory, 'in.jsonl'), rows);
  const { statements, diagnostics } = compile(
    `CREATE TABLE events (k BIGINT) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json', 'source.monitor-interval' = '1 h');
     CREATE TABLE counts (k BIGINT, n BIGINT) WITH ('connector' = 'blackhole');
     INSERT INTO counts SELECT k, COUNT(*) FROM events GROUP BY k;`,
    { fileName: 'test', catalog: { tables: new Map(), views: new Map() }, connectors: connectorCatalog, settings: {} },
  );
  const statement = statements.find((s) => s.kind === 'job');
  assert.ok(statement !== undefined, JSON.stringify(diagnostics));
  const job = await Job.open({
    plan: statement.plan,
    batchRows: 1000,
    state: { backend: 'memory', memoryBytes: 64 << 20, directory: path.join(directory, 'state') },
    checkpoints: null,
    endpoints: tableEndpoints({ baseDirectory: directory, environment: () => undefined }),
  });
  const ended = job.run();
  await until('all rows', () => job.metrics().rowsIn === 20_000);
  assert.equal(job.metrics().evictedEntries, 0);
  job.store.budgetBytes = 1 << 18;
  await until('eviction', () => job.metrics().evictedEntries > 10_000);
  job.stop('cancel');
  await ended;
});
