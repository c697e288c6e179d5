/**
 * Tests a storage that does not answer. The failure is counted and reported. Neither the job nor
 * its callers wait for it for ever.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../../src/core/clock.ts';
import type { CheckpointCoordinator } from '../../../../src/engine/checkpoint/coordinator.ts';
import { CheckpointSchedule } from '../../../../src/engine/job/checkpoint-schedule.ts';
import type { CheckpointOptions, JobEvent } from '../../../../src/engine/job/job-options.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import { LocalStorage } from '../../../../src/storage/local/local-storage.ts';
import { coordinatorWithTask } from '../../../support/checkpoint-bench.ts';
import { epochSink } from '../../../support/epoch-sink.ts';

class Bench {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'hung-'));
  readonly storage = new LocalStorage(this.directory);
  readonly committed: unknown[] = [];
  readonly events: JobEvent[] = [];
  readonly coordinator: CheckpointCoordinator;
  readonly schedule: CheckpointSchedule;
  #answer: () => void = () => {};
  #reach: () => void = () => {};
  /** Resolves when the checkpoint waits for the storage. */
  readonly reached = new Promise<void>((resolve) => {
    this.#reach = resolve;
  });

  constructor(tolerableFailures: number, hangsIn: 'putData' | 'createManifest' | 'nothing') {
    const store = new CachedStateStore(new MemoryBackend(), 1 << 20);
    this.coordinator = coordinatorWithTask(this.storage, store, epochSink(this.committed));
    const checkpoints = { intervalMs: null, minPauseMs: 0, timeoutMs: 50, tolerableFailures } as CheckpointOptions;
    this.schedule = new CheckpointSchedule({
      coordinator: this.coordinator,
      checkpoints,
      clock: systemClock,
      report: (event) => this.events.push(event),
    });
    if (hangsIn !== 'nothing') this.#hang(hangsIn);
  }

  /** Makes the first call wait until `answer`. */
  #hang(method: 'putData' | 'createManifest'): void {
    const answered = new Promise<void>((resolve) => {
      this.#answer = resolve;
    });
    const storage = this.storage as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>;
    const call = storage[method]!.bind(this.storage);
    storage[method] = async (...all) => {
      this.#reach();
      await answered;
      return call(...all);
    };
  }

  async answer(): Promise<void> {
    this.#answer();
    await this.coordinator.running?.catch(() => {});
  }

  get failures(): string[] {
    return this.events.flatMap((e) => (e.kind === 'checkpoint-failed' ? [e.error.message] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.answer();
    await this.storage.release();
    fs.rmSync(this.directory, { recursive: true });
  }
}

test('a checkpoint that hangs counts as failed, names the store, and fails the job where no failure is tolerated', async () => {
  await using bench = new Bench(0, 'putData');
  await bench.storage.acquire();
  bench.schedule.begin(false);
  const message = `checkpoint 1 is not complete after 50 ms (execution.checkpointing.timeout): ${bench.directory} or an output does not answer, or not in time`;
  await assert.rejects(bench.schedule.settled(), { code: 'CHECKPOINT_FAILED', message });
  assert.equal(bench.coordinator.stats.failed, 1);
  assert.deepEqual(bench.failures, [message]);
});

test('each further time-out counts as another failure', async () => {
  await using bench = new Bench(2, 'putData');
  await bench.storage.acquire();
  bench.schedule.begin(false);
  await assert.rejects(bench.schedule.settled(), { code: 'CHECKPOINT_FAILED' });
  assert.equal(bench.failures.length, 3);
  assert.equal(bench.coordinator.stats.failed, 1, 'it is one checkpoint');
});

test('a late checkpoint is valid, with its output, while its time-outs are tolerated', async () => {
  await using bench = new Bench(10, 'putData');
  await bench.storage.acquire();
  bench.schedule.begin(false);
  while (bench.failures.length < 2) {
    await systemClock.sleep(5);
    bench.schedule.throwFailure();
    bench.schedule.check(systemClock.monotonicMs());
  }
  assert.equal(bench.coordinator.stats.lastEpoch, 0, 'no other one has begun');
  await bench.answer();
  await bench.schedule.settled();
  assert.deepEqual(await bench.storage.listManifests(), [1]);
  assert.deepEqual(bench.committed, [{ epoch: 1 }]);
  await bench.schedule.complete(false);
  assert.deepEqual(bench.committed, [{ epoch: 1 }, { epoch: 2 }]);
});

test('the last checkpoint of a job has a time-out too, and must succeed even where failures are tolerated', async () => {
  await using bench = new Bench(0, 'createManifest');
  await bench.storage.acquire();
  await assert.rejects(bench.schedule.complete(true), { code: 'CHECKPOINT_FAILED', message: /is not complete after/ });
  await using other = new Bench(5, 'nothing');
  await other.storage.acquire();
  other.storage.putData = () => Promise.reject(new Error('no space left'));
  await assert.rejects(other.schedule.complete(false), { code: 'CHECKPOINT_FAILED', message: /no space left/ });
});

test('a job that ends does not wait for a store that hangs; a later reply creates no manifest', async () => {
  await using bench = new Bench(0, 'putData');
  await bench.storage.acquire();
  const asked = bench.schedule.barriers.ask({ name: 's', drained: false });
  bench.schedule.begin(false);
  const told = assert.rejects(asked, { code: 'CHECKPOINT_FAILED', message: /the job ended before/ });
  await bench.schedule.giveUp(20);
  await told;
  await bench.answer();
  assert.deepEqual(await bench.storage.listManifests(), []);
  assert.deepEqual(bench.committed, []);
});

test('a manifest that arrives after the job was given up leaves its output to who resumes from it', async () => {
  await using bench = new Bench(0, 'createManifest');
  await bench.storage.acquire();
  bench.schedule.begin(false);
  await bench.reached;
  await bench.schedule.giveUp(20);
  await bench.answer();
  assert.deepEqual(await bench.storage.listManifests(), [1]);
  assert.deepEqual(bench.committed, []);
});

test('someone who cancels does not wait either', async () => {
  await using bench = new Bench(100, 'putData');
  await bench.storage.acquire();
  let cancelled = false;
  const waits = bench.schedule.complete(false, null, () => cancelled);
  await systemClock.sleep(30);
  cancelled = true;
  await waits;
  assert.ok(bench.coordinator.running !== null);
});
