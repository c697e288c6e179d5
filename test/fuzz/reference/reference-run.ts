import type { TestRow } from '../../unit/engine/operators/match-harness.ts';
import type { MatchCase } from '../match-case.ts';
import { passes } from '../row-test.ts';
import {
  type BoundRow,
  type Finding,
  type MatcherState,
  type OfferedRow,
  ReferenceMatcher,
  SkipMiss,
} from './reference-matcher.ts';

interface KeyRow extends OfferedRow {
  readonly row: TestRow;
}
export type KeyMatcher = ReferenceMatcher<KeyRow>;
export type KeyState = MatcherState<KeyRow>;
export type KeyFinding = Finding<KeyRow>;

export function referenceOf(given: MatchCase): KeyMatcher {
  return new ReferenceMatcher(given, (variable, { row }, bound) =>
    passes(given.conditions[variable]!, variable, row, plain(bound)),
  );
}

export function keyRow(row: TestRow, position: number): KeyRow {
  return { position, time: row.ts, row };
}

function plain(bound: readonly BoundRow<KeyRow>[]) {
  return bound.map(({ variable, row }) => ({ variable, row: row.row }));
}

/** Returns a match as text: its rows by id with their variables, in order. */
export function findingText(finding: KeyFinding): string {
  const rows = finding.rows.map(({ variable, row }) => `${variable}=${row.row.id}`).join(' ');
  return finding.kind === 'match' ? rows : `timeout at ${finding.at}: ${rows}`;
}

/**
 * The maximum number of open attempts. A larger case finds no more than a smaller case, and takes
 * long.
 */
const MOST_ATTEMPTS = 1500;
export class TooManyAttempts extends Error {}

export function limited(state: KeyState): KeyState {
  if (state.open.length > MOST_ATTEMPTS) throw new TooManyAttempts(`more than ${MOST_ATTEMPTS} attempts at once`);
  return state;
}

/**
 * Returns the output of one matcher for all rows of a case as rows of one key, in order of time. A
 * line `row <id>` has the findings of the time before the row and those of the row. A failing AFTER
 * MATCH ends the list with `failed`, which replaces the earlier findings of its step.
 */
export function referenceFindings(given: MatchCase): string[] {
  const matcher = referenceOf(given);
  const lines: string[] = [];
  let state = matcher.begin();
  const say = (cause: string, findings: readonly KeyFinding[]) => {
    for (const finding of findings) lines.push(`${cause}: ${findingText(finding)}`);
  };
  try {
    for (const [position, row] of inOrderOfTime(given.rows).entries()) {
      const [advanced, byTime] = matcher.advance(state, row.ts);
      say(`time ${row.ts}`, byTime);
      const [next, byRow] = matcher.offer(advanced, keyRow(row, position));
      say(`row ${row.id}`, byRow);
      state = limited(next);
    }
    for (let bound = matcher.nextBound(state); bound < Number.POSITIVE_INFINITY; bound = matcher.nextBound(state)) {
      const [next, findings] = matcher.advance(state, bound);
      say(`time ${bound}`, findings);
      state = next;
    }
  } catch (error) {
    if (!(error instanceof SkipMiss)) throw error;
    lines.push('failed');
  }
  return lines;
}

export function inOrderOfTime(rows: readonly TestRow[]): TestRow[] {
  return [...rows].sort((a, b) => a.ts - b.ts);
}
