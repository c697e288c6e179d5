/** What the service knows, on disk. `test/kill/store-faults.ts` injects faults below SQLite. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { CatalogTable } from '../../../src/compiler/catalog.ts';
import { ServiceStore } from '../../../src/service/store/service-store.ts';

describe('the store of the service', () => {
  let directory: string;
  let messages: string[];
  const log = { warn: (_: object, message: string) => void messages.push(message) };
  const open = (): ServiceStore => ServiceStore.open(directory, log);
  const MAIN = 'service.sqlite';
  const COPY = 'service-copy.sqlite';
  const fileOf = (name: string): string => path.join(directory, name);
  const table = (name: string): CatalogTable => ({ name, options: { connector: 'print' } }) as unknown as CatalogTable;
  const create = (store: ServiceStore, ...names: readonly string[]): void => {
    for (const name of names) {
      const tables = [...store.catalog.tables.values(), table(name)];
      store.record({ kind: 'catalog', tables, views: [] });
    }
  };
  /** Opens the store and returns the names of its tables. */
  const tables = (): readonly string[] => {
    const store = open();
    store.close();
    return [...store.catalog.tables.keys()];
  };
  const flip = (file: string, at: number): void => {
    const bytes = fs.readFileSync(file);
    bytes[at] = bytes[at]! ^ 4;
    fs.writeFileSync(file, bytes);
  };

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-store-'));
    messages = [];
  });
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

  it('has what was recorded, in its order', () => {
    const store = open();
    create(store, 'a', 'b', 'c');
    store.record({ kind: 'catalog', tables: [table('a'), table('c'), table('b')], views: [] });
    store.record(
      { kind: 'demo-started', pattern: 'p', at: 5 },
      { kind: 'pattern-stopped', job: 'j', plan: 'x' },
      { kind: 'pattern-stopped', job: 'j', plan: null },
      { kind: 'pattern-passed', pattern: 'p', stamp: 's' },
      { kind: 'submitted', submission: { number: 1, at: 7, statements: ['create table a'] } },
    );
    for (let at = 0; at < 12; at++) store.record({ kind: 'reloaded', job: 'j', reload: { at, operators: [] } });
    const before = store.all();
    store.close();
    const again = open();
    assert.deepEqual(again.all(), before);
    assert.deepEqual([...again.catalog.tables.keys()], ['a', 'c', 'b']);
    assert.equal(again.reloads.get('j')!.length, 10);
    assert.equal(again.lastSubmission, 1);
    again.close();
  });

  it('takes space in proportion to what exists, and gives it back while it runs', () => {
    const store = open();
    const size = (): number => fs.statSync(fileOf(MAIN)).size;
    const names = Array.from({ length: 1146 }, (_, i) => `t${i}`);
    create(store, ...names.slice(0, 60));
    assert.ok(size() < 60_000, `${size()} bytes for 60 tables`);
    store.record({ kind: 'catalog', tables: names.map(table), views: [] });
    create(store, ...names.slice(0, 60).map((name) => `${name}b`));
    const full = size();
    assert.ok(full < 700_000, `${full} bytes for 1,206 tables`);
    store.record({ kind: 'catalog', tables: [table('t0')], views: [] });
    assert.ok(size() < full / 5, `${size()} bytes for one table`);
    store.close();
    assert.deepEqual(tables(), ['t0']);
  });

  for (const [name, other] of [
    [MAIN, COPY],
    [COPY, MAIN],
  ] as const) {
    it(`continues with ${other} when a bit of ${name} has changed, at any byte in use`, () => {
      const store = open();
      create(store, 'a', 'b');
      store.close();
      const whole = fs.readFileSync(fileOf(name));
      let found = 0;
      for (let at = 0; at < whole.length; at += 97) {
        fs.writeFileSync(fileOf(name), whole);
        messages = [];
        flip(fileOf(name), at);
        assert.deepEqual(tables(), ['a', 'b'], `byte ${at}`);
        if (messages.length === 0) continue;
        found++;
        assert.match(messages.join(), new RegExp(`${name} is damaged .* replaced by a copy of .*${other}`));
        assert.ok(fs.readFileSync(fileOf(name)).length > 0);
      }
      assert.ok(found > 5, `${found} of the changes were in bytes that are in use`);
      assert.ok(fs.readdirSync(directory).some((file) => file.startsWith(`${name}.damaged-`)));
    });

    it(`continues with ${other} when ${name} lacks the newest changes`, () => {
      const store = open();
      create(store, 'a');
      store.close();
      const old = fs.readFileSync(fileOf(name));
      const again = open();
      create(again, 'b');
      again.close();
      fs.writeFileSync(fileOf(name), old);
      assert.deepEqual(tables(), ['a', 'b']);
      assert.match(messages.join(), new RegExp(`${name} lacks the newest changes`));
    });

    it(`continues with ${other} when ${name} is cut, empty or missing`, () => {
      const store = open();
      create(store, 'a', 'b');
      store.close();
      const whole = fs.readFileSync(fileOf(name));
      for (const length of [0, 1, 100, 4096, whole.length - 4096, whole.length - 1]) {
        fs.writeFileSync(fileOf(name), whole.subarray(0, length));
        assert.deepEqual(tables(), ['a', 'b'], `${length} bytes`);
      }
      fs.rmSync(fileOf(name));
      assert.deepEqual(tables(), ['a', 'b']);
    });
  }

  it('is refused with the names of both files when both are damaged, and nothing is changed', () => {
    const store = open();
    create(store, 'a');
    store.close();
    for (const name of [MAIN, COPY]) flip(fileOf(name), 20);
    for (const name of [MAIN, COPY]) fs.writeFileSync(fileOf(name), fs.readFileSync(fileOf(name)).subarray(0, 5000));
    const before = [MAIN, COPY].map((name) => fs.readFileSync(fileOf(name)));
    assert.throws(open, {
      code: 'STATE_FORMAT',
      message: /service\.sqlite is damaged: .*service-copy\.sqlite is damaged: /,
    });
    assert.deepEqual(
      [MAIN, COPY].map((name) => fs.readFileSync(fileOf(name))),
      before,
    );
  });

  it('finds an entry that another program removed, added or exchanged', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const edits = [
      "DELETE FROM entry WHERE name = 'a'",
      "INSERT INTO entry SELECT 99, kind, 'z', content, checksum FROM entry WHERE name = 'a'",
      "UPDATE entry SET content = replace(content, 'print', 'other') WHERE name = 'b'",
      "UPDATE entry SET position = 9 WHERE name = 'a'",
      'UPDATE summary SET generation = generation - 1',
    ];
    for (const edit of edits) {
      const store = open();
      if (store.catalog.tables.size === 0) create(store, 'a', 'b');
      store.close();
      messages = [];
      const database = new DatabaseSync(fileOf(MAIN));
      database.exec(edit);
      database.close();
      assert.deepEqual(tables(), ['a', 'b'], edit);
      assert.match(messages.join(), /service\.sqlite is damaged/, edit);
    }
  });

  it('refuses a change when another program has written to it, and says so until it is opened again', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const store = open();
    create(store, 'a');
    const database = new DatabaseSync(fileOf(COPY));
    database.exec('UPDATE summary SET generation = generation + 5');
    database.close();
    const message = /another program has changed it: the write is in doubt; restart the service/;
    assert.throws(() => create(store, 'b'), { code: 'STATE_STORE', message });
    assert.match(store.problem!, /another program/);
    assert.deepEqual([...store.catalog.tables.keys()], ['a']);
    assert.throws(() => create(store, 'b'), { code: 'STATE_STORE', message: /an earlier write is in doubt; restart/ });
    store.close();
    assert.deepEqual(tables(), ['a']);
  });

  it('refuses a newer format', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const { summaryChecksum } = await import('../../../src/service/store/database-file.ts');
    open().close();
    for (const name of [MAIN, COPY]) {
      const database = new DatabaseSync(fileOf(name));
      const row = database.prepare('SELECT * FROM summary').get() as never as Parameters<typeof summaryChecksum>[0];
      const checksum = summaryChecksum({ ...row, format: 2 });
      database.prepare('UPDATE summary SET format = 2, checksum = ?').run(checksum);
      database.close();
    }
    assert.throws(open, { code: 'STATE_FORMAT', message: /has format 2; this version reads up to 1/ });
  });

  it('refuses to start with too little disk, with figures, and leaves everything as it was', () => {
    const store = open();
    create(store, 'a', 'b');
    store.close();
    const before = fs.readdirSync(directory).map((name) => [name, fs.readFileSync(fileOf(name))]);
    const program = `
      import { ServiceStore } from ${JSON.stringify(path.join(import.meta.dirname, '../../../src/service/store/service-store.ts'))};
      try { ServiceStore.open(${JSON.stringify(directory)}, { warn() {} }); console.log('opened'); }
      catch (error) { console.log(error.code, error.message); }`;
    const run = spawnSync('bash', [
      '-c',
      'ulimit -f 100; exec "$0" --input-type=module -e "$1"',
      process.execPath,
      program,
    ]);
    assert.match(
      run.stdout.toString() + run.stderr.toString(),
      /^STATE_DISK the data directory .* needs 1 MB, of which .* could be written \(EFBIG.*\); the disk has \d+ MB free/,
    );
    assert.deepEqual(
      fs.readdirSync(directory).map((name) => [name, fs.readFileSync(fileOf(name))]),
      before,
    );
    assert.deepEqual(tables(), ['a', 'b']);
  });
});
