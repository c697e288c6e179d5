/** A type or a refusal that differs from the oracle's and is kept, with the reason. */
interface KeptType {
  readonly expression: RegExp;
  readonly from?: RegExp;
  readonly reason: string;
}

const KEPT: readonly KeptType[] = [
  {
    expression: /^(SIGN|TRUNCATE)\(ti|^GREATEST\(vb, vb|^SHA2\(vb, i_n|^MAX\(B\.rt/,
    reason: "Flink's generated code for the call does not compile",
  },
  {
    expression:
      /^(NULLIF\(1|SUBSTRING\('abc'|TO_(DATE|TIMESTAMP)\('|TO_TIMESTAMP_LTZ\(1,|TRY_CAST\(INTERVAL|TYPEOF\((INTERVAL|NULL))/,
    reason: 'Flink computes constants before TYPEOF, which then sees that the value is not NULL',
  },
  {
    expression: /^(([AB]\.|(FIRST|LAST)\([AB]\.)\w+_n\b(?!.*COUNT)|i_n$)/,
    from: /MATCH_RECOGNIZE/,
    reason: 'a variable without a row gives NULL; Flink says NOT NULL and writes a wrong value',
  },
  {
    expression: /^(TUMBLE|HOP|SESSION)_(ROWTIME|PROCTIME)/,
    from: /time_(ts|l|made)/,
    reason: 'the time of a window is never NULL; Flink has the nullability of the time column',
  },
  {
    expression: /^(TIMESTAMPDIFF|A\.rt|LAST)/,
    from: /time_(ts3n|proc).*MATCH_RECOGNIZE/,
    reason: 'a variable without a row gives NULL; Flink says NOT NULL and writes a wrong value',
  },
  {
    expression: /^(TUMBLE|HOP|SESSION)_/,
    from: /time_ts3n/,
    reason: "Flink's planner fails where the time column of a group window is NOT NULL",
  },
  {
    expression: /^(CAST\()?MATCH_ROWTIME/,
    from: /time_proc/,
    reason: 'a pattern on processing time has no event time; Flink gives NULL',
  },
  { expression: /^9223372036854775808$/, reason: 'the number is read before the sign that makes it a BIGINT' },
  { expression: /^MAP\['a', NULL\]$/, reason: 'a map without a type of its values; Flink takes that of the keys' },
  {
    expression: /^JSON_(VALUE|QUERY)\(s_n, (NULL|'\$\.a' DEFAULT NULL)/,
    reason: 'NULL as a path or default is harmless',
  },
  { expression: /^TO_TIMESTAMP_LTZ\(NULL/, reason: 'NULL without a type, which a time cannot be read from' },
  {
    expression: /^(MATCH_PROCTIME\(\)|rt( \+ INTERVAL '1' DAY)?|FLOOR\(rt TO HOUR\))$/,
    from: /time_proc|MATCH_RECOGNIZE/,
    reason: 'Flink has the type of a processing time, but fails to plan TYPEOF of it',
  },
  {
    expression: /^(s_n LIKE s_n|TIMESTAMPADD\(\w+, 1, t0_n\)|PROCTIME\(\))$/,
    reason: 'Flink has the type, but fails to plan TYPEOF of the expression',
  },
  {
    expression: /^JSON_(VALUE|QUERY)\((?!(s|c|v)(_n)?,)/,
    reason: 'JSON is read from a text only; Flink fails when such a job runs or reads its text',
  },
  {
    expression: /^ARRAY_\w+\(.*INTERVAL|^(t0|QUARTER|CAST|NULLIF).*INTERVAL|= INTERVAL|< INTERVAL/,
    reason: 'intervals as numbers or texts',
  },
  { expression: /^\w+ < NULL$/, reason: 'arrays, maps and rows have no order' },
  { expression: /^PRINTF\(/, reason: 'PRINTF takes texts, numbers, times and booleans' },
  { expression: /^(FLOOR|CEIL)\(t0(_n)? TO (YEAR|MONTH)\)$/, reason: 'a TIME has no such unit' },
  {
    expression: /^(COALESCE|IFNULL|GREATEST)\(.*\bda\b|^(COALESCE|IFNULL|GREATEST)\(.*\bt0\b/,
    reason: 'a DATE or TIME beside a TIMESTAMP gives the shorter type in Flink, which loses the rest',
  },
  { expression: /^[cvs] (NOT )?IN \(i_n/, reason: 'a text is not compared with numbers' },
];

/** The reasons of all entries. */
export const KEPT_REASONS: readonly string[] = [...new Set(KEPT.map(({ reason }) => reason))];

/** Returns the reason for another type than the oracle's, or null if there must be none. */
export function keptType(expression: string, from: string): string | null {
  const kept = KEPT.find((each) => each.expression.test(expression) && (each.from?.test(from) ?? true));
  return kept?.reason ?? null;
}
