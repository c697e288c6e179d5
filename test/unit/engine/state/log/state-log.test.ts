import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Disk, systemDisk } from '../../../../../src/core/disk.ts';
import { systemScheduler } from '../../../../../src/core/scheduler.ts';
import { applyStateLog } from '../../../../../src/engine/state/log/read-log.ts';
import { StateLog } from '../../../../../src/engine/state/log/state-log.ts';
import { MemoryBackend } from '../../../../../src/engine/state/memory-backend.ts';
import type { StateWrite } from '../../../../../src/engine/state/state-backend.ts';

function logIn(t: TestContext, faults: Partial<Disk> = {}): { log: StateLog; directory: string } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-log-'));
  t.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  return { log: new StateLog(directory, { ...systemDisk, ...faults }, systemScheduler), directory };
}

/** Writes one file with an entry of this number of bytes. */
async function write(log: StateLog, whole: boolean, bytes: number, key = 'k'): Promise<void> {
  const file = log.begin(whole);
  file.entries([entry(key, bytes)]);
  await file.finish();
}

const entry = (key: string, bytes: number): StateWrite => ({ key: Buffer.from(key), value: Buffer.alloc(bytes, 7) });

const namesOf = (log: StateLog): readonly string[] => log.files.map(({ name }) => name);

test('the first file contains all entries, and a later one with all entries replaces the files before it', async (t) => {
  const { log, directory } = logIn(t);
  assert.ok(log.wholeIsDue);
  await write(log, true, 1000);
  assert.ok(!log.wholeIsDue);
  await write(log, false, 10);
  await write(log, false, 10);
  assert.deepEqual(namesOf(log), ['changes-1.bin', 'changes-2.bin', 'changes-3.bin']);
  await write(log, true, 1000);
  assert.deepEqual(namesOf(log), ['changes-4.bin']);
  assert.deepEqual(fs.readdirSync(directory), ['changes-4.bin']);
  const [file] = log.files;
  const content = fs.readFileSync(file!.path);
  assert.equal(file!.length, content.length);
  assert.equal(file!.sha256, createHash('sha256').update(content).digest('hex'));
});

test('a whole file is due when the changes are larger than the last', async (t) => {
  const { log } = logIn(t);
  await write(log, true, 1000);
  await write(log, false, 500);
  assert.ok(!log.wholeIsDue);
  await write(log, false, 600);
  assert.ok(log.wholeIsDue);
});

test('a whole file is due when a dozen files of changes are as large as a quarter of it', async (t) => {
  const { log } = logIn(t);
  await write(log, true, 1000);
  for (let i = 0; i < 12; i++) {
    assert.ok(!log.wholeIsDue, `${i} files`);
    await write(log, false, 20);
  }
  assert.ok(log.wholeIsDue);
});

test('a whole file is due after sixty files of changes of any size', async (t) => {
  const { log } = logIn(t);
  await write(log, true, 1e6);
  for (let i = 0; i < 60; i++) {
    assert.ok(!log.wholeIsDue, `${i} files`);
    await write(log, false, 1);
  }
  assert.ok(log.wholeIsDue);
});

test('without changes there is no file', async (t) => {
  const { log, directory } = logIn(t);
  await write(log, true, 1000);
  await log.begin(false).finish();
  assert.deepEqual(namesOf(log), ['changes-1.bin']);
  assert.deepEqual(fs.readdirSync(directory), ['changes-1.bin']);
});

test('an abandoned file leaves no trace in the log or on disk', async (t) => {
  const { log, directory } = logIn(t);
  await write(log, true, 100);
  const file = log.begin(false);
  file.entries([entry('lost', 3 << 20)]);
  assert.ok(file.full);
  await file.pause();
  file.abandon();
  assert.deepEqual(namesOf(log), ['changes-1.bin']);
  assert.deepEqual(fs.readdirSync(directory), ['changes-1.bin']);
  // Its bytes that were not written yet are not in the next file.
  const second = log.begin(false);
  second.entries([entry('lost too', 5)]);
  second.abandon();
  await write(log, false, 1, 'after');
  assert.deepEqual([...(await contentOf(log)).keys()].sort(), ['after', 'k']);
});

test('replaced files that cannot be removed do not fail the one that replaces them', async (t) => {
  let failing = false;
  const { log } = logIn(t, {
    removeNow(file) {
      if (failing) throw new Error('cannot be removed');
      systemDisk.removeNow(file);
    },
  });
  await write(log, true, 10);
  failing = true;
  await write(log, true, 10, 'new');
  assert.deepEqual([...(await contentOf(log)).keys()], ['new']);
  log.forget();
  assert.deepEqual(log.files, []);
});

test('a file is closed once, also when it cannot be made durable', async (t) => {
  const open = new Set<number>();
  const { log, directory } = logIn(t, {
    createNow(file) {
      const made = systemDisk.createNow(file);
      open.add(made);
      return made;
    },
    closeNow(file) {
      assert.ok(open.delete(file), 'closed twice');
      systemDisk.closeNow(file);
    },
    sync: async () => {
      throw new Error('disk full');
    },
  });
  const file = log.begin(true);
  file.entries([entry('k', 10)]);
  await assert.rejects(file.finish(), /disk full/);
  file.abandon();
  assert.equal(open.size, 0);
  assert.deepEqual(fs.readdirSync(directory), []);
});

test('files are applied in their order, with the ranges that they empty', async (t) => {
  const { log } = logIn(t);
  const first = log.begin(true);
  first.entries([entry('a', 1), entry('b', 1), entry('c', 1), entry('d', 5 << 20)]);
  await first.finish();
  const second = log.begin(false);
  second.range(Buffer.from('b'), Buffer.from('d'));
  second.entries([{ key: Buffer.from('a'), value: null }, entry('c', 2)]);
  await second.finish();
  const content = await contentOf(log);
  assert.deepEqual(
    [...content].map(([key, value]) => [key, value.length]),
    [
      ['c', 2],
      ['d', 5 << 20],
    ],
  );
});

async function contentOf(log: StateLog): Promise<Map<string, Buffer>> {
  const backend = new MemoryBackend();
  await applyStateLog(
    log.files.map(({ path: file }) => file),
    backend,
    systemDisk,
  );
  const content = new Map<string, Buffer>();
  for await (const chunk of backend.scan(Buffer.alloc(1), Buffer.alloc(1, 0xff))) {
    for (const { key, value } of chunk) content.set(key.toString(), value);
  }
  return content;
}
