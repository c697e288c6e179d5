/**
 * `node bench/standard-patterns.ts [--rows 200000]`: patterns with the SQL standard's semantics
 * over one partition of equal rows, through the real command line. Every row fits, but there is no
 * match. So each start could go through all later rows, in many ways. This is the worst case of a
 * matcher.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '200000' } } });
const rows = Number(values.rows);
const cli = path.join(import.meta.dirname, '../src/cli/main.ts');

const patterns: readonly (readonly [pattern: string, define: string])[] = [
  ['A+ B+', 'B AS v > 1'],
  ['((A+)+)+ B', 'A AS v = 1, B AS v > 1'],
  ['(A | B)* C', 'A AS v = 1, B AS v = 1, C AS v > 1'],
  ['(A* B*)* C', 'A AS v >= PREV(v), B AS v <= PREV(v), C AS v > 1'],
  ['S (A | B)* C', 'C AS v < S.v'],
  ['PERMUTE(A+, B+, C+) D', 'D AS v > 1'],
];

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-standard-'));
try {
  const start = Date.UTC(2026, 0, 1);
  const stamp = (i: number): string => new Date(start + i * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const lines = Array.from({ length: rows }, (_, i) => `{"v":1,"ts":"${stamp(i)}"}\n`);
  fs.writeFileSync(path.join(directory, 'equal.jsonl'), lines.join(''));
  const empty = run('A', 'A AS v > 1');
  process.stdout.write(
    `| pattern | ms for ${rows} equal rows, without the ${Math.round(empty)} ms of a start | rows/s |\n|---|--:|--:|\n`,
  );
  for (const [pattern, define] of patterns) {
    const ms = Math.max(1, run(pattern, define) - empty);
    process.stdout.write(
      `| \`${pattern.replaceAll('|', '\\|')}\` | ${Math.round(ms)} | ${Math.round((rows / ms) * 1000)} |\n`,
    );
  }
} finally {
  fs.rmSync(directory, { recursive: true, force: true });
}

function run(pattern: string, define: string): number {
  const file = path.join(directory, 'pattern.sql');
  fs.writeFileSync(
    file,
    `SET 'sequitur.match.semantics' = 'standard';
CREATE TABLE equal_rows (v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = 'equal.jsonl', 'format' = 'json');
SELECT * FROM equal_rows MATCH_RECOGNIZE (
  ORDER BY ts MEASURES COUNT(*) AS n ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (${pattern}) DEFINE ${define}
);`,
  );
  const since = performance.now();
  const { status, stderr, stdout } = spawnSync(process.execPath, [cli, 'run', file, '--output', 'jsonl'], {
    encoding: 'utf8',
  });
  const ms = performance.now() - since;
  if (status !== 0) throw new Error(stderr);
  if (stdout !== '') throw new Error(`${pattern} must match nothing, but gave ${stdout.slice(0, 200)}`);
  return ms;
}
