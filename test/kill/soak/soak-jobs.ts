/** The jobs of the soak test: their texts in the service, and the same jobs for one `run`. */

const BOUNDED = '';
/** How often a followed file is looked at. */
const FOLLOWED = `, 'source.monitor-interval' = '200 ms'`;

const payments = (file: string, follow: string): string => `CREATE TABLE payments (
  id BIGINT, card STRING, kind STRING, amount DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${file}', 'format' = 'json'${follow});
`;

interface SinkTable {
  readonly columns: string;
  readonly format: 'json' | 'debezium-json';
  readonly query: string;
}

/** What a jump must have, in a text that can change without a change of its meaning. */
const smallAmount = (version: number): string => `A.amount < 20 AND A.amount < ${21 + version}`;

/** The jobs by sink. Only `totals` keeps its keys for ever, and they are few. */
const sinks = (version: number): Readonly<Record<string, SinkTable>> => ({
  windows: {
    columns: 'card STRING, window_start TIMESTAMP(3), n BIGINT, total DOUBLE, last_id BIGINT',
    format: 'json',
    query: `SELECT card, window_start, COUNT(*), SUM(amount), MAX(id)
  FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(ts), INTERVAL '30' SECOND)) GROUP BY card, window_start, window_end`,
  },
  totals: {
    columns: 'kind STRING, n BIGINT, top DOUBLE',
    format: 'debezium-json',
    query: 'SELECT kind, COUNT(*), MAX(amount) FROM payments GROUP BY kind',
  },
  jumps: {
    columns: 'card STRING, small_id BIGINT, large_id BIGINT',
    format: 'json',
    query: `SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES A.id AS small_id, B.id AS large_id
  AFTER MATCH SKIP PAST LAST ROW PATTERN (A X*? B) WITHIN INTERVAL '2' MINUTE
  DEFINE A AS ${smallAmount(version)}, B AS B.amount > 900)`,
  },
  silences: {
    columns: 'card STRING, last_id BIGINT',
    format: 'json',
    query: `SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES SEEN.id AS last_id
  AFTER MATCH SKIP PAST LAST ROW PATTERN (SEEN NOT FOLLOWED BY AGAIN) WITHIN INTERVAL '20' SECOND
  DEFINE SEEN AS SEEN.amount > 300, AGAIN AS AGAIN.amount > 100)`,
  },
  visits: {
    columns: 'card STRING, window_start TIMESTAMP(3), n BIGINT, last_id BIGINT',
    format: 'json',
    query: `SELECT card, window_start, COUNT(*), MAX(id)
  FROM TABLE(SESSION(TABLE payments PARTITION BY card, DESCRIPTOR(ts), INTERVAL '5' SECOND))
  GROUP BY card, window_start, window_end`,
  },
  copy: { columns: 'id BIGINT, card STRING', format: 'json', query: 'SELECT id, card FROM payments' },
});

export const SOAK_SINKS = Object.keys(sinks(0));

/** The sinks of each pattern file. */
const PATTERNS: Readonly<Record<string, readonly string[]>> = {
  spending: ['windows', 'totals'],
  jumps: ['jumps'],
  silence: ['silences'],
};
export const PATTERN_NAMES = Object.keys(PATTERNS);

const HTTP_SINKS = ['visits', 'copy'];

/** The names of all lasting jobs. */
export const SOAK_JOBS: readonly string[] = [
  ...Object.entries(PATTERNS).flatMap(([pattern, names]) => names.map((name) => `${pattern}.${name}`)),
  ...HTTP_SINKS.map((name) => `statement.${name}`),
];

/** Returns the sink of a job. */
export const sinkOf = (job: string): string => job.slice(job.indexOf('.') + 1);

function jobs(names: readonly string[], output: string, version: number): string {
  const all = sinks(version);
  const tables = names.map((name) => {
    const { columns, format } = all[name]!;
    return `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = '${output}/${name}', 'format' = '${format}');\n`;
  });
  const inserts = names.map((name) => `INSERT INTO ${name} ${all[name]!.query};\n`);
  return [...tables, ...inserts].join('');
}

/** Returns all jobs in one text, for a `run` over the complete file. */
export const undisturbedText = (input: string, output: string): string =>
  payments(input, BOUNDED) + jobs(SOAK_SINKS, output, 0);

/**
 * Returns a version of a pattern file. All versions of a pattern give the same rows. The interval
 * between checkpoints differs too, so every new version replaces all jobs of the file.
 */
export const patternText = (pattern: string, version: number, input: string, output: string): string =>
  `-- Version ${version}\nSET 'execution.checkpointing.interval' = '${4000 + version} ms';\n` +
  payments(input, FOLLOWED) +
  jobs(PATTERNS[pattern]!, output, version);

/** Returns the statements for the jobs over HTTP. */
export const httpText = (input: string, output: string): string =>
  payments(input, FOLLOWED) + jobs(HTTP_SINKS, output, 0);
