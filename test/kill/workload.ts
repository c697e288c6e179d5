import fs from 'node:fs';
import path from 'node:path';

/** Generates random numbers. The same seed gives the same numbers. */
export function seeded(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Generates payments slightly out of order in time, so that windows, groups and patterns all keep
 * state.
 */
export function writePayments(file: string, rows: number, seed: number): void {
  const random = seeded(seed);
  let text = '';
  fs.writeFileSync(file, '');
  for (let i = 0; i < rows; i++) {
    const time = new Date(Date.UTC(2026, 0, 1) + i * 40 - Math.floor(random() * 1500));
    const ts = time.toISOString().slice(0, 23).replace('T', ' ');
    const amount = random() < 0.05 ? 5 : Math.round(random() * 100000) / 100;
    text += `{"id":${i},"card":"c${Math.floor(random() * 400)}","amount":${amount},"ts":"${ts}"}\n`;
    if (text.length > 1 << 20) {
      fs.appendFileSync(file, text);
      text = '';
    }
  }
  fs.appendFileSync(file, text);
}

/**
 * Writes four jobs: a window aggregate, an unbounded aggregate, a pattern, and windows over the
 * matches of a pattern.
 */
export function writeSql(directory: string): string {
  const file = path.join(directory, 'jobs.sql');
  fs.writeFileSync(
    file,
    `CREATE TABLE payments (id BIGINT, card STRING, amount DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'payments.jsonl', 'format' = 'json');
CREATE TABLE windows (card STRING, window_start TIMESTAMP(3), n BIGINT, total DOUBLE, last_id BIGINT)
  WITH ('connector' = 'filesystem', 'path' = 'windows', 'format' = 'json');
CREATE TABLE totals (card STRING, n BIGINT, top DOUBLE)
  WITH ('connector' = 'filesystem', 'path' = 'totals', 'format' = 'debezium-json');
CREATE TABLE jumps (card STRING, small_id BIGINT, large_id BIGINT)
  WITH ('connector' = 'filesystem', 'path' = 'jumps', 'format' = 'json');
CREATE TABLE jump_counts (window_start TIMESTAMP(3), n BIGINT, last_id BIGINT)
  WITH ('connector' = 'filesystem', 'path' = 'jump_counts', 'format' = 'json');
INSERT INTO windows SELECT card, window_start, COUNT(*), SUM(amount), MAX(id)
  FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(ts), INTERVAL '30' SECOND)) GROUP BY card, window_start, window_end;
INSERT INTO totals SELECT card, COUNT(*), MAX(amount) FROM payments GROUP BY card;
INSERT INTO jumps SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES A.id AS small_id, B.id AS large_id
  AFTER MATCH SKIP PAST LAST ROW PATTERN (A X*? B) WITHIN INTERVAL '2' MINUTE
  DEFINE A AS A.amount < 10, B AS B.amount > 900);
CREATE VIEW pairs AS SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES B.id AS large_id, MATCH_ROWTIME() AS at
  AFTER MATCH SKIP TO NEXT ROW PATTERN (A B) DEFINE A AS A.amount < 500, B AS B.amount > 500);
INSERT INTO jump_counts SELECT window_start, COUNT(*), MAX(large_id)
  FROM TABLE(TUMBLE(TABLE pairs, DESCRIPTOR(at), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
`,
  );
  return file;
}

export const SINKS = ['windows', 'totals', 'jumps', 'jump_counts'] as const;

/** Returns all visible lines of a sink, in the order of its parts. Hidden parts do not count. */
export function visibleLines(directory: string): string[] {
  if (!fs.existsSync(directory)) return [];
  const parts = fs.readdirSync(directory).filter((name) => !name.startsWith('.'));
  const epochOf = (name: string): number => Number(/-(\d+)-\d+\.jsonl$/.exec(name)?.[1] ?? 0);
  parts.sort((a, b) => epochOf(a) - epochOf(b) || (a < b ? -1 : 1));
  return parts.flatMap((name) => fs.readFileSync(path.join(directory, name), 'utf8').split('\n').slice(0, -1));
}
