/**
 * Compares the state store with a plain map: random reads, changes and removals over both back
 * ends, with evictions, checkpoints that are written while the work continues, and crashes after
 * which the store restores the last checkpoint. All back ends run the same suite.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import fc from 'fast-check';
import { BIGINT, STRING } from '../../src/core/data-type.ts';
import { type Disk, systemDisk } from '../../src/core/disk.ts';
import { systemScheduler } from '../../src/core/scheduler.ts';
import { ByteWriter } from '../../src/engine/state/byte-codec.ts';
import { CachedStateStore } from '../../src/engine/state/cached-state-store.ts';
import { keyPart } from '../../src/engine/state/key-codec.ts';
import { applyStateLog } from '../../src/engine/state/log/read-log.ts';
import { StateLog } from '../../src/engine/state/log/state-log.ts';
import { MemoryBackend } from '../../src/engine/state/memory-backend.ts';
import { DeferredRocksdb } from '../../src/engine/state/rocksdb/deferred-rocksdb.ts';
import { RocksdbBackend } from '../../src/engine/state/rocksdb/rocksdb-backend.ts';
import type { StateBackend } from '../../src/engine/state/state-backend.ts';
import type { KeyedTable, OrderedTable, Segment, TimedTable } from '../../src/engine/state/state-store.ts';
import { codecOf } from '../../src/engine/state/value-codec.ts';

type Key = readonly [number | null, string];

interface BackendKind {
  readonly name: string;
  open(directory: string): Promise<StateBackend>;
  restore(directory: string): Promise<StateBackend>;
}
const BACKENDS: readonly BackendKind[] = [
  { name: 'memory', open: async () => new MemoryBackend(), restore: (d) => MemoryBackend.restore(d) },
  { name: 'rocksdb', open: (d) => RocksdbBackend.open(d, 8 << 20), restore: (d) => RocksdbBackend.open(d, 8 << 20) },
  {
    name: 'rocksdb, opened at the first write',
    open: async (d) => new DeferredRocksdb(d, () => RocksdbBackend.open(d, 8 << 20), 60_000),
    restore: (d) => RocksdbBackend.open(d, 8 << 20),
  },
];

/** The expected content of the store: the model. Values are copied on every checkpoint. */
interface Model {
  keyed: Map<string, { key: Key; count: number | bigint; note: string[] }>;
  timed: Map<number, Map<string, { key: Key; sum: number }>>;
  lists: Map<number, number[]>;
  marks: Set<number | bigint | null>;
  total: number | null;
  /** By key: entries in the order of their places, equal places in the order of insertion. */
  ordered: Map<string, { place: number; value: number }[]>;
}
const emptyModel = (): Model => ({
  keyed: new Map(),
  timed: new Map(),
  lists: new Map(),
  marks: new Set(),
  total: null,
  ordered: new Map(),
});

/** Values that blocks of a log store in a different form, or could confuse with other values. */
const TOTALS = fc.oneof(fc.integer(), fc.constantFrom(-0, Number.NaN, 0.5, 2 ** 40));
/** The keys of a table that has only keys. */
const MARKS: readonly (number | bigint | null)[] = [null, 0, -1, 2 ** 53 - 1, 2n ** 53n, -(2n ** 63n)];

const COMMANDS = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('change' as const),
        key: fc.nat(40),
        by: fc.oneof(fc.nat(9), fc.constant(2 ** 53 - 1)),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('remove' as const), key: fc.nat(40) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('look' as const), key: fc.nat(60) }) },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('window' as const),
        time: fc.integer({ min: -3, max: 5 }),
        key: fc.nat(12),
        by: fc.nat(9),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('fire' as const), time: fc.integer({ min: -3, max: 5 }) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), time: fc.nat(2), value: fc.nat(99) }) },
    { weight: 6, arbitrary: fc.constant({ kind: 'maintain' as const }) },
    { weight: 4, arbitrary: fc.constant({ kind: 'seal' as const }) },
    { weight: 4, arbitrary: fc.constant({ kind: 'step' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'disk full' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'not stored' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'churn' as const }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('mark' as const), key: fc.nat(5), there: fc.boolean() }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('total' as const), value: fc.option(TOTALS) }) },
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('insert' as const),
        key: fc.nat(8),
        place: fc.integer({ min: -3, max: 3 }),
        value: fc.nat(99),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('in place' as const),
        what: fc.constantFrom('change' as const, 'move' as const, 'remove' as const),
        key: fc.nat(8),
        nth: fc.nat(4),
        place: fc.integer({ min: -3, max: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('remove range' as const),
        key: fc.nat(8),
        from: fc.integer({ min: -3, max: 3 }),
        length: fc.nat(4),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('range' as const), key: fc.nat(8) }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'crash' as const }) },
  ),
  { minLength: 10, maxLength: 120 },
);
type Command = (typeof COMMANDS extends fc.Arbitrary<infer T> ? T : never)[number];

const keyOf = (n: number): Key => [n % 7 === 0 ? null : n - 20, `k${n % 5}\u0000é`];

class Subject {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-state-'));
  readonly kind: BackendKind;
  readonly budget: number;
  model = emptyModel();
  readonly withLog: boolean;
  /** The next write to the log fails. */
  diskFull = false;
  readonly #disk: Disk = {
    ...systemDisk,
    append: (file, bytes, from) => {
      if (!this.diskFull) return systemDisk.append(file, bytes, from);
      this.diskFull = false;
      throw new Error('disk full');
    },
  };
  checkpointed: { model: Model; directory: string; log: readonly string[] | null } | null = null;
  store!: CachedStateStore;
  keyed!: KeyedTable;
  timed!: TimedTable;
  lists!: TimedTable;
  /** The key is one integer, and there are no columns. */
  marks!: KeyedTable;
  /** A single entry. */
  total!: KeyedTable;
  ordered!: OrderedTable;
  /** The files of the next checkpoint cannot be stored. */
  notStored = false;
  writing: { model: Model; done: Promise<void> } | null = null;
  #directories = 0;
  readonly #slots = new Int32Array(1);

  constructor(kind: BackendKind, budget: number, withLog: boolean) {
    this.withLog = withLog;
    this.kind = kind;
    this.budget = budget;
  }

  async open(backend: StateBackend): Promise<void> {
    this.store = new CachedStateStore(backend, this.budget);
    const note = codecOf({ kind: 'array', element: STRING, nullable: true });
    this.keyed = this.store.keyedTable({
      operator: 1,
      table: 0,
      name: 'keyed',
      key: [BIGINT, STRING],
      columns: [{ kind: 'long' }, { kind: 'value', codec: note }],
    });
    this.timed = this.store.timedTable({
      operator: 2,
      table: 0,
      name: 'timed',
      key: [BIGINT, STRING],
      columns: [{ kind: 'number' }],
    });
    this.lists = this.store.timedTable({
      operator: 2,
      table: 1,
      name: 'lists',
      key: [],
      columns: [{ kind: 'number' }],
    });
    this.marks = this.store.keyedTable({ operator: 3, table: 255, name: 'marks', key: [BIGINT], columns: [] });
    this.total = this.store.keyedTable({
      operator: 3,
      table: 0,
      name: 'total',
      key: [],
      columns: [{ kind: 'number' }],
    });
    this.ordered = this.store.orderedTable({
      operator: 3,
      table: 1,
      name: 'ordered',
      key: [BIGINT, STRING],
      columns: [{ kind: 'number' }, { kind: 'long' }, { kind: 'value', codec: note }],
    });
    await this.store.restore([1, 2, 3]);
    if (this.withLog) {
      // A small number, so the job continues after every few entries.
      const log = new StateLog(this.directory(), this.#disk, systemScheduler, 4);
      await this.store.logTo(log);
    }
  }

  directory(): string {
    const made = path.join(this.root, `d${this.#directories++}`);
    fs.mkdirSync(made);
    return made;
  }

  async run(command: Command): Promise<void> {
    switch (command.kind) {
      case 'change': {
        const slot = await this.slotOf(this.keyed, keyOf(command.key));
        this.keyed.touch(slot);
        const sum = BigInt(this.keyed.readLong(0, slot)) + BigInt(command.by);
        this.keyed.writeLong(0, slot, sum <= 9007199254740991n ? Number(sum) : sum);
        const notes = this.keyed.columns[1] as (string[] | null)[];
        notes[slot] ??= [];
        notes[slot].push(`+${command.by}`);
        const name = String(keyOf(command.key));
        const entry = this.model.keyed.get(name) ?? { key: keyOf(command.key), count: 0, note: [] };
        this.model.keyed.set(name, entry);
        entry.count = this.keyed.readLong(0, slot);
        const before = BigInt(entry.note.reduce((s, n) => s + Number(n.slice(1)), 0));
        assert.ok(before >= 0n);
        entry.note.push(`+${command.by}`);
        return;
      }
      case 'remove': {
        const slot = await this.slotOf(this.keyed, keyOf(command.key));
        assert.equal(this.keyed.exists(slot), this.model.keyed.has(String(keyOf(command.key))));
        this.keyed.remove(slot);
        this.model.keyed.delete(String(keyOf(command.key)));
        return;
      }
      case 'look': {
        const slot = await this.slotOf(this.keyed, keyOf(command.key));
        const entry = this.model.keyed.get(String(keyOf(command.key)));
        assert.equal(this.keyed.exists(slot), entry !== undefined);
        if (entry) {
          assert.equal(this.keyed.readLong(0, slot), entry.count);
          assert.deepEqual((this.keyed.columns[1] as unknown[])[slot], entry.note);
          assert.deepEqual(this.keyed.keyOf(slot), entry.key);
        }
        return;
      }
      case 'window': {
        const segment = this.timed.segment(command.time * 1000);
        const slot = await this.slotOf(segment, keyOf(command.key));
        segment.touch(slot);
        (segment.columns[0] as Float64Array)[slot]! += command.by;
        const window = this.model.timed.get(command.time * 1000) ?? new Map<string, { key: Key; sum: number }>();
        this.model.timed.set(command.time * 1000, window);
        const entry = window.get(String(keyOf(command.key))) ?? { key: keyOf(command.key), sum: 0 };
        window.set(String(keyOf(command.key)), entry);
        entry.sum += command.by;
        return;
      }
      case 'fire': {
        for (const segment of this.timed.due(command.time * 1000)) {
          await segment.load();
          const want = this.model.timed.get(segment.time)!;
          const got = [...segment.slots()].map((s) => ({
            key: segment.keyOf(s),
            sum: (segment.columns[0] as Float64Array)[s],
          }));
          assert.deepEqual(got, [...want.values()], 'a segment comes back in arrival order');
          this.timed.drop(segment);
          this.model.timed.delete(segment.time);
        }
        assert.equal(this.timed.firstTime, Math.min(Number.POSITIVE_INFINITY, ...this.model.timed.keys()));
        return;
      }
      case 'append': {
        const segment = this.lists.segment(command.time);
        (segment.columns[0] as Float64Array)[segment.append()] = command.value;
        const list = this.model.lists.get(command.time) ?? [];
        this.model.lists.set(command.time, list);
        list.push(command.value);
        return;
      }
      case 'maintain':
        if (!this.store.sealing) await this.store.maintain(65536);
        else void this.store.maintain(1);
        return;
      case 'seal':
        if (this.writing === null) this.seal();
        return;
      case 'clear':
        await this.keyed.clear();
        this.model.keyed.clear();
        return;
      case 'disk full':
        if (this.store.log !== null) this.diskFull = true;
        return;
      case 'not stored':
        this.notStored = true;
        return;
      case 'churn': {
        // Enough for the list of changed entries to be cleaned up.
        const slot = await this.slotOf(this.keyed, [77, 'churn']);
        for (let i = 0; i < 3000; i++) {
          this.keyed.touch(slot);
          this.keyed.remove(slot);
        }
        return;
      }
      case 'mark': {
        const key = MARKS[command.key]!;
        const slot = await this.slotOf(this.marks, [key]);
        assert.equal(this.marks.exists(slot), this.model.marks.has(key));
        if (command.there) this.marks.touch(slot);
        else this.marks.remove(slot);
        if (command.there) this.model.marks.add(key);
        else this.model.marks.delete(key);
        return;
      }
      case 'total': {
        const slot = await this.slotOf(this.total, []);
        this.#verifyTotal(slot);
        if (command.value === null) this.total.remove(slot);
        else {
          this.total.touch(slot);
          (this.total.columns[0] as Float64Array)[slot] = command.value;
        }
        this.model.total = command.value;
        return;
      }
      case 'insert': {
        const { place, value } = command;
        const key = await this.keySlotOf(command.key);
        this.#fill(this.ordered.insert(key, place), value);
        const list = this.#listOf(command.key);
        const behind = list.findIndex((entry) => entry.place > place);
        list.splice(behind < 0 ? list.length : behind, 0, { place, value });
        return;
      }
      case 'in place': {
        const key = await this.keySlotOf(command.key);
        const list = this.#listOf(command.key);
        if (command.nth >= list.length) return;
        let slot = this.ordered.first(key);
        for (let n = 0; n < command.nth; n++) slot = this.ordered.next(slot);
        const [entry] = list.splice(command.nth, 1);
        if (command.what === 'remove') this.ordered.remove(slot);
        else if (command.what === 'change') {
          this.ordered.touch(slot);
          this.#fill(slot, entry!.value + 1);
          list.splice(command.nth, 0, { ...entry!, value: entry!.value + 1 });
        } else {
          const { place } = command;
          this.ordered.move(slot, place);
          const behind = list.findIndex((other) => other.place > place);
          list.splice(behind < 0 ? list.length : behind, 0, { ...entry!, place });
        }
        return;
      }
      case 'remove range': {
        const { from, length } = command;
        const key = await this.keySlotOf(command.key);
        this.ordered.removeRange(key, from, from + length);
        const left = this.#listOf(command.key).filter(({ place }) => place < from || place >= from + length);
        this.model.ordered.set(String(keyOf(command.key)), left);
        return;
      }
      case 'range':
        this.#verifyOrdered(command.key, await this.keySlotOf(command.key));
        return;
      case 'step':
        await new Promise((resolve) => setImmediate(resolve));
        return;
      case 'crash':
        await this.crash();
    }
  }

  #verifyTotal(slot: number): void {
    const value = this.total.exists(slot) ? (this.total.columns[0] as Float64Array)[slot]! : null;
    assert.ok(Object.is(value, this.model.total), `${value} is not ${this.model.total}`);
  }

  #listOf(n: number): { place: number; value: number }[] {
    const name = String(keyOf(n));
    const list = this.model.ordered.get(name) ?? [];
    this.model.ordered.set(name, list);
    return list;
  }

  #fill(slot: number, value: number): void {
    (this.ordered.columns[0] as Float64Array)[slot] = value;
    this.ordered.writeLong(1, slot, value % 2 === 0 ? value : 2n ** 60n + BigInt(value));
    (this.ordered.columns[2] as unknown[])[slot] = [`${value}`];
  }

  #verifyOrdered(n: number, key: number): void {
    const { ordered } = this;
    const got: { place: number; value: number }[] = [];
    let last = -1;
    for (let slot = ordered.first(key); slot >= 0; slot = ordered.next(slot)) {
      const value = (ordered.columns[0] as Float64Array)[slot]!;
      got.push({ place: ordered.placeOf(slot), value });
      assert.equal(ordered.readLong(1, slot), value % 2 === 0 ? value : 2n ** 60n + BigInt(value));
      assert.deepEqual((ordered.columns[2] as unknown[])[slot], [`${value}`]);
      assert.equal(ordered.previous(slot), last);
      last = slot;
    }
    assert.equal(ordered.last(key), last);
    assert.deepEqual(got, this.model.ordered.get(String(keyOf(n))) ?? []);
    assert.deepEqual(ordered.keyOf(key), keyOf(n));
  }

  async keySlotOf(n: number): Promise<number> {
    const writer = new ByteWriter();
    const [number, text] = keyOf(n);
    keyPart(BIGINT).write(writer, number);
    keyPart(STRING).write(writer, text);
    await this.ordered.lookupEncoded([{ bytes: writer.buffer, from: 0, to: writer.position }], this.#slots);
    return this.#slots[0]!;
  }

  async slotOf(table: KeyedTable | Segment, key: readonly unknown[]): Promise<number> {
    await table.lookupKeys([key], this.#slots);
    return this.#slots[0]!;
  }

  /** Seals the epoch. The rest of the checkpoint continues beside the following commands. */
  seal(): void {
    const model = structuredClone(this.model);
    this.store.seal();
    const { store } = this;
    const directory = this.directory();
    const done = (async () => {
      const { log } = store;
      try {
        await store.writeSealed();
        if (log === null) await store.backend.snapshotTo(directory);
        else for (const file of log.files) fs.copyFileSync(file.path, path.join(directory, file.name));
        // The writes of the store are complete. This checkpoint is never restored.
        if (!this.notStored) this.checkpointed = { model, directory, log: log?.files.map(({ name }) => name) ?? null };
        this.notStored = false;
      } catch (error) {
        assert.equal((error as Error).message, 'disk full');
      } finally {
        store.unseal();
        this.writing = null;
      }
    })();
    this.writing = { model, done };
  }

  /** Simulates the end of the process: only the last complete checkpoint counts. */
  async crash(): Promise<void> {
    await this.writing?.done;
    await this.store.backend.close();
    const from = this.checkpointed;
    this.model = from === null ? emptyModel() : structuredClone(from.model);
    if (from === null) await this.open(await this.kind.open(this.directory()));
    else {
      const live = this.directory();
      for (const name of fs.readdirSync(from.directory))
        fs.copyFileSync(path.join(from.directory, name), path.join(live, name));
      if (from.log === null) await this.open(await this.kind.restore(live));
      else {
        const backend = await this.kind.open(live);
        await applyStateLog(
          from.log.map((name) => path.join(live, name)),
          backend,
          systemDisk,
        );
        await this.open(backend);
      }
    }
  }

  /** Compares all entries one by one. */
  async verify(): Promise<void> {
    await this.writing?.done;
    assert.equal(await this.keyed.count(), this.model.keyed.size);
    for (let n = 0; n <= 60; n++) await this.run({ kind: 'look', key: n });
    assert.equal(await this.marks.count(), this.model.marks.size);
    for (const key of MARKS) {
      assert.equal(this.marks.exists(await this.slotOf(this.marks, [key])), this.model.marks.has(key));
    }
    this.#verifyTotal(await this.slotOf(this.total, []));
    for (const segment of this.lists.due(Number.POSITIVE_INFINITY)) {
      await segment.load();
      const got = [...segment.slots()].map((s) => (segment.columns[0] as Float64Array)[s]);
      assert.deepEqual(got, this.model.lists.get(segment.time));
    }
    const ordered = [...this.model.ordered.values()].reduce((sum, list) => sum + list.length, 0);
    assert.equal(await this.ordered.count(), ordered);
    for (let n = 0; n <= 8; n++) await this.run({ kind: 'range', key: n });
    await this.run({ kind: 'fire', time: 99 });
    assert.equal(this.model.timed.size, 0);
  }

  async close(): Promise<void> {
    await this.writing?.done.catch(() => {});
    await this.store.backend.close();
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

const BUDGETS = [
  { budget: 1 << 30, withLog: false, name: 'all in the cache' },
  { budget: 1 << 30, withLog: true, name: 'all in the cache, with a log' },
  { budget: 1, withLog: false, name: 'nothing fits in the cache' },
  { budget: 1, withLog: true, name: 'a log that is left at the first eviction' },
  { budget: 24_000, withLog: true, name: 'a log that is left while most entries stay in the cache' },
];

for (const kind of BACKENDS) {
  for (const { budget, withLog, name } of BUDGETS) {
    it(`${kind.name}, ${name}: like a plain map`, async () => {
      await fc.assert(
        fc.asyncProperty(COMMANDS, async (commands) => {
          const subject = new Subject(kind, budget, withLog);
          await subject.open(await kind.open(subject.directory()));
          try {
            for (const command of commands) await subject.run(command);
            await subject.verify();
            await subject.crash();
            await subject.verify();
          } finally {
            await subject.close();
          }
        }),
        { numRuns: kind.name === 'memory' ? 150 : 25 },
      );
    });
  }
}

for (const kind of BACKENDS) {
  it(`${kind.name}: back end contract`, async () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-backend-'));
    const live = path.join(root, 'live');
    fs.mkdirSync(live);
    const backend = await kind.open(live);
    const key = (n: number) => Buffer.from([1, n]);
    await backend.write([1, 2, 3].map((n) => ({ key: key(n), value: Buffer.from(`v${n}`) })));
    await backend.write([
      { key: key(2), value: null },
      { key: key(3), value: Buffer.from('w3') },
      { key: key(4), value: Buffer.alloc(0) },
    ]);
    assert.deepEqual(
      (await backend.getMany([key(1), key(2), key(3), key(4)])).map((v) => v?.toString() ?? null),
      ['v1', null, 'w3', ''],
    );
    const seen: string[] = [];
    for await (const chunk of backend.scan(key(2), key(4))) for (const e of chunk) seen.push(`${e.key[1]}=${e.value}`);
    assert.deepEqual(seen, ['3=w3']);
    const snapshot = path.join(root, 'snapshot');
    fs.mkdirSync(snapshot);
    assert.ok((await backend.snapshotTo(snapshot)).length > 0);
    await backend.write([{ key: key(1), value: Buffer.from('later') }]);
    await backend.close();
    const restored = await kind.restore(snapshot);
    assert.equal((await restored.getMany([key(1)]))[0]?.toString(), 'v1');
    await restored.close();
    fs.rmSync(root, { recursive: true });
  });
}
