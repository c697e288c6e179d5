import { Batch } from '../../src/batch/batch.ts';
import { VectorBuilder } from '../../src/batch/vector.ts';
import { EngineError } from '../../src/core/engine-error.ts';
import { ConditionProbe } from '../../src/engine/match/explain/condition-probe.ts';
import { BatchRow, matchResolver, rowReader } from '../../src/engine/match/match-binding.ts';
import type { MatchObserver } from '../../src/engine/match/match-observer.ts';
import type { FoundMatches, Matcher } from '../../src/engine/match/matcher.ts';
import { NfaMatcher } from '../../src/engine/match/nfa-matcher.ts';
import { type KeyRecord, type PathNode, pathRows } from '../../src/engine/match/partial-match.ts';
import { shareable } from '../../src/engine/match/path-sets/shareable.ts';
import { SharedMatcher } from '../../src/engine/match/path-sets/shared-matcher.ts';
import { RowConditions } from '../../src/engine/match/row-conditions.ts';
import type { MatchNode } from '../../src/plan/match-node.ts';
import type { Nfa } from '../../src/plan/nfa/nfa.ts';
import { compileNfa } from '../../src/plan/nfa/nfa-compiler.ts';
import { INPUT, type TestRow } from '../unit/engine/operators/match-harness.ts';
import type { MatchCase } from './match-case.ts';
import { matchNodeOf } from './match-node-of.ts';
import { inOrderOfTime } from './reference/reference-run.ts';

const environment = { zone: 'UTC', now: () => 0, random: () => 0.5 };

/**
 * Returns the output of the engine's matcher for all rows of a case as rows of one key, in the
 * lines of `referenceFindings`. `indexFrom`: from this number of partial matches on, the matcher
 * uses an index by the values of equalities. Absent: the matcher's default.
 */
export function engineFindings(given: MatchCase, indexFrom?: number, observer?: MatchObserver): string[] {
  const node = matchNodeOf(given);
  const nfa = nfaOf(node);
  const matcher = new NfaMatcher(nfa, node.within, node.skip, [], indexFrom, observer);
  return findings(given, node, nfa, matcher, observer);
}

/**
 * Returns the output of the matcher whose partial matches share their rows, without time-outs;
 * null: it does not run the pattern.
 */
export function sharedFindings(given: MatchCase): string[] | null {
  const node = matchNodeOf(given);
  const nfa = nfaOf(node);
  const shared = shareable(node, nfa, {}, 2);
  if (shared === null) return null;
  return findings(given, node, nfa, new SharedMatcher(nfa, shared.order, node.within, node.skip, shared.always, true));
}

function nfaOf(node: MatchNode): Nfa {
  const defined = node.define.map(({ variable }) => variable);
  return compileNfa(node.pattern, defined, { bounded: node.within !== null });
}

function findings<State extends KeyRecord>(
  given: MatchCase,
  node: MatchNode,
  nfa: Nfa,
  matcher: Matcher<State>,
  observer?: MatchObserver,
): string[] {
  const run = new MatcherRun(given, node, nfa, observer);
  return run.finish(matcher, run.rows(matcher, matcher.newState(), 0, given.rows.length));
}

/**
 * Offers the rows of a case, as rows of one key, to a matcher. The matcher can change in between.
 */
export class MatcherRun {
  readonly lines: string[] = [];
  failed = false;
  readonly #conditions: RowConditions;
  readonly #rows: readonly TestRow[];
  readonly #found: FoundMatches;
  #cause = '';

  constructor(given: MatchCase, node: MatchNode, nfa: Nfa, observer?: MatchObserver) {
    const everything = INPUT.map((_, i) => i);
    const rows = rowReader(Int32Array.from(everything));
    const resolver = matchResolver(nfa.variables, rows, environment);
    const current = new BatchRow();
    this.#conditions = new RowConditions(nfa.variables, node.define, everything, current, resolver, environment);
    const probe = new ConditionProbe(nfa.variables, node.define, INPUT, current, resolver, environment);
    observer?.open({ node, nfa, input: INPUT, columns: everything, probe });
    const text = (path: PathNode) =>
      pathRows(path)
        .map(({ variable, row }) => `${nfa.variables[variable]}=${row.values[0]}`)
        .join(' ');
    this.#found = {
      match: (path) => void this.lines.push(`${this.#cause}: ${text(path)}`),
      timeout: (path, time) => void this.lines.push(`${this.#cause}: timeout at ${time}: ${text(path)}`),
      started: () => {},
    };
    this.#rows = inOrderOfTime(given.rows);
    this.#conditions.begin(batchOf(this.#rows), null, this.#rows.length);
  }

  /** Offers the rows from `from` to before `to`. Returns the state. */
  rows<State extends KeyRecord>(matcher: Matcher<State>, state: State, from: number, to: number): State {
    this.#attempt(() => {
      for (const [i, row] of this.#rows.entries()) {
        if (i < from || i >= to) continue;
        this.#conditions.at(i, row.ts);
        this.#cause = `time ${row.ts}`;
        matcher.advanceTime(state, row.ts, this.#found);
        this.#cause = `row ${row.id}`;
        matcher.advance(state, this.#conditions, this.#found);
      }
    });
    return state;
  }

  /** Advances the time until no partial match is left. Returns all lines. */
  finish<State extends KeyRecord>(matcher: Matcher<State>, state: State): string[] {
    this.#attempt(() => {
      for (
        let next = matcher.nextDeadline(state);
        next < Number.POSITIVE_INFINITY;
        next = matcher.nextDeadline(state)
      ) {
        this.#cause = `time ${next}`;
        matcher.advanceTime(state, next, this.#found);
      }
    });
    return this.lines;
  }

  #attempt(work: () => void): void {
    if (this.failed) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'MATCH_SKIP') throw error;
      while (this.lines.at(-1)?.startsWith(`${this.#cause}:`)) this.lines.pop();
      this.lines.push('failed');
      this.failed = true;
    }
  }
}

function batchOf(rows: readonly TestRow[]): Batch {
  const columns = INPUT.map(({ name, type }) => {
    const builder = new VectorBuilder(type, rows.length);
    for (const [i, row] of rows.entries()) builder.set(i, row[name as keyof TestRow]);
    return builder.finish();
  });
  return new Batch(rows.length, columns);
}
