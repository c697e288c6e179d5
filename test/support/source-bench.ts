import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Batch } from '../../src/batch/batch.ts';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../../src/connectors/connector-registry.ts';
import { Job } from '../../src/engine/job/job.ts';
import type { Sink } from '../../src/engine/sink.ts';
import { LocalStorage } from '../../src/storage/local/local-storage.ts';
import type { FakeSource } from './fake-source.ts';
import { ManualClock } from './manual-clock.ts';

/** A job over sources that are written in a test, with a manual clock. */
export class SourceBench {
  readonly clock = new ManualClock();
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'splits-'));
  readonly storage = new LocalStorage(this.directory);
  /** Returns the values of the one column in the order of the output. */
  readonly values: unknown[] = [];
  job: Job | null = null;
  #ended: Promise<unknown> | null = null;

  async start(sql: string, sources: Readonly<Record<string, FakeSource>>, batchRows = 100): Promise<Job> {
    const { statements, diagnostics } = compile(sql, {
      fileName: 'splits',
      catalog: { tables: new Map(), views: new Map() },
      connectors: connectorCatalog,
      settings: {},
    });
    const statement = statements.find((s) => s.kind === 'job');
    assert.ok(statement !== undefined, JSON.stringify(diagnostics));
    this.job = await Job.open({
      plan: statement.plan,
      clock: this.clock,
      batchRows,
      checkpoints: { storage: this.storage },
      endpoints: tableEndpoints({ baseDirectory: '/' }, () => ({
        source: (node) => sources[node.table]!,
        sink: () => collecting(this.values),
      })),
    });
    this.#ended = this.job.run();
    this.#ended.catch(() => {});
    await this.clock.advance(0);
    return this.job;
  }

  get seconds(): number[] {
    return this.values.map((value) => (value as number) / 1000);
  }

  async stop(): Promise<void> {
    this.job!.stop();
    let over = false;
    const ended = this.#ended!.finally(() => {
      over = true;
    });
    while (!over) await this.clock.advance(10);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

function collecting(values: unknown[]): Sink {
  return {
    write({ selection, selected, columns }: Batch) {
      for (let i = 0; i < selected; i++) values.push(columns[0]!.get(selection === null ? i : selection[i]!));
    },
    prepare: () => ({ prepared: Promise.resolve(null) }),
    commit: async () => {},
    restore: async () => {},
    close: async () => {},
  };
}
