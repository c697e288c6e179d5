import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CONTEXT_CONDITIONS, verdictsOf, withTwins } from '../../golden/cep/match-case.ts';
import {
  type RecordedCase,
  type RecordedMatch,
  recordedCases,
  sequenceOf,
  skipOf,
  withinOf,
} from '../../golden/cep/recorded-case.ts';
import { engineFindings } from '../engine-findings.ts';
import type { MatchCase } from '../match-case.ts';
import { type Finding, type OfferedRow, ReferenceMatcher } from './reference-matcher.ts';
import { referenceFindings } from './reference-run.ts';

/**
 * Compares the reference with Flink itself, on the 223 recorded cases and on random cases recorded
 * from Flink's CEP engine.
 */
describe('reference matcher', () => {
  it('has the output of Flink for all recorded CEP cases', () => {
    for (const recorded of recordedCases) {
      assert.deepEqual(withTwins(recorded, matchesOf(recorded)), recorded.matches, recorded.case);
    }
  });

  it('has the output of Flink for random CEP cases, and so does the engine', () => {
    const lines = readFileSync(new URL('../../golden/cep/random-cep-cases.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    assert.ok(lines.length > 200);
    for (const [i, line] of lines.entries()) {
      const { findings, ...rest } = JSON.parse(line) as MatchCase & { findings: string[] };
      const given: MatchCase = { ...rest, partitioned: false, order: [], delayMs: 1 };
      assert.deepEqual(withoutTimes(referenceFindings(given)), findings, `reference, line ${i + 1}`);
      assert.deepEqual(withoutTimes(engineFindings(given)), findings, `engine, line ${i + 1}`);
    }
  });
});

/** If two bounds have passed, Flink reports either one, depending on when it checks them. */
function withoutTimes(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/timeout at \d+/, 'timeout'));
}

function matchesOf(recorded: RecordedCase): RecordedMatch[] {
  const verdicts = verdictsOf(recorded.pattern);
  const prices = recorded.events.map(({ price }) => price);
  const what = {
    pattern: sequenceOf(recorded.pattern),
    within: withinOf(recorded.pattern),
    skip: skipOf(recorded.skip),
  };
  const matcher = new ReferenceMatcher<OfferedRow>(what, (variable, { position }, bound) => {
    const verdict = verdicts.get(variable)![position];
    if (verdict !== 'ctx') return verdict === 1;
    const of = (name: string) => bound.filter((one) => one.variable === name).map(({ row }) => row.position);
    return CONTEXT_CONDITIONS[recorded.case]![variable]!(position, of, prices);
  });
  const matches: RecordedMatch[] = [];
  const say = (at: number, via: 'event' | 'time', findings: readonly Finding<OfferedRow>[]) => {
    for (const { kind, rows } of findings) {
      const m: Record<string, number[]> = {};
      for (const { variable, row } of rows) m[variable] = [...(m[variable] ?? []), row.position];
      if (kind === 'match') matches.push({ at, via, m });
    }
  };
  let state = matcher.begin();
  for (const { i, ts } of recorded.events) {
    const time = ts ?? 0;
    const [advanced, byTime] = matcher.advance(state, time);
    say(i, 'time', byTime);
    const [next, byRow] = matcher.offer(advanced, { position: i, time });
    say(i, 'event', byRow);
    state = next;
  }
  return matches;
}
