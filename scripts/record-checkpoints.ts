/**
 * Records small checkpoints of several jobs for `test/restore/`, with the rows that must follow.
 * Run it once for each version that is released:
 *
 *     record-checkpoints.ts VERSION
 *     record-checkpoints.ts VERSION --spilled
 *
 * The first writes `test/restore/VERSION/`: state in memory, with a log of changes. The second
 * writes `test/restore/VERSION-spilled/`: more state than fits into memory, with files of the back
 * end and a savepoint.
 *
 * It refuses to replace existing files.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Job } from '../src/engine/job/job.ts';
import { InterruptedSource, Interruption } from '../src/service/golden/interrupted-source.ts';
import { outputLines, recordedJob, SPILLING } from '../test/restore/recorded-job.ts';

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

/** Queries whose kind of state only the spilled set has. */
const MORE_QUERIES: Readonly<Record<string, string>> = {
  'session-values': `${TABLES}${sink('k STRING, w TIMESTAMP(3), c BIGINT, s BIGINT, m STRING, d BIGINT, a DOUBLE')}
INSERT INTO results
SELECT k, window_start, COUNT(*), SUM(v), MAX(kind), COUNT(DISTINCT kind), AVG(CAST(v AS DOUBLE))
FROM TABLE(SESSION(TABLE steps PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND)) GROUP BY k, window_start, window_end;
`,
  'session-rows': `${TABLES}${sink('id INT, k STRING, v BIGINT, w TIMESTAMP(3), e TIMESTAMP(3)')}
INSERT INTO results
SELECT id, k, v, window_start, window_end
FROM TABLE(SESSION(TABLE steps PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND));
`,
  hop: windows("HOP(TABLE steps, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)"),
  'pattern-absence': `${TABLES}${sink('k STRING, a INT, at TIMESTAMP(3)')}
INSERT INTO results SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS a, A.ts AS at
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A NOT FOLLOWED BY C) WITHIN INTERVAL '4' SECOND
  DEFINE A AS kind = 'a', C AS kind = 'b');
`,
  'pattern-rows-before': `${TABLES}${sink('k STRING, a INT, z INT')}
INSERT INTO results SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS a, B.id AS z
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B)
  DEFINE A AS kind = 'b', B AS PREV(kind, 1) = 'b' AND PREV(kind, 2) = 'a');
`,
};

interface Recording {
  readonly queries: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly keys: number;
  readonly stepMs: number;
  /** Rows before the checkpoint, and before the end of the process. */
  readonly checkpointAfter: number;
  readonly endAfter: number;
  readonly spilling: boolean;
}

const IN_MEMORY: Recording = {
  queries: QUERIES,
  rows: 60,
  keys: 3,
  stepMs: 1000,
  checkpointAfter: 31,
  endAfter: 40,
  spilling: false,
};

const SPILLED: Recording = {
  queries: { ...QUERIES, ...MORE_QUERIES },
  rows: 900,
  keys: 150,
  stepMs: 18,
  checkpointAfter: 530,
  endAfter: 600,
  spilling: true,
};

function input({ rows, keys, stepMs }: Recording): string {
  const start = Date.UTC(2026, 0, 1);
  const lines = Array.from({ length: rows }, (_, i) => {
    const late = i % 7 === 3 ? 1500 : 0;
    const ts = new Date(start + i * stepMs - late).toISOString().slice(0, 23).replace('T', ' ');
    const row = {
      id: i + 1,
      k: i % 5 === 4 ? null : `k${i % keys}`,
      kind: 'abbc'[Math.floor(i / keys) % 4],
      v: i % 9 === 8 ? null : i,
      ts,
    };
    // Some sums are beyond the integers that a double holds exactly.
    return `${JSON.stringify(row).replace('"v":40,', '"v":9007199254740993,')}\n`;
  });
  return lines.join('');
}

async function record(directory: string, query: string, recording: Recording, savepoint: boolean): Promise<void> {
  fs.mkdirSync(path.join(directory, 'input'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'query.sql'), query);
  fs.writeFileSync(path.join(directory, 'input/steps.jsonl'), input(recording));
  const setup = recordedJob(directory, recording.spilling ? SPILLING : undefined);
  await (await Job.open({ ...setup, checkpoints: null })).run();
  const expected = outputLines(directory);
  fs.rmSync(path.join(directory, 'out'), { recursive: true });

  let job: Job | null = null;
  const { checkpointAfter, endAfter } = recording;
  const checkpoint = (): Promise<void> => (savepoint ? job!.savepoint('recorded') : job!.checkpoint());
  job = await Job.open({
    ...setup,
    endpoints(request) {
      const inner = setup.endpoints(request);
      const source: typeof inner.source = (node) =>
        new InterruptedSource(inner.source(node), checkpointAfter, endAfter, checkpoint);
      return { ...inner, source };
    },
  });
  await job.run().catch((error) => {
    if (!(error instanceof Interruption)) throw error;
  });
  for (const left of ['live', 'work']) fs.rmSync(path.join(directory, left), { recursive: true, force: true });
  fs.writeFileSync(path.join(directory, 'expected.jsonl'), expected.map((line) => `${line}\n`).join(''));
}

const [version, flag] = process.argv.slice(2);
if (version === undefined || (flag !== undefined && flag !== '--spilled')) {
  throw new Error('record-checkpoints.ts VERSION [--spilled]');
}
const recording = flag === undefined ? IN_MEMORY : SPILLED;
const folder = path.join(import.meta.dirname, '../test/restore', recording.spilling ? `${version}-spilled` : version);
if (fs.existsSync(folder)) throw new Error(`${folder} is there: recorded checkpoints are never replaced`);
for (const backend of ['memory', 'rocksdb']) {
  for (const [name, query] of Object.entries(recording.queries)) {
    await record(path.join(folder, `${backend}-${name}`), query, recording, false);
  }
}
if (recording.spilling) await record(path.join(folder, 'rocksdb-savepoint'), pattern, recording, true);
