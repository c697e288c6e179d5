import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchStateCodec } from '../../../../src/engine/match/match-state-codec.ts';
import type { Matcher } from '../../../../src/engine/match/matcher.ts';
import { NfaMatcher, newKeyState } from '../../../../src/engine/match/nfa-matcher.ts';
import type { KeyRecord, MatchKeyState } from '../../../../src/engine/match/partial-match.ts';
import { individualFrom } from '../../../../src/engine/match/path-sets/convert-state.ts';
import { shareable } from '../../../../src/engine/match/path-sets/shareable.ts';
import { SharedMatcher } from '../../../../src/engine/match/path-sets/shared-matcher.ts';
import type { SharedKeyState } from '../../../../src/engine/match/path-sets/shared-state.ts';
import { sharedStateCodec } from '../../../../src/engine/match/path-sets/shared-state-codec.ts';
import type { StatePlace } from '../../../../src/engine/match/path-sets/state-order.ts';
import { ByteReader, ByteWriter } from '../../../../src/engine/state/byte-codec.ts';
import type { ValueCodec } from '../../../../src/engine/state/state-store.ts';
import type { MatchNode } from '../../../../src/plan/match-node.ts';
import type { Nfa } from '../../../../src/plan/nfa/nfa.ts';
import { compileNfa } from '../../../../src/plan/nfa/nfa-compiler.ts';
import { MatcherRun } from '../../../fuzz/engine-findings.ts';
import { randomCase } from '../../../fuzz/generate/random-case.ts';
import type { MatchCase } from '../../../fuzz/match-case.ts';
import { matchNodeOf } from '../../../fuzz/match-node-of.ts';
import { INPUT } from '../operators/match-harness.ts';

const TYPES = INPUT.map(({ type }) => type);

interface Setup {
  readonly given: MatchCase;
  readonly node: MatchNode;
  readonly nfa: Nfa;
  readonly order: readonly StatePlace[];
  readonly individual: Matcher<MatchKeyState>;
  readonly shared: Matcher<SharedKeyState>;
  readonly codec: ValueCodec;
  readonly before: ValueCodec;
  expand(state: SharedKeyState): MatchKeyState;
}

/** Returns random cases whose partial matches share their rows, with both matchers. */
function setups(count: number): Setup[] {
  const found: Setup[] = [];
  for (let number = 0; found.length < count; number++) {
    const given = randomCase(20_261_130, number, number % 8 === 0 ? 'counted' : 'cep');
    const node = matchNodeOf(given);
    const nfa = compileNfa(
      node.pattern,
      node.define.map(({ variable }) => variable),
      { bounded: node.within !== null },
    );
    const sharing = shareable(node, nfa, {}, 2);
    if (sharing === null) continue;
    const { order, always } = sharing;
    found.push({
      given,
      node,
      nfa,
      order,
      individual: new NfaMatcher(nfa, node.within, node.skip),
      shared: new SharedMatcher(nfa, order, node.within, node.skip, always, true),
      codec: sharedStateCodec(nfa, order, TYPES),
      before: matchStateCodec(nfa, newKeyState, TYPES),
      expand: (state) => individualFrom(state, nfa, order, Number.POSITIVE_INFINITY),
    });
  }
  return found;
}

/** Returns the counts with one name for all states of a counted loop. */
function byPlace(counts: Readonly<Record<string, number>>, order: readonly StatePlace[]): Record<string, number> {
  const names = new Map<string, string>();
  for (const { state, loop } of order) for (const each of loop?.states ?? []) names.set(each.name, state.name);
  const result: Record<string, number> = {};
  for (const [name, count] of Object.entries(counts)) {
    const place = names.get(name) ?? name;
    result[place] = (result[place] ?? 0) + count;
  }
  return result;
}

function throughBytes<State>(codec: ValueCodec, state: State, read: ValueCodec = codec): unknown {
  const writer = new ByteWriter();
  codec.encode(state, writer);
  return read.decode(new ByteReader(writer.finish()));
}

/** Runs a case and changes the matcher, or its state, before the row at `change`. */
function run<A extends KeyRecord, B extends KeyRecord>(
  { given, node, nfa }: Setup,
  first: Matcher<A>,
  change: number,
  second: Matcher<B>,
  convert: (state: A) => B,
): readonly string[] {
  const run = new MatcherRun(given, node, nfa);
  const begun = run.rows(first, first.newState(), 0, change);
  // The matcher with shared rows only counts time-outs.
  const lines = run.finish(second, run.rows(second, convert(begun), change, given.rows.length));
  return lines.filter((line) => !line.includes(': timeout at '));
}

describe('partial matches that share their rows', () => {
  const all = setups(250);
  const whole = all.map((setup) => run(setup, setup.individual, 0, setup.individual, (state) => state));

  it('are restored in the middle', () => {
    for (const [i, setup] of all.entries()) {
      for (let at = 1; at < setup.given.rows.length; at += 3) {
        const restored = run(
          setup,
          setup.shared,
          at,
          setup.shared,
          (state) => throughBytes(setup.codec, state) as typeof state,
        );
        assert.deepEqual(restored, whole[i], `case ${i}, restored before row ${at}`);
      }
    }
  });

  it('continue a state of the format before', () => {
    for (const [i, setup] of all.entries()) {
      const at = setup.given.rows.length >> 1;
      const convert = (state: MatchKeyState) => throughBytes(setup.before, state, setup.codec) as SharedKeyState;
      assert.deepEqual(run(setup, setup.individual, at, setup.shared, convert), whole[i], `case ${i}`);
    }
  });

  it('can be taken apart again', () => {
    for (const [i, setup] of all.entries()) {
      const at = setup.given.rows.length >> 1;
      const actual = run(setup, setup.shared, at, setup.individual, (state) => setup.expand(state));
      assert.deepEqual(actual, whole[i], `case ${i}`);
    }
  });

  it('are counted exactly', () => {
    for (const [i, { given, node, nfa, order, individual, shared }] of all.entries()) {
      const runs = [new MatcherRun(given, node, nfa), new MatcherRun(given, node, nfa)] as const;
      individual.open!.clear();
      shared.open!.clear();
      let one = individual.newState();
      let other = shared.newState();
      for (let at = 0; at < given.rows.length; at++) {
        one = runs[0].rows(individual, one, at, at + 1);
        other = runs[1].rows(shared, other, at, at + 1);
        if (runs[0].failed) break;
        assert.equal(shared.openIn(other), individual.openIn(one), `case ${i}, row ${at}`);
        assert.deepEqual(shared.open!.byState(), byPlace(individual.open!.byState(), order), `case ${i}, row ${at}`);
        assert.equal(shared.nextDeadline(other), individual.nextDeadline(one), `case ${i}, row ${at}`);
      }
    }
  });
});
