import type { DataType } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { readsMatchNumber } from '../../plan/match-reach.ts';
import type { Nfa } from '../../plan/nfa/nfa.ts';
import { compileScalar } from '../expressions/compile-scalar.ts';
import type { ValueCodec } from '../state/state-store.ts';
import { alwaysTrue, automatonOf } from './automaton-of.ts';
import { ConditionProbe } from './explain/condition-probe.ts';
import { openMatches } from './explain/open-matches.ts';
import { KeyedMatching } from './keyed-matching.ts';
import { BatchRow, type MatchBinding, matchResolver, rowReader } from './match-binding.ts';
import { limitsOf } from './match-limits.ts';
import type { MatchObserver } from './match-observer.ts';
import { MatchResults } from './match-results.ts';
import { matchStateCodec } from './match-state-codec.ts';
import type { Matcher } from './matcher.ts';
import { type BuiltMatching, type MatchingParts, placesOf, stateTable } from './matching-parts.ts';
import { NfaMatcher } from './nfa-matcher.ts';
import type { KeyRecord, MatchKeyState } from './partial-match.ts';
import { individualFrom } from './path-sets/convert-state.ts';
import { type Shareable, shareable } from './path-sets/shareable.ts';
import { SharedMatcher } from './path-sets/shared-matcher.ts';
import type { SharedKeyState } from './path-sets/shared-state.ts';
import { sharedStateCodec } from './path-sets/shared-state-codec.ts';
import { RowConditions } from './row-conditions.ts';
import { THRESHOLD_COLUMNS, thresholdNote } from './threshold-note.ts';
import { unreadVariables } from './unread-variables.ts';

/** Rows of the open matches of a key that are shown. */
const ROWS_SHOWN = 100_000;

/** Creates a matching with Flink's semantics. */
export function flinkMatching(parts: MatchingParts): BuiltMatching {
  const { node, input, kept, context, observed, timers, scaleMs } = parts;
  const observer = observed?.semantics === 'flink' ? observed.observer : null;
  const { environment } = context;
  const nfa = automatonOf(node);
  const types = kept.map((column) => input[column]!.type);
  const shared = observer === null ? shareable(node, nfa, context.settings) : null;
  const { matcher, codec, individual } =
    shared === null ? individualMatching(node, nfa, types, observer) : sharedMatching(node, nfa, types, shared);
  const showsTimeouts = node.rows.kind === 'one' && node.rows.timeouts;
  // If a bound emits nothing when it passes, an expired partial match may wait for the next
  // relevant row of its key.
  const quiet = !nfa.hasPending && !showsTimeouts;
  const states = stateTable(parts, codec, THRESHOLD_COLUMNS, (columns, slot) => {
    if (shared !== null) return 0;
    const state = columns[0]![slot] as MatchKeyState;
    return quiet && !matcher.holdsBack(state) ? thresholdNote(columns[2]![slot] as number) : 0;
  });

  const keptAt = placesOf(kept, input.length);
  const rows = rowReader(keptAt);
  const resolver = matchResolver(nfa.variables, rows, environment, node.subsets);
  const current = new BatchRow();
  observer?.open({
    node,
    nfa,
    input,
    columns: kept,
    probe: new ConditionProbe(nfa.variables, node.define, input, current, resolver, environment),
  });
  const tests = new RowConditions(nfa.variables, node.define, kept, current, resolver, environment, node.subsets);
  const measures = node.measures.map((measure) =>
    compileScalar<MatchBinding>(measure, (binding, column) => rows(binding.path!, column), environment, resolver),
  );
  const sources = { partition: node.partition, keptAt, measures };
  const results = new MatchResults(node.fields, node.outputs, node.rows, sources, context.batchRows);
  const matching = new KeyedMatching<KeyRecord, RowConditions>(
    matcher,
    states,
    timers,
    tests,
    results,
    node.partition,
    {
      eventTime: node.time.time === 'rowtime',
      withinMs: node.within?.ms ?? null,
      scaleMs,
      hasPending: nfa.hasPending || showsTimeouts,
      showsTimeouts,
      endsQuietly: quiet && node.within !== null && !nfa.states.some(({ role }) => role === 'stop'),
      numbersMatches: readsMatchNumber(node.measures),
      limits: limitsOf(context.settings),
    },
    codec.sizeOf,
  );
  const fields = kept.map((column) => input[column]!);
  const openFor = async (key: readonly unknown[]) => ({
    fields,
    ...openMatches(individual(await matching.stateOf(key)), nfa, node.within),
  });
  return { matching, results, openFor };
}

interface ChosenMatcher {
  readonly matcher: Matcher<KeyRecord>;
  readonly codec: ValueCodec;
  /** Returns a state with individual partial matches, and the number of those left out. */
  individual(state: KeyRecord | null): { readonly state: MatchKeyState; readonly more: number } | null;
}

function individualMatching(
  node: MatchNode,
  nfa: Nfa,
  types: readonly DataType[],
  observer: MatchObserver | null,
): ChosenMatcher {
  const matcher =
    observer === null
      ? new NfaMatcher(nfa, node.within, node.skip, unreadVariables(node, nfa), undefined, null, alwaysTrue(node, nfa))
      : new NfaMatcher(nfa, node.within, node.skip, [], Number.POSITIVE_INFINITY, observer);
  return {
    matcher: matcher as Matcher<KeyRecord>,
    codec: matchStateCodec(nfa, () => matcher.newState(), types),
    individual: (state) => (state === null ? null : { state: state as MatchKeyState, more: 0 }),
  };
}

function sharedMatching(
  node: MatchNode,
  nfa: Nfa,
  types: readonly DataType[],
  { order, always }: Shareable,
): ChosenMatcher {
  const matcher = new SharedMatcher(nfa, order, node.within, node.skip, always, node.rows.kind === 'all');
  return {
    matcher: matcher as Matcher<KeyRecord>,
    codec: sharedStateCodec(nfa, order, types),
    individual(record) {
      if (record === null) return null;
      const from = record as SharedKeyState;
      const state = individualFrom(from, nfa, order, ROWS_SHOWN);
      return { state, more: matcher.openIn(from) - state.partial.length };
    },
  };
}
