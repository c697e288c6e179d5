import { readFileSync } from 'node:fs';
import type { MatchNode, PatternElement, PatternSequence, Quantifier } from '../../../src/plan/match-node.ts';

/**
 * 223 cases recorded from Flink's own CEP engine. A line contains the pattern, the events, the
 * events that each variable's condition accepts, and every match with its bindings in order of
 * emission. `ctx` marks conditions that look at earlier events.
 */

export type Verdict = 0 | 1 | 'ctx';
export interface RecordedVariable {
  readonly var: string;
  readonly contiguity: keyof typeof LINKS;
  readonly props: readonly string[];
  readonly inner?: keyof typeof INNER;
  readonly times?: readonly [number, number];
  readonly timesGapMs?: number;
  readonly accepts?: readonly Verdict[];
  readonly until?: readonly Verdict[];
  readonly group?: readonly RecordedVariable[];
  readonly within_FIRST_AND_LAST?: number;
  readonly within_PREVIOUS_AND_CURRENT?: number;
}
export interface RecordedCase {
  readonly case: string;
  readonly skip: string | Readonly<Record<string, string>>;
  readonly pattern: readonly RecordedVariable[];
  readonly events: readonly { readonly i: number; readonly price: number; readonly ts: number | null }[];
  readonly matches: readonly RecordedMatch[];
}
export interface RecordedMatch {
  readonly at: number;
  readonly via: 'event' | 'time';
  readonly m: Readonly<Record<string, readonly number[]>>;
}

const LINKS = {
  STRICT: 'next',
  SKIP_TILL_NEXT: 'followed-by',
  SKIP_TILL_ANY: 'followed-by-any',
  NOT_NEXT: 'not-next',
  NOT_FOLLOW: 'not-followed-by',
} as const;
const INNER = { STRICT: 'consecutive', SKIP_TILL_NEXT: 'relaxed', SKIP_TILL_ANY: 'combinations' } as const;

export const recordedCases = readFileSync(new URL('flink-cep-cases.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedCase);

export function sequenceOf(pattern: readonly RecordedVariable[]): PatternSequence {
  return { kind: 'sequence', elements: pattern.map(elementOf) };
}

function elementOf(recorded: RecordedVariable): PatternElement {
  const link = LINKS[recorded.contiguity];
  const [min, max] = recorded.times ?? [1, 1];
  const quantifier: Quantifier = {
    min,
    max: recorded.props.includes('LOOPING') ? null : max,
    optional: recorded.props.includes('OPTIONAL'),
    greedy: recorded.props.includes('GREEDY'),
    inner: recorded.inner === undefined ? 'consecutive' : INNER[recorded.inner],
    ...(recorded.until === undefined ? {} : { until: `until ${recorded.var}` }),
    ...(recorded.timesGapMs === undefined ? {} : { gapMs: recorded.timesGapMs }),
  };
  return recorded.group === undefined
    ? { kind: 'variable', variable: recorded.var, link, quantifier }
    : { kind: 'group', sequence: sequenceOf(recorded.group), link, quantifier };
}

/**
 * Flink allows a bound of the PREVIOUS_AND_CURRENT kind at one variable. In these cases that is the
 * same as a bound on every step.
 */
export function withinOf(pattern: readonly RecordedVariable[]): MatchNode['within'] {
  for (const recorded of pattern) {
    if (recorded.within_FIRST_AND_LAST !== undefined)
      return { ms: recorded.within_FIRST_AND_LAST, type: 'first-and-last' };
    if (recorded.within_PREVIOUS_AND_CURRENT !== undefined)
      return { ms: recorded.within_PREVIOUS_AND_CURRENT, type: 'previous-and-current' };
  }
  return null;
}

export function skipOf(skip: RecordedCase['skip'], failOnMiss = false): MatchNode['skip'] {
  if (skip === 'NO_SKIP') return { kind: 'no-skip' };
  if (skip === 'SKIP_TO_NEXT') return { kind: 'to-next-row' };
  if (skip === 'SKIP_PAST_LAST_EVENT') return { kind: 'past-last-row' };
  const [[kind, variable]] = Object.entries(skip) as [[string, string]];
  return { kind: kind === 'SKIP_TO_FIRST' ? 'to-first' : 'to-last', variable, failOnMiss };
}
