import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { type Change, compileProgram, InputTable, ManualClock, type Row, run } from '../../../src/index.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-library-test-'));
after(() => fs.rmSync(root, { recursive: true }));

const PAYMENTS = `CREATE TABLE payments (
  ts TIMESTAMP(3), card STRING, amount DECIMAL(10, 2), WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'datagen');\n`;
const TESTED = `SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES PROBE.amount AS small, HAUL.amount AS big
  AFTER MATCH SKIP PAST LAST ROW PATTERN (PROBE REST*? HAUL) WITHIN INTERVAL '10' MINUTE
  DEFINE PROBE AS amount < 2, HAUL AS amount > 500) AS found;`;
const NUMBERS = "CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen');\n";

const payment = (minute: number, card: string, amount: number) => ({
  ts: new Date(Date.UTC(2026, 10, 2, 9, minute)),
  card,
  amount,
});
async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('compileProgram', () => {
  it('gives mistakes as data, all of them, with places and hints', () => {
    const { ok, diagnostics, jobs } = compileProgram(`${NUMBERS}SELECT m FROM numbers;\nSELECT n FROM nmbers;`);
    assert.equal(ok, false);
    assert.deepEqual(jobs, []);
    assert.deepEqual(
      diagnostics.map(({ code, line, column, severity }) => [code, line, column, severity]),
      [
        ['SQL_UNKNOWN_COLUMN', 2, 8, 'error'],
        ['SQL_UNKNOWN_TABLE', 3, 15, 'error'],
      ],
    );
    assert.match(diagnostics[1]!.hint ?? '', /numbers/);
  });

  it('names jobs, tables and level, and explains the plan', () => {
    const program = compileProgram(`${PAYMENTS}${TESTED}`);
    assert.equal(program.level, 'portable');
    assert.deepEqual(
      program.jobs.map(({ name, inputs, outputs }) => ({ name, inputs, outputs })),
      [{ name: 'program.result', inputs: ['payments'], outputs: ['result'] }],
    );
    assert.match(program.jobs[0]!.explain(), /Match \(PROBE REST/);
    assert.throws(() => compileProgram('', { settings: { 'no.such': '1' } }), { code: 'CONFIG_UNKNOWN_OPTION' });
  });
});

describe('run', () => {
  it('runs a pattern over an async iterable and gives typed rows', async () => {
    async function* payments() {
      yield payment(0, '4711', 1.2);
      yield payment(1, '0815', 700);
      yield payment(4, '4711', 1899);
    }
    await using program = await run(`${PAYMENTS}${TESTED}`, { inputs: { payments: payments() } });
    const rows = await collected(program.rows<{ card: string; small: string; big: string }>());
    assert.deepEqual(rows, [{ card: '4711', small: '1.20', big: '1899.00' }]);
    await program.finished;
  });

  it('gives changes where a result takes rows back, and refuses to give them as rows', async () => {
    const sql = `${NUMBERS}SELECT n % 2 AS odd, COUNT(*) AS many FROM numbers GROUP BY n % 2;`;
    await using program = await run(sql, { inputs: { numbers: [{ n: 1 }, { n: 2n }, { n: '3' }] } });
    assert.throws(() => program.rows(), { code: 'CONFIG_USAGE' });
    assert.deepEqual(await collected(program.changes()), [
      { kind: '+I', row: { odd: 1, many: 1 } },
      { kind: '+I', row: { odd: 0, many: 1 } },
      { kind: '-U', row: { odd: 1, many: 1 } },
      { kind: '+U', row: { odd: 1, many: 2 } },
    ] satisfies Change[]);
  });

  it('passes every type in and out', async () => {
    const types = {
      b: 'BOOLEAN',
      i: 'INT',
      l: 'BIGINT',
      d: 'DOUBLE',
      m: 'DECIMAL(20, 2)',
      s: 'STRING',
      y: 'BYTES',
      t: 'TIMESTAMP(3)',
      z: 'TIMESTAMP_LTZ(3)',
      a: 'ARRAY<BIGINT>',
      o: 'MAP<STRING, INT>',
      r: 'ROW<x INT, y TIMESTAMP(3)>',
      e: 'DATE',
    };
    const columns = Object.entries(types).map(([name, type]) => `${name} ${type}`);
    const sql = `CREATE TABLE t (${columns.join(', ')}) WITH ('connector' = 'datagen');\nSELECT * FROM t;`;
    const moment = new Date('2026-11-02T09:00:00.500Z');
    const given = {
      b: true,
      i: 7,
      l: 2n ** 53n + 1n,
      d: 0.5,
      m: '12345678901234567.50',
      s: 'é',
      y: Uint8Array.of(0, 255),
      t: moment,
      z: moment,
      a: [1, 2n ** 60n, null],
      o: new Map([['k', 1]]),
      r: { x: 1, y: moment },
      e: moment,
      unknown: 'left out',
    };
    await using program = await run(sql, { inputs: { t: [given, {}] } });
    const [row, empty] = await collected(program.rows());
    assert.deepEqual(row, {
      b: true,
      i: 7,
      l: 9007199254740993n,
      d: 0.5,
      m: '12345678901234567.50',
      s: 'é',
      y: Uint8Array.of(0, 255),
      t: '2026-11-02 09:00:00.5',
      z: '2026-11-02 09:00:00.5Z',
      a: [1, 2n ** 60n, null],
      o: new Map([['k', 1]]),
      r: { x: 1, y: '2026-11-02 09:00:00.5' },
      e: '2026-11-02',
    });
    assert.deepEqual(empty, Object.fromEntries(Object.keys(types).map((name) => [name, null])));
    await using again = await run(sql, { inputs: { t: [row!] } });
    assert.deepEqual(await collected(again.rows()), [row]);
  });

  it('reads files and writes files, with outputs of INSERT on request', async () => {
    fs.writeFileSync(path.join(root, 'n.jsonl'), '{"n":1}\n{"n":2}\n');
    const sql = `CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'n.jsonl', 'format' = 'json');
      CREATE TABLE files (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
      CREATE TABLE read_here (n BIGINT) WITH ('connector' = 'blackhole');
      INSERT INTO files SELECT n FROM numbers;
      INSERT INTO read_here SELECT n * 10 FROM numbers;`;
    await using program = await run(sql, { baseDirectory: root, outputs: ['read_here'] });
    assert.deepEqual(await collected(program.rows('read_here')), [{ n: 10 }, { n: 20 }]);
    await program.finished;
    const parts = fs.readdirSync(path.join(root, 'out'));
    assert.deepEqual(
      parts.map((part) => fs.readFileSync(path.join(root, 'out', part), 'utf8')),
      ['{"n":1}\n{"n":2}\n'],
    );
    assert.throws(() => program.rows('raed_here'), /did you mean `read_here`/);
  });

  it('reports errors before the program runs', async () => {
    await assert.rejects(
      run('SELECT n FROM nowhere'),
      (error: { code: string; details: { diagnostics: unknown[] } }) => {
        assert.equal(error.code, 'SQL_UNKNOWN_TABLE');
        assert.equal(error.details.diagnostics.length, 1);
        return true;
      },
    );
    const sql = `${NUMBERS}SELECT n FROM numbers`;
    await assert.rejects(run(sql, { inputs: { number: [] } }), /did you mean `numbers`/);
    await assert.rejects(run(sql, { outputs: ['alerts'] }), /no job writes a table `alerts`/);
  });

  it('fails with table, row and column where a value does not fit, and with the error of an iterable', async () => {
    const sql = `${NUMBERS}SELECT n FROM numbers;`;
    await using program = await run(sql, { inputs: { numbers: [{ n: 1 }, { n: 'x' }] } });
    await assert.rejects(collected(program.rows()), {
      message: /table numbers, row 2, column `n`: "x" is not a BIGINT/,
    });
    await assert.rejects(program.finished, { code: 'FORMAT_VALUE' });
    async function* broken() {
      yield { n: 1 };
      throw new Error('the feed broke');
    }
    await using second = await run(sql, { inputs: { numbers: broken() } });
    await assert.rejects(collected(second.rows()), { code: 'CONNECTOR_READ', message: /the feed broke/ });
  });
});

describe('a table that is fed by hand', () => {
  it('makes its feeder wait while no reader takes rows', async () => {
    const numbers = new InputTable<{ n: number }>({ capacity: 10 });
    await using program = await run(`${NUMBERS}SELECT n FROM numbers;`, {
      inputs: { numbers },
      outputCapacity: 10,
      batchRows: 5,
    });
    let written = 0;
    const feeding = (async () => {
      for (let n = 0; n < 1000; n++) {
        await numbers.write({ n });
        written = n + 1;
      }
      numbers.end();
    })();
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(written > 5 && written < 50, `${written} rows were written while nothing was read`);
    const rows = await collected(program.rows<{ n: number }>());
    assert.deepEqual(
      rows.map(({ n }) => n),
      Array.from({ length: 1000 }, (_, n) => n),
    );
    await feeding;
    await assert.rejects(numbers.write({ n: 0 }), { code: 'CONFIG_USAGE' });
  });

  it('feeds every job that reads it', async () => {
    const numbers = new InputTable<{ n: number }>();
    const sql = `${NUMBERS}SELECT n FROM numbers; SELECT n + 1 AS m FROM numbers;`;
    await using program = await run(sql, { inputs: { numbers } });
    await numbers.write({ n: 1 }, { n: 2 });
    numbers.end();
    const both = await Promise.all([collected(program.rows()), collected(program.rows('result-2'))]);
    assert.deepEqual(both, [
      [{ n: 1 }, { n: 2 }],
      [{ m: 2 }, { m: 3 }],
    ]);
  });

  it('rejects rows when the program is closed, and closing needs no reader', async () => {
    const numbers = new InputTable<{ n: number }>({ capacity: 2 });
    const program = await run(`${NUMBERS}SELECT n FROM numbers;`, { inputs: { numbers }, outputCapacity: 1 });
    const writing = (async () => {
      for (let n = 0; ; n++) await numbers.write({ n });
    })();
    writing.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    await program.close();
    await assert.rejects(writing, { code: 'JOB_NOT_RUNNING' });
  });

  it('continues when a reader leaves its loop', async () => {
    const numbers = new InputTable<{ n: number }>();
    await using program = await run(`${NUMBERS}SELECT n FROM numbers;`, { inputs: { numbers }, outputCapacity: 1 });
    await numbers.write({ n: 1 }, { n: 2 }, { n: 3 });
    for await (const { n } of program.rows<{ n: number }>()) if (n === 1) break;
    numbers.end();
    await program.finished;
  });
});

describe('time', () => {
  it('is moved by hand', async () => {
    const clicks = new InputTable<{ page: string }>();
    const clock = new ManualClock(new Date('2026-11-02T09:00:10Z'));
    const sql = `CREATE TABLE clicks (page STRING, at AS PROCTIME()) WITH ('connector' = 'datagen');
      SELECT window_start, COUNT(*) AS many FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '1' MINUTE))
      GROUP BY window_start, window_end;`;
    await using program = await run(sql, { inputs: { clicks }, clock });
    const rows: Row[] = [];
    const reading = (async () => {
      for await (const row of program.rows()) rows.push(row);
    })();
    await clicks.write({ page: 'a' }, { page: 'b' });
    await program.advance(30_000);
    assert.deepEqual(rows, []);
    await program.advance(20_000);
    await new Promise(setImmediate);
    assert.deepEqual(rows, [{ window_start: '2026-11-02 09:00:00', many: 2 }]);
    clicks.end();
    await reading;
  });
});

describe('checkpoints', () => {
  const sql = (out: string) => `${NUMBERS}CREATE TABLE sums (total BIGINT, PRIMARY KEY (total) NOT ENFORCED)
      WITH ('connector' = 'filesystem', 'path' = '${out}', 'format' = 'debezium-json');
      INSERT INTO sums SELECT SUM(n) FROM numbers;`;
  const lines = (out: string) =>
    fs
      .readdirSync(path.join(root, out))
      .filter((name) => !name.startsWith('.'))
      .sort()
      .flatMap((name) =>
        fs
          .readFileSync(path.join(root, out, name), 'utf8')
          .trimEnd()
          .split('\n'),
      );

  it('are taken on demand, and a second run continues from the last', async () => {
    const options = { baseDirectory: root, checkpoints: path.join(root, 'checkpoints') };
    const first = new InputTable<{ n: number }>();
    const one = await run(sql('sums'), { ...options, inputs: { numbers: first } });
    await first.write({ n: 1 }, { n: 2 });
    while (lines('sums').length === 0) await one.checkpoint();
    await first.write({ n: 3 });
    await one.stop();

    const second = new InputTable<{ n: number }>();
    await using two = await run(sql('sums'), { ...options, inputs: { numbers: second } });
    const from = two.position('numbers');
    assert.ok(from >= 2 && from <= 3, `position ${from}`);
    for (let n = from + 1; n <= 4; n++) await second.write({ n });
    second.end();
    await two.finished;
    assert.equal(lines('sums').at(-1), '{"before":null,"after":{"total":10},"op":"c"}');
    assert.equal(lines('sums').length, 7);
  });

  it('skip the rows of an iterable that they have, or tell a function where to continue', async () => {
    const options = { baseDirectory: root, checkpoints: path.join(root, 'checkpoints-2') };
    const rows = Array.from({ length: 5 }, (_, i) => ({ n: i + 1 }));
    const fed = new InputTable<{ n: number }>();
    const one = await run(sql('sums-2'), { ...options, inputs: { numbers: fed } });
    await fed.write(...rows.slice(0, 2));
    while (lines('sums-2').length < 3) await one.checkpoint();
    await one.close();
    const asked: number[] = [];
    const from = (first: number) => {
      asked.push(first);
      return rows.slice(first, 4);
    };
    const two = await run(sql('sums-2'), { ...options, inputs: { numbers: from } });
    while (lines('sums-2').length < 7) await two.checkpoint();
    await two.close();
    assert.deepEqual(asked, [2]);
  });
});
