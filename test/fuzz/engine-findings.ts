import { Batch } from '../../src/batch/batch.ts';
import { VectorBuilder } from '../../src/batch/vector.ts';
import { EngineError } from '../../src/core/engine-error.ts';
import { ConditionProbe } from '../../src/engine/match/explain/condition-probe.ts';
import { BatchRow, matchResolver, rowReader } from '../../src/engine/match/match-binding.ts';
import type { MatchObserver } from '../../src/engine/match/match-observer.ts';
import type { FoundMatches } from '../../src/engine/match/matcher.ts';
import { NfaMatcher } from '../../src/engine/match/nfa-matcher.ts';
import { type PathNode, pathRows } from '../../src/engine/match/partial-match.ts';
import { RowConditions } from '../../src/engine/match/row-conditions.ts';
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
  const nfa = compileNfa(
    node.pattern,
    node.define.map(({ variable }) => variable),
    { bounded: node.within !== null },
  );
  const matcher = new NfaMatcher(nfa, node.within, node.skip, [], indexFrom, observer);
  const everything = INPUT.map((_, i) => i);
  const rows = rowReader(Int32Array.from(everything));
  const resolver = matchResolver(nfa.variables, rows, environment);
  const current = new BatchRow();
  const conditions = new RowConditions(nfa.variables, node.define, everything, current, resolver, environment);
  const probe = new ConditionProbe(nfa.variables, node.define, INPUT, current, resolver, environment);
  observer?.open({ node, nfa, input: INPUT, columns: everything, probe });

  const lines: string[] = [];
  let cause = '';
  const text = (path: PathNode) =>
    pathRows(path)
      .map(({ variable, row }) => `${nfa.variables[variable]}=${row.values[0]}`)
      .join(' ');
  const found: FoundMatches = {
    match: (path) => void lines.push(`${cause}: ${text(path)}`),
    timeout: (path, time) => void lines.push(`${cause}: timeout at ${time}: ${text(path)}`),
    started: () => {},
  };
  const state = matcher.newState();
  const sorted = inOrderOfTime(given.rows);
  conditions.begin(batchOf(sorted), null, sorted.length);
  try {
    for (const [i, row] of sorted.entries()) {
      conditions.at(i, row.ts);
      cause = `time ${row.ts}`;
      matcher.advanceTime(state, row.ts, found);
      cause = `row ${row.id}`;
      matcher.advance(state, conditions, found);
    }
    for (let next = matcher.nextDeadline(state); next < Number.POSITIVE_INFINITY; next = matcher.nextDeadline(state)) {
      cause = `time ${next}`;
      matcher.advanceTime(state, next, found);
    }
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'MATCH_SKIP') throw error;
    while (lines.at(-1)?.startsWith(`${cause}:`)) lines.pop();
    lines.push('failed');
  }
  return lines;
}

function batchOf(rows: readonly TestRow[]): Batch {
  const columns = INPUT.map(({ name, type }) => {
    const builder = new VectorBuilder(type, rows.length);
    for (const [i, row] of rows.entries()) builder.set(i, row[name as keyof TestRow]);
    return builder.finish();
  });
  return new Batch(rows.length, columns);
}
