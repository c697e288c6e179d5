import type { MatchNode, PatternSequence, SkipStrategy } from '../../../src/plan/match-node.ts';
import { dequeue, enqueue, without } from './java-queue.ts';
import { type Edge, patternGraph, type State } from './pattern-graph.ts';

/** A row in the order of its key. */
export interface OfferedRow {
  /** The position among the key's rows. */
  readonly position: number;
  readonly time: number;
}
export interface BoundRow<R extends OfferedRow> {
  readonly variable: string;
  readonly row: R;
}
export type Condition<R extends OfferedRow> = (variable: string, row: R, bound: readonly BoundRow<R>[]) => boolean;

export type Finding<R extends OfferedRow> =
  /** `at`: the bound at which an absence completed the match. Without it, a row or time did. */
  | { readonly kind: 'match'; readonly rows: readonly BoundRow<R>[]; readonly at?: number }
  | { readonly kind: 'timeout'; readonly rows: readonly BoundRow<R>[]; readonly at: number };

/** An attempt with the rows it has bound, in order. The start has no rows and always remains. */
interface Attempt<R extends OfferedRow> {
  readonly at: State;
  readonly rows: readonly BoundRow<R>[];
}

/** The state of a key between rows. */
export interface MatcherState<R extends OfferedRow> {
  readonly open: readonly Attempt<R>[];
  /** Complete, but an attempt that began earlier is still open. */
  readonly heldBack: readonly Attempt<R>[];
}

export interface ReferencePattern {
  readonly pattern: PatternSequence;
  readonly within: MatchNode['within'];
  readonly skip: SkipStrategy;
}

/**
 * Finds the matches of one key by the rules, with plain lists and without sharing. Each attempt
 * gets each row. It may take the row, skip it, or both, and several attempts may then replace it.
 * If an attempt reaches a negated variable, it is dropped with all attempts that this row made of
 * it. Bounds are exclusive: an attempt ends at start + WITHIN. Without AFTER MATCH a match is
 * emitted immediately. Otherwise it waits until no attempt with an earlier start is open. Then it
 * ends all attempts and matches that started before the row that AFTER MATCH names.
 */
export class ReferenceMatcher<R extends OfferedRow> {
  readonly #what: ReferencePattern;
  readonly #condition: Condition<R>;
  readonly #start: State;

  constructor(what: ReferencePattern, condition: Condition<R>) {
    this.#what = what;
    this.#condition = condition;
    this.#start = patternGraph(what.pattern, what.within !== null).start;
  }

  begin(): MatcherState<R> {
    return { open: [{ at: this.#start, rows: [] }], heldBack: [] };
  }

  /** Offers a row. The caller must advance the time to it first. */
  offer(state: MatcherState<R>, row: R): [MatcherState<R>, Finding<R>[]] {
    let open: readonly Attempt<R>[] = [];
    let complete: readonly Attempt<R>[] = [];
    for (const attempt of state.open) {
      const after = this.#afterRow(attempt, row);
      for (const next of after) {
        if (next.at.kind === 'complete') complete = enqueue(complete, next, byStart);
      }
      if (after.some(({ at }) => at.kind === 'dead')) continue;
      for (const next of after) if (next.at.kind !== 'complete') open = enqueue(open, next, byStart);
    }
    return this.#letOut(open, state.heldBack, complete, []);
  }

  /**
   * Ends the attempts whose bound has passed at `time`. An attempt that waits for an absence
   * becomes a match.
   */
  advance(state: MatcherState<R>, time: number): [MatcherState<R>, Finding<R>[]] {
    const timeouts: Finding<R>[] = [];
    let open: readonly Attempt<R>[] = [];
    let complete: readonly Attempt<R>[] = [];
    const bounds = new Map<Attempt<R>, number>();
    for (const attempt of state.open) {
      const bound = this.#boundOf(attempt);
      if (time < bound) open = enqueue(open, attempt, byStart);
      else if (attempt.at.kind === 'absent-until-the-end') {
        complete = enqueue(complete, attempt, byStart);
        bounds.set(attempt, bound);
      } else timeouts.push({ kind: 'timeout', rows: attempt.rows, at: bound });
    }
    return this.#letOut(open, state.heldBack, complete, timeouts, bounds);
  }

  /** Returns the earliest time at which an open attempt ends. */
  nextBound(state: MatcherState<R>): number {
    return Math.min(...state.open.map((attempt) => this.#boundOf(attempt)));
  }

  #boundOf({ at, rows }: Attempt<R>): number {
    if (rows.length === 0) return Number.POSITIVE_INFINITY;
    const { within } = this.#what;
    const first = rows[0]!.row.time;
    const last = rows.at(-1)!.row.time;
    const bounds = at.gapMs === null ? [] : [last + at.gapMs];
    if (within !== null) bounds.push((within.type === 'first-and-last' ? first : last) + within.ms);
    return Math.min(Number.POSITIVE_INFINITY, ...bounds);
  }

  #afterRow(attempt: Attempt<R>, row: R): Attempt<R>[] {
    const holds = (variable: string) => this.#condition(variable, row, attempt.rows);
    const after: Attempt<R>[] = [];
    for (const [from, edge] of openEdges(attempt.at, holds)) {
      if (edge.does === 'pass') {
        if (attempt.rows.length > 0) after.push({ at: edge.to, rows: attempt.rows });
        continue;
      }
      const rows = [...attempt.rows, { variable: from.variable!, row }];
      after.push({ at: edge.to, rows });
      const end = completeAfter(edge.to, holds);
      if (end !== null) after.push({ at: end, rows });
    }
    if (attempt.rows.length === 0) after.push(attempt);
    return after;
  }

  #letOut(
    stillOpen: readonly Attempt<R>[],
    wasHeldBack: readonly Attempt<R>[],
    complete: readonly Attempt<R>[],
    findings: Finding<R>[],
    bounds: ReadonlyMap<Attempt<R>, number> = new Map(),
  ): [MatcherState<R>, Finding<R>[]] {
    const found = (match: Attempt<R>): void => {
      const at = bounds.get(match);
      findings.push({ kind: 'match', rows: match.rows, ...(at === undefined ? {} : { at }) });
    };
    let open = stillOpen;
    let heldBack = wasHeldBack;
    if (this.#what.skip.kind === 'no-skip') {
      for (let waiting = complete; waiting.length > 0; ) {
        const [match, rest] = dequeue(waiting, byStart);
        found(match);
        waiting = rest;
      }
      return [{ open, heldBack }, findings];
    }
    for (const match of complete) heldBack = enqueue(heldBack, match, byStart);
    while (heldBack.length > 0 && (open.length === 0 || byStart(heldBack[0]!, open[0]!) <= 0)) {
      const [match, rest] = dequeue(heldBack, byStart);
      const skipped = skippedBy(this.#what.skip, match.rows);
      open = without(open, skipped, byStart);
      heldBack = without(rest, skipped, byStart);
      found(match);
    }
    return [{ open, heldBack }, findings];
  }
}

/** Compares attempts by their first row. The start is last. */
function byStart<R extends OfferedRow>(a: Attempt<R>, b: Attempt<R>): number {
  const [x, y] = [a.rows[0]?.row, b.rows[0]?.row];
  if (x === undefined || y === undefined) return (x === undefined ? 1 : 0) - (y === undefined ? 1 : 0);
  return x.time - y.time || x.position - y.position;
}

/**
 * Returns the edges that take or skip the row, with their source states. If several states can be
 * reached by steps, the last one is tried first.
 */
function openEdges(state: State, holds: (variable: string) => boolean): [State, Edge][] {
  const edges: [State, Edge][] = [];
  const states = [state];
  for (let from = states.pop(); from !== undefined; from = states.pop()) {
    for (const edge of from.edges.filter(({ when }) => when(holds))) {
      if (edge.does === 'step') states.push(edge.to);
      else edges.push([from, edge]);
    }
  }
  return edges;
}

/** Returns the complete state if it can be reached without another row. */
function completeAfter(state: State, holds: (variable: string) => boolean): State | null {
  const states = [state];
  for (let from = states.pop(); from !== undefined; from = states.pop()) {
    for (const { does, to, when } of from.edges) {
      if (does !== 'step' || !when(holds)) continue;
      if (to.kind === 'complete') return to;
      states.push(to);
    }
  }
  return null;
}

/**
 * Thrown if AFTER MATCH names no row to continue from (always in SQL, optional in the CEP library).
 */
export class SkipMiss extends Error {}

function skippedBy<R extends OfferedRow>(
  skip: SkipStrategy,
  match: readonly BoundRow<R>[],
): (attempt: Attempt<R>) => boolean {
  const order = (row: R, limit: R) => row.time - limit.time || row.position - limit.position;
  const startsUpTo = (limit: R) => (attempt: Attempt<R>) =>
    attempt.rows.length > 0 && order(attempt.rows[0]!.row, limit) <= 0;
  const startsBefore = (limit: R) => (attempt: Attempt<R>) =>
    attempt.rows.length > 0 && order(attempt.rows[0]!.row, limit) < 0;
  switch (skip.kind) {
    case 'no-skip':
      return () => false;
    case 'to-next-row':
      return startsUpTo(match[0]!.row);
    case 'past-last-row':
      return startsUpTo(match.at(-1)!.row);
    case 'to-first':
    case 'to-last': {
      const rows = match.filter(({ variable }) => variable === skip.variable);
      const target = skip.kind === 'to-first' ? rows[0] : rows.at(-1);
      if (skip.failOnMiss && (target === undefined || target.row === match[0]!.row)) throw new SkipMiss(skip.variable);
      return target === undefined ? () => false : startsBefore(target.row);
    }
  }
}
