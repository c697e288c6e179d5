import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const REPORT_RSS =
  'data:text/javascript,process.on("exit",()=>console.error(`maxRSS ${process.resourceUsage().maxRSS}`))';
const ROWS = 20_000;
const KB_MAX = 200_000;

let directory = '';
before(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-open-loops-'));
  const lines = Array.from({ length: ROWS }, (_, id) => {
    const ts = new Date(Date.UTC(2026, 0, 1) + id * 500).toISOString().slice(0, 23).replace('T', ' ');
    return JSON.stringify({ id, k: 'x', kind: id === ROWS - 1 ? 'c' : 'a', ts });
  });
  fs.writeFileSync(path.join(directory, 't.jsonl'), `${lines.join('\n')}\n`);
});
after(() => fs.rmSync(directory, { recursive: true, force: true }));

const statement = (pattern: string, skip: string, b: string, sink = ''): string =>
  `CREATE TABLE t (id INT, k STRING, kind STRING, ts TIMESTAMP(3),
    WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
    WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
  ${sink}
  SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts
    MEASURES A.id AS a, C.id AS c, COUNT(B.id) AS n, FIRST(B.id) AS b0, LAST(B.id) AS b1
    AFTER MATCH SKIP ${skip} PATTERN (${pattern}) WITHIN INTERVAL '12' HOUR
    DEFINE A AS A.kind = 'a', B AS ${b}, C AS C.kind = 'c') AS m;`;

/** Runs a pattern in which every row but the last is A and B. The last one is C. */
function run(pattern: string, skip: string, b = "B.kind = 'a'", ...flags: string[]) {
  fs.writeFileSync(path.join(directory, 'q.sql'), statement(pattern, skip, b));
  const args = ['--import', REPORT_RSS, CLI, 'run', 'q.sql', ...flags];
  const options = { cwd: directory, encoding: 'utf8', timeout: 240_000, maxBuffer: 1 << 28 } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, args, options);
  const rows = stdout.split('\n').filter((line) => line.startsWith('{'));
  return {
    rows: rows.map((line) => JSON.parse(line) as unknown),
    status,
    stderr,
    rss: Number(/maxRSS (\d+)/.exec(stderr)?.[1]),
  };
}

const match = (a: number, last = ROWS - 2) => ({ k: 'x', a, c: ROWS - 1, n: last - a, b0: a + 1, b1: last });

describe('20,000 rows of one key in an open loop', { timeout: 600_000 }, () => {
  for (const pattern of ['A B+ C', 'A B{2,} C', 'A FOLLOWED BY B+ RELAXED FOLLOWED BY C']) {
    it(`${pattern}: the match with the earliest start, below 200 MB`, () => {
      const { rows, status, stderr, rss } = run(pattern, 'PAST LAST ROW');
      assert.equal(status, 0, stderr);
      assert.deepEqual(rows, [match(0)]);
      assert.ok(rss < KB_MAX, `${rss} KB`);
    });
  }

  it('A B{2,10000} C: the earliest start that the bound allows', () => {
    const { rows, status, stderr, rss } = run('A B{2,10000} C', 'PAST LAST ROW');
    assert.equal(status, 0, stderr);
    assert.deepEqual(rows, [match(ROWS - 2 - 10_000)]);
    // The automaton has a state for each number of rows.
    assert.ok(rss < KB_MAX + 80_000, `${rss} KB`);
  });

  it('A B*? C: a match of each start, below 200 MB', () => {
    const { rows, status, stderr, rss } = run('A B*? C', 'TO NEXT ROW');
    assert.equal(status, 0, stderr);
    const starts = Array.from({ length: ROWS - 1 }, (_, a) => a);
    const withoutB = { k: 'x', a: ROWS - 2, c: ROWS - 1, n: 0, b0: null, b1: null };
    assert.deepEqual(
      rows,
      starts.map((a) => (a === ROWS - 2 ? withoutB : match(a))),
    );
    assert.ok(rss < KB_MAX, `${rss} KB`);
  });

  it('partial matches that multiply with each row end the job with pattern, key and figures', () => {
    const pattern = 'A FOLLOWED BY B+? COMBINATIONS FOLLOWED BY C';
    const { status, stderr } = run(pattern, 'PAST LAST ROW', "B.kind = 'a'", '--set', 'state.memory=64mb');
    assert.equal(status, 1, stderr);
    assert.match(stderr, /error\[STATE_ENTRY_TOO_LARGE\]: result\.match: the state of the key \(x\) needs \d+ MB/);
  });

  it('a loop whose condition reads the first row ends the job with pattern, key and figures', () => {
    const { status, stderr } = run(
      'A B+ C',
      'PAST LAST ROW',
      "B.kind = 'a' AND B.id > A.id",
      '--set',
      'state.memory=64mb',
    );
    assert.equal(status, 1, stderr);
    assert.match(stderr, /error\[STATE_ENTRY_TOO_LARGE\]: result\.match: the state of the key \(x\) needs \d+ MB/);
  });
});

/** Starts a job that writes to `out`. Kills it after its first checkpoint if `kill` is set. */
function runToSink(
  sql: string,
  out: string,
  kill: boolean,
): Promise<{ ended: number | string | null; stderr: string }> {
  fs.writeFileSync(path.join(directory, `${out}.sql`), sql);
  const checkpoints = path.join(directory, `${out}-checkpoints`);
  const args = ['--checkpoint-dir', checkpoints, '--checkpoint-interval', '50ms', '--batch-rows', '32'];
  const child = spawn(process.execPath, [CLI, 'run', `${out}.sql`, ...args], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const hasCheckpoint = (): boolean =>
    fs.existsSync(checkpoints) &&
    fs.readdirSync(checkpoints, { recursive: true }).some((name) => /manifests\/\d+\.json$/.test(String(name)));
  const watch = kill ? setInterval(() => hasCheckpoint() && child.kill('SIGKILL'), 5) : undefined;
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      clearInterval(watch);
      resolve({ ended: signal ?? status, stderr });
    });
  });
}

describe('an open loop that is killed in the middle', { timeout: 600_000 }, () => {
  for (const [i, pattern] of [
    'A B+ C',
    'A B{2,} C',
    'A FOLLOWED BY B+ RELAXED FOLLOWED BY C',
    'A B*? C',
    'A B{2,10000} C',
  ].entries()) {
    it(`${pattern} continues and emits the same row`, async () => {
      const out = `out${i}`;
      const sink = `CREATE TABLE o (k STRING, a INT, c INT, n BIGINT, b0 INT, b1 INT)
        WITH ('connector' = 'filesystem', 'path' = '${out}', 'format' = 'json'); INSERT INTO o`;
      const sql = statement(pattern, 'PAST LAST ROW', "B.kind = 'a'", sink);
      const killed = await runToSink(sql, out, true);
      assert.equal(killed.ended, 'SIGKILL', killed.stderr);
      const { ended, stderr } = await runToSink(sql, out, false);
      assert.equal(ended, 0, stderr);
      assert.match(stderr, /resumes from checkpoint/);
      const parts = fs.readdirSync(path.join(directory, out)).filter((name) => !name.startsWith('.'));
      const text = parts.map((name) => fs.readFileSync(path.join(directory, out, name), 'utf8')).join('');
      const first = pattern.includes('10000') ? ROWS - 2 - 10_000 : 0;
      assert.deepEqual(JSON.parse(text), match(first));
    });
  }
});
