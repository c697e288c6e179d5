/**
 * Compares blocks of a state log with what the store writes to a back end: the same keys and the
 * same values, byte by byte.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Batch } from '../../../../../src/batch/batch.ts';
import { VectorBuilder } from '../../../../../src/batch/vector.ts';
import { BIGINT, type DataType, STRING } from '../../../../../src/core/data-type.ts';
import { ByteReader, ByteWriter } from '../../../../../src/engine/state/byte-codec.ts';
import { CachedStateStore } from '../../../../../src/engine/state/cached-state-store.ts';
import type { Entries } from '../../../../../src/engine/state/entries.ts';
import { encodeEntry } from '../../../../../src/engine/state/entry-codec.ts';
import { writeEntryKey } from '../../../../../src/engine/state/entry-key.ts';
import { BLOCK, readColumnsBlock, writeColumnsBlock } from '../../../../../src/engine/state/log/log-block.ts';
import { MemoryBackend } from '../../../../../src/engine/state/memory-backend.ts';
import type { StateWrite } from '../../../../../src/engine/state/state-backend.ts';
import type { KeyedTable, OrderedTable, Segment, StateColumn } from '../../../../../src/engine/state/state-store.ts';
import { codecOf } from '../../../../../src/engine/state/value-codec.ts';

const TEXTS: StateColumn = { kind: 'value', codec: codecOf({ kind: 'array', element: STRING, nullable: true }) };
const COLUMNS: readonly StateColumn[] = [{ kind: 'number' }, { kind: 'long' }, TEXTS];

const KEYS: Readonly<Record<string, { readonly type: readonly DataType[]; readonly value: fc.Arbitrary<unknown[]> }>> =
  {
    bigint: {
      type: [BIGINT],
      value: fc.tuple(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constant(2n ** 63n - 1n), fc.constant(null))),
    },
    text: { type: [STRING], value: fc.tuple(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\0', null))) },
    both: { type: [STRING, BIGINT], value: fc.tuple(fc.string(), fc.integer()) },
  };

const NUMBER = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, Number.NaN, 2 ** 31, Number.NEGATIVE_INFINITY));
const LONG = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n, 10n ** 30n),
);
const CELLS = fc.record({
  number: NUMBER,
  long: LONG,
  texts: fc.oneof(fc.constant(null), fc.array(fc.string({ maxLength: 9 }), { maxLength: 4 })),
});
type Cells = typeof CELLS extends fc.Arbitrary<infer T> ? T : never;

function fill(entries: KeyedTable | Segment | OrderedTable, slot: number, { number, long, texts }: Cells): void {
  (entries.columns[0] as Float64Array)[slot] = number;
  entries.writeLong(1, slot, long);
  (entries.columns[2] as unknown[])[slot] = texts;
}

/** Encodes an entry as the store writes it to a back end. */
function written(entries: Entries, slot: number): StateWrite {
  const key = new ByteWriter();
  writeEntryKey(key, entries, slot);
  const value = new ByteWriter();
  encodeEntry(entries, slot, value);
  return { key: key.finish(), value: value.finish() };
}

/** Reads a block back that has other blocks before and after it. */
function throughBlock(entries: Entries, slots: Int32Array): readonly StateWrite[] {
  const writer = new ByteWriter(16);
  writer.text('before');
  const from = writer.position;
  writeColumnsBlock(writer, entries, slots, slots.length);
  const to = writer.position;
  writer.text('after');
  const reader = new ByteReader(writer.buffer.subarray(from, to));
  assert.equal(reader.byte(), BLOCK.columns);
  const writes = readColumnsBlock(reader);
  assert.equal(reader.position, to - from, 'a block is read to its end');
  return writes;
}

function assertSame(entries: Entries, slots: Int32Array): void {
  assert.deepEqual(
    throughBlock(entries, slots),
    Array.from(slots, (slot) => written(entries, slot)),
  );
}

const newStore = (): CachedStateStore => new CachedStateStore(new MemoryBackend(), 1 << 30);

for (const [name, { type, value }] of Object.entries(KEYS)) {
  for (const time of [null, -1_000, 0, 1_700_000_000_000]) {
    test(`entries by ${name}, ${time === null ? 'no time' : `at ${time}`}, come back as they were`, () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(value, CELLS), { maxLength: 30 }), (rows) => {
          const spec = { operator: 258, table: 255, name: 't', key: type, columns: COLUMNS };
          const table = time === null ? newStore().keyedTable(spec) : newStore().timedTable(spec).segment(time);
          const slots = new Int32Array(rows.length);
          const keys = rows.map(([key]) => key);
          assert.equal(table.lookupKeys(keys, slots), undefined);
          for (const [i, [, cells]] of rows.entries()) {
            table.touch(slots[i]!);
            fill(table, slots[i]!, cells);
          }
          assertSame(table as unknown as Entries, Int32Array.from(new Set(slots)));
        }),
        { numRuns: 50 },
      );
    });
  }
}

test('entries in the order of arrival come back as they were', () => {
  fc.assert(
    fc.property(fc.array(CELLS, { maxLength: 30 }), fc.integer({ min: 0, max: 2 ** 40 }), (rows, first) => {
      const spec = { operator: 1, table: 0, name: 't', key: [], columns: COLUMNS };
      const segment = newStore().timedTable(spec).segment(7);
      (segment as unknown as Entries).nextSequence = first;
      const slots = rows.map((cells) => {
        const slot = segment.append(cells.number === 0 ? 0 : 127);
        fill(segment, slot, cells);
        return slot;
      });
      assertSame(segment as unknown as Entries, Int32Array.from(slots));
    }),
    { numRuns: 50 },
  );
});

test('entries in the order of their places come back as they were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ key: fc.string(), place: fc.integer(), cells: CELLS }), { maxLength: 30 }),
      (rows) => {
        const spec = { operator: 1, table: 0, name: 't', key: [STRING], columns: COLUMNS };
        const table = newStore().orderedTable(spec);
        const builder = new VectorBuilder(STRING, rows.length);
        for (const [i, { key }] of rows.entries()) builder.set(i, key);
        const keys = new Int32Array(rows.length);
        void table.lookup(new Batch(rows.length, [builder.finish()]), [0], keys);
        const slots = rows.map(({ place, cells }, i) => {
          const slot = table.insert(keys[i]!, place);
          fill(table, slot, cells);
          return slot;
        });
        assertSame(table as unknown as Entries, Int32Array.from(slots));
      },
    ),
    { numRuns: 50 },
  );
});

test('a single entry without key, entries without columns, no entries at all', () => {
  const single = newStore().keyedTable({ operator: 1, table: 0, name: 't', key: [], columns: COLUMNS });
  const slots = new Int32Array(1);
  void single.lookupKeys([[]], slots);
  single.touch(slots[0]!);
  fill(single, slots[0]!, { number: -0, long: 2n ** 60n, texts: [''] });
  assertSame(single as unknown as Entries, slots);
  const bare = newStore().keyedTable({ operator: 1, table: 0, name: 't', key: [STRING], columns: [] });
  const two = new Int32Array(2);
  void bare.lookupKeys([['a'], ['']], two);
  for (const slot of two) bare.touch(slot);
  assertSame(bare as unknown as Entries, two);
  assertSame(bare as unknown as Entries, new Int32Array(0));
});

test('keys of more than 65534 bytes, all of the same length', () => {
  for (const length of [65_531, 65_532, 65_533, 70_000]) {
    const table = newStore().keyedTable({ operator: 1, table: 0, name: 't', key: [STRING], columns: [] });
    const slots = new Int32Array(2);
    void table.lookupKeys([['a'.repeat(length)], ['b'.repeat(length)]], slots);
    for (const slot of slots) table.touch(slot);
    assertSame(table as unknown as Entries, slots);
  }
});

test('a table may have more than 255 columns', () => {
  const columns: readonly StateColumn[] = Array.from({ length: 300 }, () => ({ kind: 'number' }));
  const table = newStore().keyedTable({ operator: 1, table: 0, name: 't', key: [BIGINT], columns });
  const slots = new Int32Array(1);
  void table.lookupKeys([[1]], slots);
  table.touch(slots[0]!);
  for (let c = 0; c < 300; c++) (table.columns[c] as Float64Array)[slots[0]!] = c;
  assertSame(table as unknown as Entries, slots);
});
