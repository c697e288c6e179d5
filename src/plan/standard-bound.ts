import type { MatchOperation, PatternElement, PatternSequence } from './match-node.ts';
import { physicalReach, readsMatchNumber, tellsThreadsApart } from './match-reach.ts';
import { leavesChoice, sequencesIn, walkPattern } from './walk-pattern.ts';

/**
 * The bound on the state for each key of a pattern with the SQL standard's semantics. The bound is
 * valid for any input rows. Attempts run one after the other. So the state is the rows and threads
 * of one attempt, and the state that PREV, MATCH_NUMBER and `^` always need.
 */
export interface StandardBound {
  /** Most rows that an attempt can take; null = no bound. */
  readonly rows: number | null;
  /**
   * Most threads of an attempt. Null if conditions can distinguish threads at one place of the
   * pattern. The number of places is then no bound.
   */
  readonly threads: number | null;
  /** Rows before an attempt that PREV reads. */
  readonly before: number;
  /** Rows after a row that NEXT reads. */
  readonly after: number;
  readonly countsMatches: boolean;
  readonly readsStart: boolean;
  /** `$` waits for the end of the partition. There is no limit in time. */
  readonly waitsForEnd: boolean;
}

export function standardBound(node: MatchOperation): StandardBound {
  const conditions = node.define.map(({ condition }) => condition);
  const { before, after } = physicalReach([...conditions, ...node.measures]);
  let [readsStart, waitsForEnd] = [false, false];
  walkPattern(node.pattern, (element) => {
    if (element.kind !== 'anchor') return;
    if (element.at === 'start') readsStart = true;
    else waitsForEnd = true;
  });
  return {
    rows: mostRows(node.pattern),
    threads: conditions.some(tellsThreadsApart) ? null : placesOf(node.pattern),
    before,
    after,
    countsMatches: readsMatchNumber([...conditions, ...node.measures]),
    readsStart,
    waitsForEnd,
  };
}

/** Returns the most rows that a sequence can take; null: no bound. */
function mostRows({ elements }: PatternSequence): number | null {
  let rows = 0;
  for (const element of elements) {
    const once = rowsOnce(element);
    if (once === 0) continue;
    if (once === null || element.quantifier.max === null) return null;
    rows += once * element.quantifier.max;
  }
  return rows;
}

function rowsOnce(element: PatternElement): number | null {
  const inner = sequencesIn(element).map(mostRows);
  if (inner.includes(null)) return null;
  const rows = inner as number[];
  switch (element.kind) {
    case 'variable':
      return 1;
    case 'anchor':
      return 0;
    case 'alternation':
      return Math.max(0, ...rows);
    case 'group':
    case 'permutation':
    case 'exclusion':
      return rows.reduce((sum, each) => sum + each, 0);
  }
}

/**
 * Returns the number of places of the pattern that a thread can have. Bounded repeats are written
 * out.
 */
export function placesOf({ elements }: PatternSequence): number {
  return elements.reduce((places, element) => {
    const { min, max } = element.quantifier;
    return places + placesOnce(element) * Math.max(1, max ?? min);
  }, 0);
}

function placesOnce(element: PatternElement): number {
  const inner = sequencesIn(element).reduce((places, each) => places + placesOf(each), 0);
  if (element.kind === 'permutation') return inner * copiesOfMember(element.members);
  return element.kind === 'variable' || element.kind === 'anchor' ? 1 : inner;
}

/**
 * Returns the number of copies of each PERMUTE member. There is one copy for each set of members
 * that can follow it. If a member leaves a choice, there is one copy for each order of these
 * members.
 */
function copiesOfMember(members: readonly PatternSequence[]): number {
  const others = members.length - 1;
  if (!members.some(leavesChoice)) return 2 ** others;
  let copies = 0;
  let orders = 1;
  for (let after = 0; after <= others; after++) {
    copies += orders;
    orders *= others - after;
  }
  return copies;
}
