/**
 * Records small checkpoints of several jobs for `test/restore/<version>/`, with the rows that must
 * follow: once for each version that is given away. `record-checkpoints.ts VERSION`; refuses to
 * replace what is there.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Job } from '../src/engine/job/job.ts';
import { InterruptedSource, Interruption } from '../src/service/golden/interrupted-source.ts';
import { outputLines, recordedJob } from '../test/restore/recorded-job.ts';

const TABLES = `CREATE TABLE steps (id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');
`;
const sink = (columns: string, format = 'json'): string =>
  `CREATE TABLE results (${columns}) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = '${format}');\n`;
const windows = (windowing: string): string => `${TABLES}${sink('k STRING, w TIMESTAMP(3), c BIGINT, s BIGINT')}
INSERT INTO results SELECT k, window_start, COUNT(*), SUM(v) FROM TABLE(${windowing}) GROUP BY k, window_start, window_end;
`;
const pattern = `${TABLES}${sink('k STRING, a INT, n BIGINT, z INT')}
INSERT INTO results SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES FIRST(A.id) AS a, COUNT(B.id) AS n, LAST(C.id) AS z
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B* C) WITHIN INTERVAL '30' SECOND
  DEFINE A AS kind = 'a', B AS kind = 'b', C AS kind = 'c');
`;

const QUERIES: Readonly<Record<string, string>> = {
  window: windows("TUMBLE(TABLE steps, DESCRIPTOR(ts), INTERVAL '10' SECOND)"),
  session: windows("SESSION(TABLE steps PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND)"),
  group: `${TABLES}${sink('k STRING, c BIGINT, s BIGINT', 'debezium-json')}
INSERT INTO results SELECT k, COUNT(*), SUM(v) FROM steps GROUP BY k;
`,
  pattern,
  'standard-pattern': `SET 'sequitur.match.semantics' = 'standard';\n${pattern}`,
};

const ROWS = 60;
/** Rows before the checkpoint, and before the end of the process. */
const CHECKPOINT_AFTER = 31;
const END_AFTER = 40;

function input(): string {
  const start = Date.UTC(2026, 0, 1);
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const late = i % 7 === 3 ? 1500 : 0;
    const ts = new Date(start + i * 1000 - late).toISOString().slice(0, 23).replace('T', ' ');
    const row = {
      id: i + 1,
      k: i % 5 === 4 ? null : `k${i % 3}`,
      kind: 'abbc'[Math.floor(i / 3) % 4],
      v: i % 9 === 8 ? null : i,
      ts,
    };
    return `${JSON.stringify(row)}\n`;
  });
  return lines.join('');
}

async function record(directory: string, query: string): Promise<void> {
  fs.mkdirSync(path.join(directory, 'input'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'query.sql'), query);
  fs.writeFileSync(path.join(directory, 'input/steps.jsonl'), input());
  const options = recordedJob(directory);
  await (await Job.open({ ...options, checkpoints: null })).run();
  const expected = outputLines(directory);
  fs.rmSync(path.join(directory, 'out'), { recursive: true });

  let job: Job | null = null;
  const endpoints = {
    ...options.endpoints,
    source: (node: Parameters<typeof options.endpoints.source>[0]) =>
      new InterruptedSource(options.endpoints.source(node), CHECKPOINT_AFTER, END_AFTER, () => job!.checkpoint()),
  };
  job = await Job.open({ ...options, endpoints });
  await job.run().catch((error) => {
    if (!(error instanceof Interruption)) throw error;
  });
  for (const left of ['live', 'work']) fs.rmSync(path.join(directory, left), { recursive: true, force: true });
  fs.writeFileSync(path.join(directory, 'expected.jsonl'), expected.map((line) => `${line}\n`).join(''));
}

const version = process.argv[2];
if (version === undefined) throw new Error('record-checkpoints.ts VERSION');
const folder = path.join(import.meta.dirname, '../test/restore', version);
if (fs.existsSync(folder)) throw new Error(`${folder} is there: recorded checkpoints are never replaced`);
for (const backend of ['memory', 'rocksdb']) {
  for (const [name, query] of Object.entries(QUERIES)) await record(path.join(folder, `${backend}-${name}`), query);
}
