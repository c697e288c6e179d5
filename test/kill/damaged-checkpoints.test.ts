/**
 * Damages every file of a job's checkpoints in turn: flips a bit, truncates, empties, removes it,
 * or swaps it with another. The engine must name the file before it uses it, and the job must
 * continue from an older checkpoint or stop. The job's output must be that of an undisturbed run.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog, tableEndpoints } from '../../src/connectors/connector-registry.ts';
import { systemClock } from '../../src/core/clock.ts';
import { EngineError } from '../../src/core/engine-error.ts';
import type { CheckpointStorage } from '../../src/engine/checkpoint/checkpoint-storage.ts';
import { Job } from '../../src/engine/job/job.ts';
import type { JobEvent } from '../../src/engine/job/job-options.ts';
import { LocalStorage } from '../../src/storage/local/local-storage.ts';
import { RemoteStorage } from '../../src/storage/remote/remote-storage.ts';
import { MemoryObjects } from '../support/memory-objects.ts';
import { type CheckpointFiles, DAMAGES, damage, localFiles, storedFiles } from './checkpoint-damage.ts';
import { takeAwayOutput } from './verdict.ts';
import { seeded, visibleLines } from './workload.ts';

const ROWS = 400;
const SQL = `CREATE TABLE payments (id BIGINT, card STRING, amount DOUBLE)
  WITH ('connector' = 'filesystem', 'path' = 'payments.jsonl', 'format' = 'json');
CREATE TABLE totals (card STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'totals', 'format' = 'debezium-json');
INSERT INTO totals SELECT card, COUNT(*) FROM payments GROUP BY card;`;

/**
 * A job directory that can be reset to a saved state, with its checkpoints on the disk or in a
 * store.
 */
class Bench {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-damage-'));
  readonly directory = path.join(this.root, 'now');
  readonly events: JobEvent[] = [];
  readonly #backend: 'rocksdb' | 'memory';
  readonly #objects: Map<string, Buffer> | null;
  #kept: Map<string, Buffer> = new Map();
  #lives = 0;

  constructor(backend: 'rocksdb' | 'memory', remote: boolean) {
    this.#backend = backend;
    this.#objects = remote ? new Map() : null;
    fs.mkdirSync(this.directory);
    const lines = Array.from({ length: ROWS }, (_, id) => `{"id":${id},"card":"c${id % 7}","amount":${id}}\n`);
    fs.writeFileSync(path.join(this.directory, 'payments.jsonl'), lines.join(''));
  }

  get files(): CheckpointFiles {
    return this.#objects === null
      ? localFiles(path.join(this.directory, 'job'))
      : storedFiles(new MemoryObjects(this.#objects));
  }

  /** Saves the current state; `reset` restores it. */
  keep(): void {
    fs.rmSync(path.join(this.root, 'kept'), { recursive: true, force: true });
    fs.cpSync(this.directory, path.join(this.root, 'kept'), { recursive: true });
    this.#kept = new Map(this.#objects ?? []);
  }

  reset(): void {
    fs.rmSync(this.directory, { recursive: true });
    fs.cpSync(path.join(this.root, 'kept'), this.directory, { recursive: true });
    this.#objects?.clear();
    for (const [key, content] of this.#kept) this.#objects?.set(key, content);
    this.events.length = 0;
  }

  #storage(): CheckpointStorage {
    const work = path.join(this.root, `work-${++this.#lives}`);
    return this.#objects === null
      ? new LocalStorage(path.join(this.directory, 'job'))
      : new RemoteStorage({ objects: new MemoryObjects(this.#objects), workDirectory: work, clock: systemClock });
  }

  async open(): Promise<Job> {
    const { statements } = compile(SQL, {
      fileName: 'test',
      catalog: { tables: new Map(), views: new Map() },
      connectors: connectorCatalog,
      settings: {},
    });
    return Job.open({
      id: 'job',
      plan: statements.find((s) => s.kind === 'job')!.plan,
      batchRows: 4,
      state: { backend: this.#backend, memoryBytes: 32 << 20, directory: path.join(this.root, `state-${this.#lives}`) },
      checkpoints: { storage: this.#storage() },
      endpoints: tableEndpoints({ baseDirectory: this.directory }),
      onEvent: (event) => this.events.push(event),
    });
  }

  output(): string[] {
    return visibleLines(path.join(this.directory, 'totals'));
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true });
  }
}

/** Runs the job with some checkpoints and ends it in the middle of the input. */
async function prepared(backend: 'rocksdb' | 'memory', remote: boolean): Promise<{ bench: Bench; want: string[] }> {
  const bench = new Bench(backend, remote);
  bench.keep();
  await (await bench.open()).run();
  const want = bench.output();
  bench.reset();
  const job = await bench.open();
  const { graph } = job;
  const fill = graph.sources[0]!.fill.bind(graph.sources[0]!);
  graph.sources[0]!.fill = async (rows) => {
    // The source is slow enough that the checkpoints are taken before the end of the input, even on
    // a busy machine.
    await systemClock.sleep(40);
    await fill(rows);
  };
  const running = job.run();
  for (let n = 0; n < 4; n++) {
    await job.checkpoint();
    // Each checkpoint has its own output. If the newest had none, its loss could not be detected,
    // and would not matter.
    const sink = graph.nodes.find(({ plan }) => plan.kind === 'sink')!;
    for (const before = sink.rowsIn; sink.rowsIn === before; ) await systemClock.sleep(5);
  }
  job.stop();
  await running;
  const lines = bench.output().length;
  assert.ok(lines > 0 && lines < want.length, `${lines} of ${want.length} lines`);
  bench.keep();
  return { bench, want };
}

/**
 * Returns the job's reaction to the damage: it continued as if there were none, it named the damage
 * and continued from an older checkpoint, or it stopped with a message.
 */
async function goOn(bench: Bench, what: string): Promise<'unharmed' | 'older' | 'stopped'> {
  for (let attempt = 0; ; attempt++) {
    try {
      await (await bench.open()).run();
      return attempt > 0 || bench.events.some((e) => e.kind === 'checkpoint-skipped') ? 'older' : 'unharmed';
    } catch (error) {
      assert.ok(error instanceof EngineError, `${what}: ${String(error)}`);
      assert.equal(error.code, 'CHECKPOINT_CORRUPT', `${what}: ${error.message}`);
      const older = /checkpoint (\d+) is older than output that is visible/.exec(error.message);
      if (older === null) return 'stopped';
      assert.equal(attempt, 0, what);
      // As the message says.
      takeAwayOutput(path.join(bench.directory, 'totals'), Number(older[1]));
    }
  }
}

describe('damaged checkpoints', () => {
  for (const backend of ['rocksdb', 'memory'] as const) {
    for (const remote of [false, true]) {
      it(`are found, ${backend}, ${remote ? 'in a store' : 'in a directory'}`, async () => {
        const { bench, want } = await prepared(backend, remote);
        const random = seeded(7);
        const names = await bench.files.list();
        const newest = names.findLast((name) => !name.startsWith('data/'))!;
        const needed = (await bench.files.read(newest)).toString();
        const isNeeded = (name: string): boolean => name === newest || needed.includes(name.slice(5, 69));
        const outcomes = { unharmed: 0, older: 0, stopped: 0 };
        for (const name of names) {
          for (const kind of DAMAGES) {
            bench.reset();
            const other = names[(names.indexOf(name) + 1 + Math.floor(random() * (names.length - 1))) % names.length]!;
            const what = `${kind} ${name}${kind === 'swap' ? ` and ${other}` : ''}`;
            await damage(bench.files, name, kind, random(), other);
            const outcome = await goOn(bench, what);
            outcomes[outcome]++;
            // Both entries of a log still exist after they are swapped.
            const harmless = kind === 'swap' && [name, other].every((n) => n.startsWith('log/'));
            assert.ok(harmless || outcome !== 'unharmed' || !isNeeded(name), `${what} went unnoticed`);
            if (outcome !== 'stopped') assert.deepEqual(bench.output(), want, `${what}: ${outcome}`);
          }
        }
        assert.ok(outcomes.older > 0, JSON.stringify(outcomes));
        bench.remove();
      });
    }
  }
});
