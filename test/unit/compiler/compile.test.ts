import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../../../src/compiler/compile.ts';
import type { CompiledStatement, CompileOptions, CompileResult } from '../../../src/compiler/compile-result.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { fakeConnectors } from '../../support/fake-connectors.ts';

const OPTIONS: CompileOptions = {
  fileName: 'demo',
  catalog: { tables: new Map(), views: new Map() },
  connectors: fakeConnectors,
  settings: {},
};

const TABLES = `
CREATE TABLE bids (auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, ts TIMESTAMP(3), twice AS price * 2,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND) WITH ('connector' = 'filesystem', 'path' = 'b', 'format' = 'json');
CREATE TABLE pairs (a BIGINT, b BIGINT) WITH ('connector' = 'filesystem', 'path' = 'p', 'format' = 'json');
CREATE TABLE changes (a BIGINT, b BIGINT) WITH ('connector' = 'blackhole');
`;

function compiled(text: string, options: Partial<CompileOptions> = {}): CompileResult {
  const result = compile(TABLES + text, { ...OPTIONS, ...options });
  assert.deepEqual(
    result.diagnostics.filter((diagnostic) => diagnostic.severity === 'error'),
    [],
  );
  return result;
}
function plans(text: string): Plan[] {
  return compiled(text).statements.flatMap((statement) => (statement.kind === 'job' ? [statement.plan] : []));
}
const kinds = (plan: Plan): string[] => plan.nodes.map((node) => node.kind);
const last = (result: CompileResult): CompiledStatement => result.statements.at(-1)!;

describe('plans', () => {
  it('read only the columns that are needed, and drop an unused watermark', () => {
    const [plan] = plans("INSERT INTO pairs SELECT auction, price * 2 FROM bids WHERE channel <> 'x';");
    assert.deepEqual(kinds(plan!), ['scan', 'filter', 'project', 'sink']);
    assert.deepEqual(
      plan!.nodes[0]!.fields.map((field) => field.name),
      ['auction', 'price', 'channel'],
    );
  });

  it('merge projections of views and computed columns, and move filters below them', () => {
    const [plan] = plans(
      "CREATE VIEW v AS SELECT auction AS x, twice AS y, channel FROM bids;\nINSERT INTO pairs SELECT x, y FROM v WHERE channel = 'a' AND x > 1;",
    );
    assert.deepEqual(kinds(plan!), ['scan', 'filter', 'project', 'sink']);
  });

  it('never move a filter below a watermark', () => {
    const [plan] = plans(
      "INSERT INTO pairs SELECT COUNT(*), 1 FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) WHERE price > 5 GROUP BY window_start, window_end;",
    );
    assert.deepEqual(kinds(plan!), ['scan', 'watermark', 'filter', 'window-aggregate', 'project', 'sink']);
  });

  it('share one scan in a statement set', () => {
    const [plan] = plans(
      'EXECUTE STATEMENT SET BEGIN INSERT INTO pairs SELECT auction, price FROM bids; INSERT INTO changes SELECT bidder, SUM(price) FROM bids GROUP BY bidder; END;',
    );
    assert.equal(plan!.nodes.filter((node) => node.kind === 'scan').length, 1);
    assert.equal(plan!.nodes.filter((node) => node.kind === 'sink').length, 2);
    assert.equal(plan!.name, 'demo.pairs+changes');
  });

  it('keep the name of a stateful node when a filter is added before it', () => {
    const name = (where: string) =>
      plans(`INSERT INTO changes SELECT bidder, SUM(price) FROM bids ${where} GROUP BY bidder;`)[0]!.nodes.find(
        (node) => node.kind === 'group-aggregate',
      )!.name;
    assert.equal(name(''), 'changes.group-aggregate');
    assert.equal(name("WHERE channel = 'a'"), name(''));
  });

  it('keep windows if a node between needs them', () => {
    const [plan] = plans(
      "SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) WHERE window_start > TIMESTAMP '2024-01-01 00:00:00' GROUP BY window_start, window_end;",
    );
    const aggregate = plan!.nodes.find((node) => node.kind === 'window-aggregate')!;
    assert.ok(aggregate.kind === 'window-aggregate' && aggregate.attached !== undefined);
  });

  it('make a changelog of sessions grouped by other keys than their partition', () => {
    const query = (partition: string) =>
      `SELECT bidder, window_start, window_end, COUNT(*) FROM TABLE(SESSION(TABLE bids ${partition}, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY bidder, window_start, window_end;`;
    assert.ok(kinds(plans(query('PARTITION BY bidder'))[0]!).includes('window-aggregate'));
    assert.ok(kinds(plans(query(''))[0]!).includes('group-aggregate'));
  });

  it('give each row of UNION ALL one type', () => {
    const [plan] = plans('SELECT price FROM bids UNION ALL SELECT CAST(auction AS INT) FROM bids;');
    assert.ok(kinds(plan!).includes('union'));
    assert.equal(plan!.nodes.at(-1)!.fields[0]!.type.kind, 'bigint');
  });

  it('name a second job of the same sink apart', () => {
    const names = plans('INSERT INTO pairs SELECT 1, 2 FROM bids; INSERT INTO pairs SELECT 3, 4 FROM bids;').map(
      (plan) => plan.name,
    );
    assert.deepEqual(names, ['demo.pairs', 'demo.pairs-2']);
  });

  it('keep a column in LATE ROWS whose name looks like that of an added key', () => {
    compiled(`CREATE TABLE odd (\`key$0\` STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'o', 'format' = 'json');
      CREATE TABLE sums (k STRING, s INT) WITH ('connector' = 'blackhole');
      CREATE TABLE late (k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'blackhole');
      INSERT INTO sums SELECT UPPER(\`key$0\`), SUM(v) FROM TUMBLE(TABLE odd, DESCRIPTOR(ts), INTERVAL '5' SECOND)
        GROUP BY UPPER(\`key$0\`), window_start, window_end LATE ROWS INTO late;`);
  });

  it('are made in time of views that read each view twice', () => {
    const views = Array.from(
      { length: 20 },
      (_, i) => `CREATE VIEW u${i + 1} AS SELECT price, ts FROM u${i} UNION ALL SELECT price, ts FROM u${i};`,
    );
    const text = `CREATE VIEW u0 AS SELECT price, ts FROM bids; ${views.join('\n')}
      SELECT COUNT(*) FROM TUMBLE(TABLE u20, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end;`;
    const { user } = process.cpuUsage();
    plans(text);
    assert.ok(process.cpuUsage().user - user < 5_000_000, 'the time grows with the number of paths');
  });

  it('contain the settings that change results', () => {
    const [plan] = plans("SET 'table.local-time-zone' = 'Europe/Berlin'; SELECT price FROM bids;");
    assert.deepEqual(plan!.settings, { 'table.local-time-zone': 'Europe/Berlin' });
  });
});

describe('patterns', () => {
  const match = (pattern: string, define = 'A AS price > 1') =>
    plans(
      `SELECT * FROM bids MATCH_RECOGNIZE (PARTITION BY bidder ORDER BY ts MEASURES A.price AS p PATTERN ${pattern} DEFINE ${define});`,
    )[0]!.nodes.find((node) => node.kind === 'match')!;

  it('take quantifiers as Flink builds them', () => {
    const node = match('(A* B{2} C{1,3} D{0,2}? E? F{2,}? G)');
    assert.ok(node.kind === 'match');
    assert.deepEqual(
      node.pattern.elements.map(({ quantifier: q }) => [q.min, q.max, q.optional, q.greedy]),
      [
        [1, null, true, true],
        [2, 2, false, false],
        [1, 3, false, true],
        [1, 2, true, false],
        [1, 1, true, false],
        [2, null, false, false],
        [1, 1, false, false],
      ],
    );
  });

  it('read the row under test for the own variable, the last row of another', () => {
    const node = match('(A B)', 'B AS B.price > A.price AND price > LAST(B.price, 1)');
    assert.ok(node.kind === 'match');
    const shown = JSON.stringify(node.define[1]!.condition);
    assert.match(shown, /"variable":"A","direction":"last","offset":0/);
    assert.match(shown, /"variable":"B","direction":"last","offset":1/);
    assert.deepEqual(node.define[0], {
      variable: 'A',
      condition: { kind: 'literal', value: true, type: { kind: 'boolean', nullable: false } },
    });
  });

  it('take FOLLOWED BY as a link', () => {
    const node = match('(A FOLLOWED BY B C)');
    assert.ok(node.kind === 'match');
    assert.deepEqual(
      node.pattern.elements.map((element) => element.link),
      ['next', 'followed-by', 'next'],
    );
  });
});

describe('other statements', () => {
  it('describe tables and list them', () => {
    const described = last(compiled('DESCRIBE bids;'));
    assert.ok(described.kind === 'rows');
    assert.deepEqual(described.rows[4], ['ts', 'TIMESTAMP(3) *ROWTIME*', true, null, null, "ts - INTERVAL '2' SECOND"]);
    const shown = last(compiled('CREATE VIEW v AS SELECT price FROM bids; SHOW TABLES;'));
    assert.ok(shown.kind === 'rows');
    assert.deepEqual(shown.rows, [['bids'], ['changes'], ['pairs'], ['v']]);
  });

  it('explain a plan as a tree and as JSON', () => {
    const explained = last(
      compiled('EXPLAIN PLAN FOR INSERT INTO changes SELECT bidder, SUM(price) FROM bids GROUP BY bidder;'),
    );
    assert.ok(explained.kind === 'rows');
    const text = explained.rows[0]![0] as string;
    assert.match(
      text,
      /Sink changes \(blackhole\), changes\n {2}GroupAggregate by \(bidder\) computing \(SUM\(price\)\)/,
    );
    assert.match(text, /"kind": "group-aggregate"/);
  });

  it('show a table as a statement that can be run again, secrets hidden', () => {
    const shown = last(compiled('SHOW CREATE TABLE bids;'));
    assert.ok(shown.kind === 'rows');
    const again = compile(`${shown.rows[0]![0]};`, OPTIONS);
    assert.deepEqual(again.diagnostics, []);
  });

  it('use views and tables of an earlier text', () => {
    const first = compiled('CREATE VIEW v (x) AS SELECT price FROM bids;');
    const second = compile('SELECT x + 1 AS y FROM v;', { ...OPTIONS, catalog: first.catalog });
    assert.deepEqual(second.diagnostics, []);
  });

  it('give a flag precedence over SET', () => {
    const result = compiled("SET 'table.local-time-zone' = 'Asia/Tokyo';", {
      settings: { 'table.local-time-zone': 'UTC' },
      fixedSettings: new Set(['table.local-time-zone']),
    });
    assert.equal(result.settings['table.local-time-zone'], 'UTC');
  });

  it('hand jobs to the service', () => {
    const result = compiled("SHOW JOBS; STOP JOB 'a' WITH SAVEPOINT;");
    assert.deepEqual(
      result.statements.slice(-2).map((statement) => statement.kind),
      ['service', 'service'],
    );
  });
});
