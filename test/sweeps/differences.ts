import { UNSUPPORTED } from './portable/unsupported.ts';
import type { SweepCase } from './sweep-case.ts';

/** A difference from the oracle that is kept, with the reason. */
interface KeptDifference {
  readonly family: string;
  matches(recorded: SweepCase): boolean;
  readonly reason: string;
}

const isIgnoring = ({ sql }: SweepCase): boolean => sql.includes("'csv.ignore-parse-errors' = 'true'");

const KEPT: readonly KeptDifference[] = [
  ...UNSUPPORTED.map(
    ([what, construct]): KeptDifference => ({
      family: 'portable',
      matches: ({ name, error }) => error === undefined && construct.test(name),
      reason: `not supported: ${what}`,
    }),
  ),
  {
    family: 'portable',
    matches: ({ name }) => name === 'SELECT COLLECT(n) AS c FROM u',
    reason: 'a MULTISET whose elements are no texts is written as JSON; Flink fails the job',
  },
  {
    family: 'aggregates',
    matches: ({ name }) => /^(VAR_SAMP tumble (BIGINT|DOUBLE)|STDDEV_POP tumble DOUBLE)$/.test(name),
    reason: 'the last digits differ: Flink merges the rows of a window in parts, whose number depends on the time',
  },
  {
    family: 'csv',
    matches: (recorded) =>
      isIgnoring(recorded) && /^(Unexpected character|Missing closing quote)/.test(recorded.error?.message ?? ''),
    reason: 'a second mistake in the rest of a skipped line fails the job in Flink; the whole line is skipped here',
  },
  {
    family: 'csv',
    matches: ({ name }) => name === 'form 42 dialect 2',
    reason: 'the line break that a file lacks at its end is added, so an escape character takes it',
  },
  {
    family: 'csv',
    matches: ({ name }) => /^projected [56] dialect 0 COUNT/.test(name),
    reason: 'COUNT(*) reads no column here; Flink reads the first one',
  },
  {
    family: 'csv',
    matches: ({ expected }) => expected?.some((line) => /\d\d:\d\d:\d\d\.\d{4}"/.test(line)) ?? false,
    reason: 'a TIMESTAMP(3) has three digits of a fraction; Flink keeps what the file has',
  },
  {
    family: 'json',
    matches: ({ name }) =>
      /^TIMESTAMP\(3\) (ignored|value 39)$|^TIMESTAMP_LTZ\(3\) iso ignored$|^TIMESTAMP\([36]\) iso 2$/.test(name),
    reason: 'a TIMESTAMP has the digits of its type; Flink keeps what the file has',
  },
  {
    family: 'json',
    matches: ({ name }) => /^BOOLEAN (nested|value (49|5\d|60)$)/.test(name),
    reason: 'an object or array is not a BOOLEAN; Flink reads it as false',
  },
  {
    family: 'json',
    matches: ({ expected }) => expected?.some((line) => /\\ud83d"/i.test(line)) ?? false,
    reason: 'a surrogate without its partner becomes U+FFFD, as in any UTF-8 text',
  },
  {
    family: 'json',
    matches: ({ expected }) => expected?.some((line) => line.includes('9.0071993E15')) ?? false,
    reason: 'FLOAT is written with the fewest digits that identify it, as Java does since version 19',
  },
  {
    family: 'json',
    matches: ({ name }) => name === 'BYTES ignored',
    reason: 'BYTES that are not base64 are NULL; Flink drops the whole row',
  },
  {
    family: 'json',
    matches: ({ name }) =>
      /^(ARRAY<INT> nested 4|ARRAY<ROW.* nested 4|MAP<STRING, INT> nested 10|MULTISET.* nested 10)$/.test(name),
    reason: 'after an inner value of the wrong kind, Flink reads the inner value as if it were outside',
  },
  {
    family: 'json',
    matches: ({ name }) => /^form 22 options [02]$/.test(name),
    reason: 'a line of blanks is no record, as an empty one; Flink fails the job',
  },
  {
    family: 'json',
    matches: ({ name }) => /^form 6[23] options 1$/.test(name),
    reason: 'after a nested value that does not fit, Flink no longer reads the rest of the object',
  },
  {
    family: 'json',
    matches: ({ name }) => /^form 50 (options 1|one column)$/.test(name),
    reason: 'an escape without four digits makes the line malformed; Flink makes the field NULL',
  },
  {
    family: 'json',
    matches: ({ name }) => /^TIMESTAMP\([36]\) iso 18$/.test(name),
    reason: 'years have four digits',
  },
  {
    family: 'regex',
    matches: ({ name }) => /\\N\{no such|\\b\{g\}|\(\?i?c\)/.test(name),
    reason: 'rare character names, borders of graphemes and canonical equivalence are refused by name and place',
  },
  {
    family: 'zones',
    matches: ({ name }) =>
      /^((tumble day|hop|cumulate) Asia\/(Kolkata|Kathmandu)|tumble day Asia\/Shanghai|hop Asia\/Shanghai delay 600)/.test(
        name,
      ),
    reason: 'in a zone that never changes its clocks, Flink loses rows of windows that end before the window in UTC',
  },
  {
    family: 'time',
    matches: ({ name }) => /^(TO_DATE|UNIX_TIMESTAMP) '(yyyyMMdd|yyyyMMddHHmmss|YYYY-MM-dd)'$/.test(name),
    reason: 'SimpleDateFormat reads the `-` of 2026-01 as a sign, and counts a year of weeks as days; not followed',
  },
  {
    family: 'time',
    matches: ({ name, expected }) =>
      expected?.some((line) => /"000[/.]-|"0000-01-01 0[45]/.test(line)) === true && !/^TO_DATE|^UNIX/.test(name),
    reason: 'Flink writes years before 0 and after 9999 with wrong characters',
  },
  {
    family: 'time',
    matches: ({ name }) => /^(TO_DATE|UNIX_TIMESTAMP) 'yyyy'$/.test(name),
    reason: 'a year of more than nine digits overflows in Java',
  },
  {
    family: 'time',
    matches: ({ name }) => /^TO_DATE\(s\) text (41|53)$/.test(name),
    reason: 'a number that is no year is NULL; Flink fails the job with an overflow',
  },
  {
    family: 'json',
    matches: ({ name }) => /^TIMESTAMP_LTZ\(3\) iso [67]$/.test(name),
    reason: 'a TIMESTAMP_LTZ in ISO-8601 may have an offset; Flink reads only Z',
  },
];

/** Returns the reason why a case has another answer than the oracle, or null if it must not. */
export function keptDifference(family: string, recorded: SweepCase): string | null {
  return KEPT.find((kept) => kept.family === family && kept.matches(recorded))?.reason ?? null;
}
