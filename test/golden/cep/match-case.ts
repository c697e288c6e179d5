import type { FoundMatches, RowUnderTest } from '../../../src/engine/match/matcher.ts';
import { compileNfa } from '../../../src/plan/nfa/nfa-compiler.ts';
import { NfaMatcher } from '../../../src/engine/match/nfa-matcher.ts';
import { type PathNode, pathRows } from '../../../src/engine/match/partial-match.ts';
import {
  type RecordedCase,
  type RecordedMatch,
  type RecordedVariable,
  sequenceOf,
  skipOf,
  type Verdict,
  withinOf,
} from './recorded-case.ts';

/**
 * Returns the conditions that look at events bound so far. `bound` gives the events of a variable,
 * oldest first.
 */
type ContextCondition = (event: number, bound: (variable: string) => number[], prices: readonly number[]) => boolean;

const sum = (events: readonly number[], prices: readonly number[]) => events.reduce((s, i) => s + prices[i]!, 0);
export const CONTEXT_CONDITIONS: Readonly<Record<string, Readonly<Record<string, ContextCondition>>>> = {
  'AfterMatchSkipITCase.testSkipBeforeOtherAlreadyCompleted': {
    b: (event, bound, prices) => prices[event] === prices[bound('a')[0]!],
  },
  'IterativeConditionsITCase.testIterativeWithABACPattern': {
    middle2: (event, bound, prices) => sum([...bound('middle2'), event], prices) <= 5,
  },
  'IterativeConditionsITCase.testIterativeWithBranchingPatternCombinations': {
    middle: (event, bound, prices) => sum([...bound('middle'), event], prices) < 5,
  },
  'IterativeConditionsITCase.testIterativeWithBranchingPatternEager': {
    middle: (event, bound, prices) => sum([...bound('middle'), event], prices) < 5,
  },
  'IterativeConditionsITCase.testIterativeWithLoopingStartingCombination': {
    start: (event, bound, prices) => sum([...bound('start'), event], prices) < 5,
  },
  'IterativeConditionsITCase.testIterativeWithLoopingStartingEager': {
    start: (event, bound, prices) => sum([...bound('start'), event], prices) < 5,
  },
  'IterativeConditionsITCase.testIterativeWithPrevPatternDependency': {
    end: (_event, bound, prices) => sum(bound('start'), prices) >= 2,
  },
  'IterativeConditionsITCase.testIterativeWithPrevPatternDependencyAfterBranching': {
    end: (_event, bound, prices) => sum(bound('start'), prices) >= 2,
  },
  'SameElementITCase.testClearingBufferWithUntilAtTheEnd': { 'until d': (_event, bound) => bound('d').length === 3 },
  'SameElementITCase.testIterativeConditionWSameElement': { end: (_event, bound) => bound('middle').length === 2 },
  'UntilConditionITCase.testIterativeUntilConditionOneOrMore': {
    'until middle': (_event, bound) => bound('middle').length === 3,
  },
  'UntilConditionITCase.testIterativeUntilConditionZeroOrMore': {
    'until middle': (_event, bound) => bound('middle').length === 3,
  },
};

/**
 * Some cases feed one event object several times, and the recording can name only its first
 * occurrence. An event that no recorded match names is therefore replaced by the first equal event.
 */
export function withTwins(recorded: RecordedCase, matches: readonly RecordedMatch[]): RecordedMatch[] {
  const named = new Set(recorded.matches.flatMap((match) => Object.values(match.m).flat()));
  const content = recorded.events.map(({ i: _position, ...rest }) => JSON.stringify(rest));
  const twin = (event: number) => (named.has(event) ? event : content.indexOf(content[event]!));
  return matches.map((match) => ({
    ...match,
    m: Object.fromEntries(Object.entries(match.m).map(([variable, events]) => [variable, events.map(twin)])),
  }));
}

/**
 * Returns the matches of the engine's matcher. `asInSql`: also the matches that time alone causes
 * after the last event; and AFTER MATCH SKIP TO fails with EngineError if a match has no row to
 * skip to.
 */
export function matchesOf(recorded: RecordedCase, asInSql = false): RecordedMatch[] {
  const nfa = compileNfa(sequenceOf(recorded.pattern), [], { bounded: withinOf(recorded.pattern) !== null });
  const matcher = new NfaMatcher(nfa, withinOf(recorded.pattern), skipOf(recorded.skip, asInSql));
  const verdicts = verdictsOf(recorded.pattern);
  const prices = recorded.events.map((event) => event.price);
  const state = matcher.newState();
  const matches: RecordedMatch[] = [];
  let event = 0;
  let via: 'event' | 'time' = 'event';

  const boundTo = (path: PathNode | null, variable: string) =>
    (path === null ? [] : pathRows(path))
      .filter((node) => nfa.variables[node.variable] === variable)
      .map((node) => node.row.values[0] as number);
  const row: RowUnderTest & { time: number } = {
    time: 0,
    accepts: (index, path) => {
      const variable = nfa.variables[index]!;
      const verdict = verdicts.get(variable)![event];
      if (verdict !== 'ctx') return verdict === 1;
      return CONTEXT_CONDITIONS[recorded.case]![variable]!(event, (name) => boundTo(path, name), prices);
    },
    keep: () => [event],
  };
  const found: FoundMatches = {
    match(path) {
      const m: Record<string, number[]> = {};
      for (const { variable, row } of pathRows(path)) {
        m[nfa.variables[variable]!] ??= [];
        m[nfa.variables[variable]!]!.push(row.values[0] as number);
      }
      matches.push({ at: event, via, m });
    },
    timeout: () => {},
    started: () => {},
  };
  for (const { i, ts } of recorded.events) {
    event = i;
    row.time = ts ?? 0;
    via = 'time';
    matcher.advanceTime(state, row.time, found);
    via = 'event';
    matcher.advance(state, row, found);
  }
  via = 'time';
  for (let next = matcher.nextDeadline(state); asInSql && next < Number.POSITIVE_INFINITY; ) {
    matcher.advanceTime(state, next, found);
    next = matcher.nextDeadline(state);
  }
  return matches;
}

export function verdictsOf(pattern: readonly RecordedVariable[]): Map<string, readonly Verdict[]> {
  const verdicts = new Map<string, readonly Verdict[]>();
  for (const recorded of pattern) {
    if (recorded.accepts) verdicts.set(recorded.var, recorded.accepts);
    if (recorded.until) verdicts.set(`until ${recorded.var}`, recorded.until);
    if (recorded.group) for (const [name, accepts] of verdictsOf(recorded.group)) verdicts.set(name, accepts);
  }
  return verdicts;
}

