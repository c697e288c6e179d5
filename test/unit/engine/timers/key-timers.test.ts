import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ByteWriter } from '../../../../src/engine/state/byte-codec.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import { KeyTimers } from '../../../../src/engine/timers/key-timers.ts';

const KEYS = 8;

/** Keys whose slots can be given to another key. The encoded key is the number of the key. */
class Slots {
  readonly keys = Int32Array.from({ length: KEYS }, (_, slot) => slot);
  readonly versions = new Int32Array(KEYS);
  #next = KEYS;

  writeKey(slot: number, writer: ByteWriter): void {
    writer.u32(this.keys[slot]!);
  }
  reuse(slot: number): void {
    this.keys[slot] = this.#next++;
    this.versions[slot]! += 1;
  }
}

interface Fired {
  readonly time: number;
  readonly key: number;
}

const step = fc.record({
  /** Timers to set: how long after the watermark, and for which slot. */
  timers: fc.array(fc.tuple(fc.nat(60), fc.nat(KEYS - 1)), { maxLength: 12 }),
  advance: fc.oneof({ weight: 9, arbitrary: fc.nat(15) }, { weight: 1, arbitrary: fc.constant(80) }),
  reused: fc.option(fc.nat(KEYS - 1)),
  flush: fc.boolean(),
});

for (const memoryBytes of [0, 300, 1 << 20]) {
  test(`timers fire by time, then by registration, with ${memoryBytes} bytes of memory`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const slots = new Slots();
        const timers = new KeyTimers(new CachedStateStore(new MemoryBackend(), 1 << 20), {
          operator: 1,
          table: 0,
          bucketMs: 10,
          memoryBytes,
          versionOf: (slot) => slots.versions[slot]!,
        });
        let expected: (Fired & { readonly sequence: number })[] = [];
        let watermark = 1000;
        let sequence = 0;
        await timers.prepare(watermark);
        for (const { timers: set, advance, reused, flush } of steps) {
          for (const [after, slot] of set) {
            const time = watermark + 1 + after;
            timers.add(time, 'exact', slots, slot);
            expected.push({ time, key: slots.keys[slot]!, sequence: sequence++ });
          }
          if (reused !== null) slots.reuse(reused);
          if (flush) timers.flush();
          watermark += advance;
          await timers.prepare(watermark);
          const fired: Fired[] = [];
          for (let timer = timers.fire(watermark); timer !== null; timer = timers.fire(watermark)) {
            const key = timer.bytes.readUInt32BE(timer.from);
            if (timer.slot >= 0) assert.equal(slots.keys[timer.slot], key, 'the slot still has the key');
            fired.push({ time: timer.time, key });
          }
          timers.finish();
          const due = expected.filter(({ time }) => time <= watermark);
          due.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
          assert.deepEqual(
            fired,
            due.map(({ time, key }) => ({ time, key })),
          );
          expected = expected.filter(({ time }) => time > watermark);
          assert.equal(timers.nextDue, Number.POSITIVE_INFINITY);
          assert.ok(timers.firstTime <= Math.min(...expected.map(({ time }) => time)));
        }
      }),
    );
  });
}

test('a timer that is moved before it is due fires at its new time, in its old order', async () => {
  const slots = new Slots();
  const store = new CachedStateStore(new MemoryBackend(), 1 << 20);
  const timers = new KeyTimers(store, {
    operator: 1,
    table: 0,
    bucketMs: 10,
    versionOf: (slot) => slots.versions[slot]!,
    postpone: (slot, time, from) => (slot === 1 && 35 >= from ? 35 : time),
  });
  await timers.prepare(0);
  timers.add(15, 'exact', slots, 1);
  timers.add(16, 'exact', slots, 2);
  timers.add(35, 'exact', slots, 3);
  await timers.prepare(16);
  assert.equal(timers.fire(16)?.slot, 2);
  assert.equal(timers.fire(16), null);
  timers.finish();
  await timers.prepare(35);
  assert.equal(timers.fire(35)?.slot, 1, 'it was set before the timer of slot 3');
  assert.equal(timers.fire(35)?.slot, 3);
});

test('a bucket that has passed when it is read is dropped, and so are the later ones', async () => {
  const slots = new Slots();
  const store = new CachedStateStore(new MemoryBackend(), 1 << 20);
  const timers = new KeyTimers(store, { operator: 1, table: 0, bucketMs: 10 });
  await timers.prepare(0);
  // As after a restore, the timers are only in the table, and the watermark goes beyond them.
  timers.add(15, 'exact', slots, 1);
  timers.flush();
  for (const watermark of [100, 200, 300]) {
    await timers.prepare(watermark);
    while (timers.fire(watermark) !== null);
    timers.finish();
    assert.deepEqual(store.entryCounts(), { '1.timers': 0 });
    assert.equal(timers.firstTime, Number.POSITIVE_INFINITY);
    timers.add(watermark + 20, 'exact', slots, 2);
    timers.flush();
  }
});
