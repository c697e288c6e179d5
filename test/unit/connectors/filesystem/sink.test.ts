import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Batch } from '../../../../src/batch/batch.ts';
import { NumberVector } from '../../../../src/batch/vector.ts';
import { FileSink } from '../../../../src/connectors/filesystem/sink.ts';
import { INT } from '../../../../src/core/data-type.ts';
import { type Disk, systemDisk } from '../../../../src/core/disk.ts';
import { JsonEncoder } from '../../../../src/formats/json/json-encoder.ts';

let root = '';
beforeEach(() => {
  root = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-sink-')), 'out');
});
afterEach(() => fs.rmSync(path.dirname(root), { recursive: true }));

const open = (durable = true, disk: Disk = systemDisk): FileSink =>
  new FileSink({
    directory: root,
    job: 'q.o',
    suffix: '.jsonl',
    encoder: new JsonEncoder([{ name: 'v', type: INT }]),
    durable,
    disk,
  });
const batch = (...values: number[]): Batch => new Batch(values.length, [new NumberVector(Float64Array.from(values))]);
const visible = (): string => {
  const names = fs.readdirSync(root).filter((n) => !n.startsWith('.'));
  return names
    .sort()
    .map((n) => fs.readFileSync(path.join(root, n), 'utf8'))
    .join('')
    .replaceAll('\n', ' ');
};
const hidden = (): number => fs.readdirSync(root).filter((n) => n.startsWith('.')).length;

describe('file sink', () => {
  it('shows an epoch only once it is committed, and commits again without harm', async () => {
    const sink = open();
    await sink.restore([], 0, 'life1');
    sink.write(batch(1, 2));
    const part = await sink.prepare(1).prepared;
    sink.write(batch(3));
    assert.equal(visible(), '');
    await sink.commit(part);
    await sink.commit(part);
    assert.equal(visible(), '{"v":1} {"v":2} ');
    assert.match(JSON.stringify(part), /"length":16,"crc32":\d+/);
  });

  it('finishes the commits of the checkpoint and takes back everything later', async () => {
    const first = open();
    await first.restore([], 0, 'life1');
    first.write(batch(1));
    const one = await first.prepare(1).prepared;
    first.write(batch(2));
    await first.prepare(2).prepared;
    first.write(batch(3));
    await first.close();
    const second = open();
    await second.restore([one], 1, 'life1', 'second');
    assert.equal(visible(), '{"v":1} ');
    second.write(batch(4));
    const two = await second.prepare(2).prepared;
    // Until this process has a complete checkpoint, the output that the other process prepared may
    // still be needed.
    assert.equal(hidden(), 2);
    second.settle();
    assert.equal(hidden(), 1);
    await second.commit(two);
    assert.equal(visible(), '{"v":1} {"v":4} ');
  });

  for (const [what, damage] of Object.entries({
    changed: (file: string) => fs.writeFileSync(file, '{"v":7}\n'),
    cut: (file: string) => fs.truncateSync(file, 3),
  })) {
    it(`refuses a part that was ${what} before it was visible`, async () => {
      const first = open();
      await first.restore([], 0, 'life1');
      first.write(batch(1));
      const one = await first.prepare(1).prepared;
      await first.close();
      const file = path.join(root, (one as { hidden: string }).hidden);
      const whole = fs.readFileSync(file);
      damage(file);
      const refused = { code: 'CHECKPOINT_CORRUPT', message: /inprogress is damaged/ };
      await assert.rejects(open().restore([one], 1, 'life1', 'second'), refused);
      assert.equal(visible(), '');
      fs.writeFileSync(file, whole);
      await open().restore([one], 1, 'life1', 'second');
      assert.equal(visible(), '{"v":1} ');
    });
  }

  it('takes a part as it is that another process makes visible meanwhile', async () => {
    const first = open();
    await first.restore([], 0, 'life1');
    first.write(batch(1));
    const one = await first.prepare(1).prepared;
    const disk: Disk = {
      ...systemDisk,
      async *pieces(file) {
        await first.commit(one);
        yield* systemDisk.pieces(file);
      },
    };
    await open(true, disk).restore([one], 1, 'life1', 'second');
    assert.equal(visible(), '{"v":1} ');
  });

  it('does not write or remove files for a process that was taken over and still writes', async () => {
    const first = open();
    await first.restore([], 0, 'life1', 'a');
    const second = open();
    await second.restore([], 0, 'life1', 'b');
    second.write(batch(2));
    const part = await second.prepare(1).prepared;
    first.write(batch(1));
    await first.prepare(1).prepared;
    const third = open();
    await third.restore([], 0, 'life1', 'c');
    await second.commit(part);
    assert.equal(visible(), '{"v":2} ');
    // Its file does not count as the committed part of the same epoch either.
    await open().restore([part], 1, 'life1', 'd');
    assert.equal(visible(), '{"v":2} ');
  });

  it('names a part after the checkpoint that lists it', async () => {
    const sink = open();
    await sink.restore([], 1, 'life1');
    sink.write(batch(1));
    await sink.commit(await sink.prepare(7).prepared);
    await assert.rejects(open().restore([], 6, 'life1'), /older than output that is visible already/);
    await open().restore([], 7, 'life1');
  });

  it('refuses to continue if later output is already visible', async () => {
    const sink = open();
    await sink.restore([], 0, 'life1');
    for (const epoch of [1, 2]) {
      sink.write(batch(epoch));
      await sink.commit(await sink.prepare(epoch).prepared);
    }
    await assert.rejects(open().restore([], 1, 'life1'), /older than output that is visible already/);
    await open().restore([], 2, 'life1');
  });

  it('never changes visible files of another instance, nor hidden files of unknown origin', async () => {
    const other = open();
    await other.restore([], 0, 'life1');
    other.write(batch(1));
    await other.commit(await other.prepare(1).prepared);
    other.write(batch(2));
    await other.prepare(2).prepared;
    await open(false).restore([], 0, 'life2');
    assert.equal(hidden(), 1);
    const mine = open();
    await mine.restore([], 0, 'life3');
    mine.write(batch(9));
    await mine.commit(await mine.prepare(1).prepared);
    mine.settle();
    assert.equal(hidden(), 0);
    assert.equal(visible(), '{"v":1} {"v":9} ');
  });

  it('continues when a reader has taken committed parts away', async () => {
    const sink = open();
    await sink.restore([], 0, 'life1');
    sink.write(batch(1));
    const part = await sink.prepare(1).prepared;
    await sink.commit(part);
    for (const name of fs.readdirSync(root)) fs.rmSync(path.join(root, name));
    const again = open();
    await again.restore([part], 1, 'life1');
    again.write(batch(2));
    await again.commit(await again.prepare(2).prepared);
    assert.equal(visible(), '{"v":2} ');
  });

  it('reports a missing prepared part', async () => {
    const sink = open();
    await sink.restore([], 0, 'life1');
    sink.write(batch(1));
    const part = await sink.prepare(1).prepared;
    for (const name of fs.readdirSync(root)) fs.rmSync(path.join(root, name));
    await assert.rejects(sink.commit(part), /cannot be made visible/);
  });

  it('makes no part of an epoch without rows', async () => {
    const sink = open();
    await sink.restore([], 0, 'life1');
    assert.equal(await sink.prepare(1).prepared, null);
    assert.deepEqual(fs.readdirSync(root), []);
  });
});
