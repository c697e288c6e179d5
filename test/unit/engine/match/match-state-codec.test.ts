import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BIGINT, STRING } from '../../../../src/core/data-type.ts';
import { matchStateCodec } from '../../../../src/engine/match/match-state-codec.ts';
import type { FoundMatches, RowUnderTest } from '../../../../src/engine/match/matcher.ts';
import { NfaMatcher } from '../../../../src/engine/match/nfa-matcher.ts';
import type { MatchKeyState, PartialMatch } from '../../../../src/engine/match/partial-match.ts';
import { ByteReader, ByteWriter } from '../../../../src/engine/state/byte-codec.ts';
import { ONCE } from '../../../../src/plan/match-node.ts';
import { compileNfa } from '../../../../src/plan/nfa/nfa-compiler.ts';

const nfa = compileNfa(
  {
    kind: 'sequence',
    elements: [
      { kind: 'variable', variable: 'A', link: 'next', quantifier: ONCE },
      {
        kind: 'variable',
        variable: 'B',
        link: 'followed-by',
        quantifier: { ...ONCE, max: null, inner: 'combinations' },
      },
      { kind: 'variable', variable: 'C', link: 'followed-by', quantifier: ONCE },
    ],
  },
  [],
  { bounded: false },
);
const matcher = new NfaMatcher(nfa, null, { kind: 'to-next-row' });
const codec = matchStateCodec(nfa, () => matcher.newState(), [STRING, BIGINT]);
const NOTHING: FoundMatches = { match: () => {}, timeout: () => {}, started: () => {} };

/** Creates a row for the variables in `takes`. */
const row = (time: number, takes: string): RowUnderTest => ({
  time,
  accepts: (variable) => takes.includes(nfa.variables[variable]!),
  keep: () => [takes === '' ? null : takes, time === 3 ? 2n ** 62n : time],
});

test('a decoded state is equal to the encoded one, with shared rows and beginnings, heaps in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('A', 'B', 'C', 'AB', ''), { maxLength: 8 }), (rows) => {
      const state = matcher.newState();
      for (const [time, takes] of rows.entries()) matcher.advance(state, row(time, takes), NOTHING);
      const back = roundTrip(state);
      assert.deepEqual(contentOf(back), contentOf(state));
      assert.deepEqual(bytesOf(back), bytesOf(state));
      const starts = new Set([...back.partial].map((partial) => partial.start));
      const before = new Set([...state.partial].map((partial) => partial.start));
      assert.equal(starts.size, before.size);
    }),
  );
});

test('every kept row is written once', () => {
  const state = matcher.newState();
  for (const [time, takes] of [...'ABBBBBB'].entries()) matcher.advance(state, row(time, takes), NOTHING);
  assert.ok(state.partial.length > 40, `${state.partial.length} partial matches`);
  assert.ok(bytesOf(state).length < state.partial.length * 12, `${bytesOf(state).length} bytes`);
});

/**
 * Returns all places except those in the list, which may have gaps, and the number of nodes, which
 * counts dropped nodes until the state is measured.
 */
function contentOf(state: MatchKeyState): unknown {
  const withoutPlace = ({ state, path, start }: PartialMatch) => ({ state, path, start });
  return {
    ...state,
    nodes: 0,
    partial: [...state.partial].map(withoutPlace),
    completed: state.completed.map(withoutPlace),
  };
}

function bytesOf(state: MatchKeyState): Buffer {
  const writer = new ByteWriter();
  codec.encode(state, writer);
  return writer.finish();
}

function roundTrip(state: MatchKeyState): MatchKeyState {
  return codec.decode(new ByteReader(bytesOf(state))) as MatchKeyState;
}
