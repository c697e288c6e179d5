import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Catalog } from '../../../src/compiler/catalog.ts';
import { EngineError } from '../../../src/core/engine-error.ts';
import { changedCatalog } from '../../../src/service/compile/catalog-difference.ts';
import { CompilePool } from '../../../src/service/compile/compile-pool.ts';

const TABLE = "CREATE TABLE t (ts TIMESTAMP(3), v INT, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');";
const EXPLAIN =
  'EXPLAIN SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES B.v AS b PATTERN (A{9000} B) DEFINE A AS v > 1);';
/** Returns a text with large answers. */
function explains(width: number): string {
  const columns = Array.from({ length: width }, (_, i) => `column_with_a_long_name_${i} INT`).join(',');
  return `CREATE TABLE wide (${columns}) WITH ('connector' = 'datagen'); ${'EXPLAIN SELECT * FROM wide; '.repeat(400)}`;
}
/** A text that takes long to compile. */
const HUGE = TABLE + EXPLAIN.repeat(1000);

describe('the compile threads', () => {
  let pool: CompilePool;
  const EMPTY: Catalog = { tables: new Map(), views: new Map() };
  const submit = (sql: string, catalog = EMPTY) =>
    pool.submission(
      sql,
      {},
      { catalog, serviceSettings: {}, defaultSettings: {}, baseDirectory: '/', roots: ['/nowhere'] },
    );
  const limit = (message: RegExp) => (error: unknown) =>
    error instanceof EngineError && error.code === 'SQL_LIMIT' && message.test(error.message);

  afterEach(() => pool.close());

  it('refuse a text that takes too long, and compile the next one', async () => {
    pool = new CompilePool({ timeMs: 500, heapMegabytes: 1024 });
    await assert.rejects(submit(HUGE), limit(/takes longer than 0\.5 s to compile/));
    assert.equal((await submit('SHOW TABLES;')).result.statements.length, 1);
  });

  it('refuse a text that takes too long also when it is not the first one of its thread', {
    timeout: 20_000,
  }, async () => {
    pool = new CompilePool({ timeMs: 500, heapMegabytes: 1024 });
    assert.equal((await submit('SHOW TABLES;')).result.statements.length, 1);
    await assert.rejects(submit(HUGE), limit(/takes longer than 0\.5 s to compile/));
  });

  it('refuse a text that needs too much memory, and compile the next one', async () => {
    pool = new CompilePool({ timeMs: 120_000, heapMegabytes: 64 });
    await assert.rejects(submit(explains(3000)), limit(/needs more than 64 MB to compile/));
    assert.equal((await submit('SHOW TABLES;')).result.statements.length, 1);
  });

  it('refuse a text whose answers are too large', async () => {
    pool = new CompilePool();
    await assert.rejects(submit(explains(300)), limit(/plans and answers have more than 4 MB/));
  });

  it('compile other texts while one takes long', async () => {
    pool = new CompilePool({ timeMs: 60_000, heapMegabytes: 1024 });
    let ended = false;
    const long = submit(HUGE).catch(() => {
      ended = true;
    });
    assert.equal((await submit('SHOW TABLES;')).result.statements.length, 1);
    assert.equal(ended, false);
    await pool.close();
    await long;
  });

  it('see the catalogue of the service, and report the difference only', async () => {
    pool = new CompilePool();
    const first = await submit(TABLE);
    const one = changedCatalog(EMPTY, first.catalog);
    const second = await submit('CREATE VIEW w AS SELECT v FROM t; CREATE VIEW x AS SELECT v FROM w;', one);
    assert.deepEqual(second.catalog?.tables, []);
    const two = changedCatalog(one, second.catalog);
    assert.equal(two.tables.get('t'), one.tables.get('t'));
    const third = await submit('DROP VIEW w;', two);
    assert.deepEqual([third.unusableView, third.catalog?.viewNames], ['x', ['x']]);
    // The service refused the third text, so the view is still there.
    const fourth = await submit('SHOW VIEWS;', two);
    assert.deepEqual(
      fourth.result.statements.map((s) => s.kind === 'rows' && s.rows),
      [[['w'], ['x']]],
    );
    assert.equal(fourth.catalog, null);
    await assert.rejects(submit('SELECT v FROM t;'), (error: EngineError) => error.code === 'SQL_UNKNOWN_TABLE');
  });

  it('refuse a pattern that takes too long as a problem of the pattern', async () => {
    pool = new CompilePool({ timeMs: 500, heapMegabytes: 1024 });
    const compiled = await pool.pattern({
      name: 'p',
      file: '/p.sql',
      text: HUGE,
      serviceSettings: {},
      defaultSettings: {},
    });
    assert.match(compiled.ok ? '' : compiled.problem, /takes longer/);
  });
});
