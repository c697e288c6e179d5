import type { MatchObserver, ObservedPattern } from '../match-observer.ts';
import type { RowUnderTest } from '../matcher.ts';
import type { KeptRow, PartialMatch, PathNode } from '../partial-match.ts';
import { AttemptList, shown } from './attempt-list.ts';
import type { MatchExplanation, ShownRow, WayEnd } from './match-explanation.ts';
import { forbiddenBy, letsRowsPass, variablesWaitedFor, wantedOf } from './ways-on.ts';

/**
 * Records the result of each attempt of one key. An attempt contains all partial matches that begin
 * with the same row. Rows and attempts outside `from` to `to` (inclusive milliseconds) are matched
 * but not recorded.
 */
export class AttemptLog implements MatchObserver {
  readonly #list: AttemptList;
  #observed: ObservedPattern | null = null;
  /** The open partial matches, in the order of their creation. */
  readonly #open = new Set<PartialMatch>();
  /**
   * Complete matches that were not emitted yet, with the time when they were complete and the
   * earliest open start at that time.
   */
  readonly #waiting = new Map<
    PathNode,
    { readonly match: PartialMatch; readonly at: number; heldBy: KeptRow | null }
  >();
  readonly #numbers = new Map<PathNode, number>();
  #rows = 0;
  /** The number of matches that the current partial match has completed. */
  #completedNow = 0;
  #time = Number.NEGATIVE_INFINITY;

  constructor(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) {
    this.#list = new AttemptList(from, to);
  }

  open(observed: ObservedPattern): void {
    this.#observed = observed;
  }

  /** Returns whether a pattern was observed. */
  get opened(): boolean {
    return this.#observed !== null;
  }

  late(read: (column: number) => unknown, time: number, watermark: number): void {
    if (this.#list.asks(time)) this.#list.late({ time, values: this.#observed!.columns.map(read), watermark });
  }

  row(row: RowUnderTest): void {
    this.#recordHolders();
    this.#time = row.time;
    this.#rows++;
    this.#completedNow = 0;
  }

  tried(partial: PartialMatch, row: RowUnderTest, successors: readonly PartialMatch[], stopped: boolean): void {
    const nothing = successors.length === 0 && this.#completedNow === 0;
    this.#completedNow = 0;
    if (partial.start === null) {
      if (nothing && !stopped) this.#beganNothing(partial, row);
    } else if (stopped) this.#close(partial, this.#forbidden(partial, row));
    else if (nothing) this.#close(partial, this.#ended(partial, row));
    if (stopped || !successors.includes(partial)) this.#open.delete(partial);
    if (!stopped) for (const successor of successors) this.#open.add(successor);
  }

  completed(match: PartialMatch): void {
    this.#completedNow++;
    this.#waiting.set(match.path!, { match, at: this.#time, heldBy: null });
  }

  time(time: number): void {
    this.#recordHolders();
    this.#time = time;
  }

  expired(partial: PartialMatch, time: number): void {
    this.#open.delete(partial);
    if (partial.state.role === 'pending') {
      this.#waiting.set(partial.path!, { match: partial, at: time, heldBy: null });
      return;
    }
    this.#close(partial, { kind: 'expired', time, waitedFor: this.#waitedFor(partial) });
  }

  matched(path: PathNode, time = this.#time): void {
    const waiting = this.#waiting.get(path)!;
    this.#waiting.delete(path);
    const number = this.#numbers.size + 1;
    this.#numbers.set(path, number);
    const { heldBy } = waiting;
    const end: WayEnd = {
      kind: 'match',
      number,
      time,
      completeAt: waiting.at,
      heldBy: heldBy === null ? null : shown(heldBy),
    };
    this.#close(waiting.match, end);
  }

  skipped(dropped: readonly PartialMatch[], by: PathNode): void {
    const match = this.#numbers.get(by)!;
    for (const partial of dropped) {
      const complete = this.#waiting.delete(partial.path!);
      this.#open.delete(partial);
      this.#close(partial, { kind: 'skipped', match, complete });
    }
  }

  explanation(name: string): MatchExplanation {
    const { node, nfa, input, columns, probe } = this.#observed!;
    this.#recordHolders();
    for (const partial of this.#open) this.#close(partial, this.#stillOpen(partial));
    for (const { match, at, heldBy } of this.#waiting.values()) {
      this.#close(match, { kind: 'held-back', completeAt: at, heldBy: heldBy === null ? null : shown(heldBy) });
    }
    const variables = nfa.variables.map((variable, i) => ({ name: variable, condition: probe.textOf(i) }));
    return {
      name,
      fields: columns.map((column) => input[column]!),
      variables,
      withinMs: node.within?.ms ?? null,
      rows: this.#rows,
      ...this.#list.explained(nfa.variables),
    };
  }

  #beganNothing(start: PartialMatch, row: RowUnderTest): void {
    if (!this.#list.asks(row.time)) return;
    const { nfa, probe } = this.#observed!;
    this.#list.notBegun(shownNow(row), () => wantedOf(start.state, null, row, nfa, probe));
  }

  #ended(partial: PartialMatch, row: RowUnderTest): WayEnd {
    const { nfa, probe } = this.#observed!;
    const { state, path } = partial;
    const wanted = wantedOf(state, path, row, nfa, probe);
    return { kind: 'ended', row: shownNow(row), wanted, strict: !letsRowsPass(state) };
  }

  #forbidden(partial: PartialMatch, row: RowUnderTest): WayEnd {
    const variables = forbiddenBy(partial.state, partial.path, row, this.#observed!.nfa);
    return { kind: 'forbidden', row: shownNow(row), variables };
  }

  #stillOpen(partial: PartialMatch): WayEnd {
    const { within } = this.#observed!.node;
    const pending = partial.state.role === 'pending' && within !== null;
    const from = within?.type === 'first-and-last' ? partial.start! : partial.path!.row;
    return {
      kind: 'open',
      waitsFor: this.#waitedFor(partial),
      absenceUntil: pending ? from.time + within.ms : null,
    };
  }

  #waitedFor(partial: PartialMatch): string[] {
    return variablesWaitedFor(partial.state, this.#observed!.nfa);
  }

  /**
   * Records why complete matches wait. A complete match that was not emitted by the end of a row
   * waits for the earliest open start.
   */
  #recordHolders(): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.heldBy !== null) continue;
      for (const { start } of this.#open) {
        const earlier = start!.time - waiting.match.start!.time || start!.sequence - waiting.match.start!.sequence;
        if (earlier < 0 && (waiting.heldBy === null || start!.time < waiting.heldBy.time)) waiting.heldBy = start;
      }
    }
  }

  /** Records the end of a partial match. */
  #close(partial: PartialMatch, end: WayEnd): void {
    this.#list.close(partial.start!, partial.path, end);
  }
}

const shownNow = (row: RowUnderTest): ShownRow => ({ time: row.time, values: row.keep() });
