import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemDisk } from '../../../src/core/disk.ts';
import { EngineError } from '../../../src/core/engine-error.ts';
import { systemScheduler } from '../../../src/core/scheduler.ts';
import type { CheckpointStorage } from '../../../src/engine/checkpoint/checkpoint-storage.ts';
import type { Change } from '../../../src/service/store/change.ts';
import { CopyFiles } from '../../../src/service/store/copy-files.ts';
import { ServiceStore } from '../../../src/service/store/service-store.ts';
import { StoreCopy } from '../../../src/service/store/store-copy.ts';
import { storeDirectory } from '../../../src/service/store/store-directory.ts';
import { LocalStorage } from '../../../src/storage/local/local-storage.ts';

describe('the copy of the store', () => {
  let root: string;
  let messages: string[];
  const log = {
    info: () => {},
    warn: (_: object, message: string) => void messages.push(message),
    error: (_: object, message: string) => void messages.push(message),
  };
  const storage = (): CheckpointStorage => new LocalStorage(path.join(root, 'store'));
  const open = (store: CheckpointStorage, directory: string): Promise<StoreCopy> => {
    const files = new CopyFiles(directory, systemDisk);
    const place = { directory, store: storeDirectory(directory, log), files, scheduler: systemScheduler };
    return StoreCopy.open(store, place, log);
  };
  const stopped = (job: string): Change => ({ kind: 'pattern-stopped', job, plan: 'p' });

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'store-copy-'));
    messages = [];
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  /**
   * Opens the service of a data directory, records what is stopped there, and closes it. Resolves
   * to the content of the service.
   */
  async function life(name: string, jobs: readonly string[], store = storage()): Promise<string[]> {
    const directory = path.join(root, name);
    fs.mkdirSync(directory, { recursive: true });
    const copy = await open(store, directory);
    const own = ServiceStore.open(directory, log);
    copy.follow(() => own.all());
    own.onChange = () => copy.changed();
    for (const job of jobs) own.record(stopped(job));
    await copy.close();
    own.close();
    return [...own.stoppedPatternJobs.keys()];
  }

  it('is written again after an attempt whose reply was lost', async () => {
    const store = storage();
    const create = store.createManifest.bind(store);
    let lost = true;
    store.createManifest = async (epoch, content) => {
      const created = await create(epoch, content);
      if (lost) {
        lost = false;
        throw new EngineError('CHECKPOINT_STORE', 'the reply was lost', {});
      }
      return created;
    };
    assert.deepEqual(await life('a', ['x'], store), ['x']);
    assert.deepEqual(await life('b', []), ['x']);
    assert.ok(!messages.join().includes('another service'), messages.join());
  });

  it('is the initial state of an empty data directory', async () => {
    assert.deepEqual(await life('a', ['x', 'y']), ['x', 'y']);
    assert.deepEqual(await life('b', ['z']), ['x', 'y', 'z']);
    assert.match(messages.join(), /takes the service over/);
    assert.ok((await storage().listManifests()).length <= 2);
  });

  it('gives way to the journal of the directory that wrote it, which may know more', async () => {
    await life('a', ['x']);
    const store = ServiceStore.open(path.join(root, 'a'), log);
    store.record(stopped('y'));
    store.close();
    assert.deepEqual(await life('a', []), ['x', 'y']);
    assert.deepEqual(await life('b', []), ['x', 'y']);
  });

  it('takes precedence over the journal of a directory that the service used earlier and uses again', async () => {
    await life('a', ['x']);
    await life('b', ['y']);
    assert.deepEqual(await life('a', ['z']), ['x', 'y', 'z']);
    assert.ok(fs.readdirSync(path.join(root, 'a')).some((name) => /^service\.sqlite\.before-\d+$/.test(name)));
  });

  it('is recognized by a directory that took it over and died before it wrote one', async () => {
    await life('a', ['x']);
    const directory = path.join(root, 'b');
    fs.mkdirSync(directory);
    const store = storage();
    await open(store, directory);
    await store.release();
    const own = ServiceStore.open(directory, log);
    own.record(stopped('y'));
    own.close();
    assert.deepEqual(await life('b', []), ['x', 'y']);
    for (const name of ['service.sqlite', 'service-copy.sqlite']) fs.rmSync(path.join(directory, name));
    assert.deepEqual(await life('b', []), ['x', 'y']);
  });

  it('is not mixed with a service of its own', async () => {
    await life('a', ['x']);
    fs.mkdirSync(path.join(root, 'c'));
    const store = ServiceStore.open(path.join(root, 'c'), log);
    store.record(stopped('other'));
    store.close();
    await assert.rejects(life('c', []), /belong to different services/);
    assert.deepEqual(await life('b', []), ['x']);
  });

  it('is tried again when the store was away, and says so', async () => {
    const inner = storage();
    let away = true;
    const failing = new Proxy(inner, {
      get(target, key) {
        if (key === 'createManifest' && away) {
          return () => Promise.reject(new EngineError('CHECKPOINT_STORE', 'the store is away', {}));
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const directory = path.join(root, 'a');
    fs.mkdirSync(directory);
    const copy = await open(failing, directory);
    const own = ServiceStore.open(directory, log);
    copy.follow(() => own.all());
    await copy.settled();
    assert.match(messages.join(), /cannot be copied .*the store is away/);
    own.record(stopped('x'));
    away = false;
    await copy.close();
    own.close();
    assert.deepEqual(await life('b', []), ['x']);
  });

  it('is not used in place of a store when the note of the take-over is damaged', async () => {
    await life('a', ['x']);
    const directory = path.join(root, 'b');
    fs.mkdirSync(directory);
    const store = storage();
    await open(store, directory);
    await store.release();
    const own = ServiceStore.open(directory, log);
    own.record(stopped('y'));
    own.close();
    const note = path.join(directory, 'journal-taken-over');
    const whole = fs.readFileSync(note);
    fs.writeFileSync(note, whole.toString().replace('"epoch":', '"epoch":1'));
    await assert.rejects(life('b', []), /journal-taken-over is damaged/);
    // Earlier versions wrote the number only.
    fs.writeFileSync(note, /\d+(?=\})/.exec(whole.toString())![0]);
    assert.deepEqual(await life('b', []), ['x', 'y']);
  });
});
