import type { SweepQuestion } from '../sweep-case.ts';

/** Zones with and without a change of clocks, with whole hours and with parts of an hour. */
const ZONES = ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Shanghai', 'Europe/Berlin', 'America/New_York'];

const WINDOWS: Readonly<Record<string, string>> = {
  'tumble day': "TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY)",
  'tumble hour': "TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)",
  hop: "HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '12' HOUR, INTERVAL '1' DAY)",
  cumulate: "CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '8' HOUR, INTERVAL '1' DAY)",
  session: "SESSION(TABLE t, DESCRIPTOR(ts), INTERVAL '3' HOUR)",
};

/** Times in UTC around the change of the clocks in Berlin. Two rows are late. */
const TIMES = [
  '2026-03-27T17:00:00Z',
  '2026-03-27T18:15:00Z',
  '2026-03-27T18:45:00Z',
  '2026-03-27T21:00:00Z',
  '2026-03-28T01:00:00Z',
  '2026-03-28T16:10:00Z',
  '2026-03-28T18:31:00Z',
  '2026-03-28T18:29:00Z',
  '2026-03-28T23:30:00Z',
  '2026-03-29T00:30:00Z',
  '2026-03-29T01:30:00Z',
  '2026-03-29T02:30:00Z',
  '2026-03-29T00:15:00Z',
  '2026-03-29T19:00:00Z',
  '2026-03-31T01:00:00Z',
  '2026-03-31T12:00:00Z',
];

/** Asks for windows over TIMESTAMP_LTZ in zones, with and without a delay of the watermark. */
export function zoneQuestions(): readonly SweepQuestion[] {
  const lines = TIMES.map((ts, id) => JSON.stringify({ id, ts }));
  return ZONES.flatMap((zone) =>
    Object.entries(WINDOWS).flatMap(([name, window]) =>
      [0, 600].map((delay) => ({
        name: `${name} ${zone} delay ${delay}`,
        sql:
          `SET 'table.local-time-zone' = '${zone}';\n` +
          `CREATE TABLE t (id INT, ts TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '${delay}' SECOND(3)) ` +
          "WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json', " +
          "'json.timestamp-format.standard' = 'ISO-8601');\n" +
          'SELECT CAST(window_start AS STRING) AS s, CAST(window_end AS STRING) AS e, COUNT(*) AS n ' +
          `FROM TABLE(${window}) GROUP BY window_start, window_end;\n`,
        files: { 't.jsonl': `${lines.join('\n')}\n` },
      })),
    ),
  );
}
