import type { SweepCase } from './sweep-case.ts';

/** A difference from the oracle that is kept, with the reason. */
interface KeptDifference {
  readonly family: string;
  matches(recorded: SweepCase): boolean;
  readonly reason: string;
}

const isIgnoring = ({ sql }: SweepCase): boolean => sql.includes("'csv.ignore-parse-errors' = 'true'");

const KEPT: readonly KeptDifference[] = [
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
];

/** Returns the reason why a case has another answer than the oracle, or null if it must not. */
export function keptDifference(family: string, recorded: SweepCase): string | null {
  return KEPT.find((kept) => kept.family === family && kept.matches(recorded))?.reason ?? null;
}
