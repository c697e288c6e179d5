import { readsMatchNumber } from '../../../plan/match-reach.ts';
import type { Nfa, NfaState } from '../../../plan/nfa/nfa.ts';
import { rowMovesOf, sameMoves } from '../../../plan/nfa/row-moves.ts';
import { alwaysTrue, automatonOf } from '../automaton-of.ts';
import { newKeyState } from '../nfa-matcher.ts';
import { OpenCounts } from '../open-counts.ts';
import type { KeptRow, MatchKeyState, PartialMatch, PathNode } from '../partial-match.ts';
import { offer } from '../start-order-heap.ts';
import { unreadVariables } from '../unread-variables.ts';
import { type AutomatonMap, automatonMap, statesAfterTaking } from './automaton-map.ts';
import type { DropCount } from './carry-report.ts';
import { type PatternVersion, placesOfSame } from './pattern-version.ts';
import { rowReads } from './row-reads.ts';

/**
 * Converts the state of a key from one version of a pattern to another.
 */
export class KeyStateConversion {
  readonly before: Nfa;
  readonly after: Nfa;
  /** The counts of the converted partial matches. */
  readonly open: OpenCounts;
  partialMatches = 0;
  readonly #drops: DropCount;
  readonly #map: AutomatonMap;
  /** By kept column: its old place, or -1. */
  readonly #places: Int32Array;
  /** By new variable: the required columns that its rows do not have; null: none. */
  readonly #missing: readonly (string | null)[];
  /** By old state: why its partial matches may lack rows; null: they have all rows. */
  readonly #untraced: readonly (string | null)[];
  readonly #numbersMatches: boolean;
  readonly #holdsBack: boolean;
  /** The converted rows of the current key. */
  readonly #rows = new Map<KeptRow, KeptRow>();
  readonly #paths = new Map<PathNode, PathNode>();

  constructor(before: PatternVersion, after: PatternVersion, drops: DropCount) {
    this.before = automatonOf(before.node);
    this.after = automatonOf(after.node);
    this.open = new OpenCounts(this.after);
    this.#drops = drops;
    const unread = unreadVariables(before.node, this.before);
    this.#map = automatonMap(this.before, this.after, unread);
    this.#places = placesOfSame(after, after.kept, before, before.kept);
    const lacking = new Set(after.kept.filter((_, i) => this.#places[i]! < 0));
    this.#missing = rowReads(after.node, this.after).map((columns) => {
      const names = [...columns].flatMap((column) => (lacking.has(column) ? [after.fields[column]!.name] : []));
      return names.length === 0 ? null : names.join(', ');
    });
    const stillUnread = unreadVariables(after.node, this.after);
    const nowRead = unread.filter((name) => this.after.variables.includes(name) && !stillUnread.includes(name));
    this.#untraced = untracedIn(this.before, alwaysTrue(before.node, this.before), nowRead);
    this.#numbersMatches = readsMatchNumber(after.node.measures);
    this.#holdsBack = after.node.skip.kind !== 'no-skip';
  }

  /** Converts a state. Null: nothing remains. The old state must not be used afterwards. */
  convert(from: MatchKeyState): MatchKeyState | null {
    this.#rows.clear();
    this.#paths.clear();
    const state = newKeyState();
    state.nextSequence = from.nextSequence;
    state.matches = this.#numbersMatches ? from.matches : 0;
    state.begins = this.#map.same ? from.begins : true;
    state.exactDeadline = from.exactDeadline;
    state.cleanupDeadline = from.cleanupDeadline;
    state.partial.fill(this.#convertOpen([...from.partial]));
    state.completed = this.#convertHeld(from.completed);
    for (const partial of state.partial) this.open.born(partial);
    this.partialMatches += state.partial.length;
    this.open.held += state.completed.length;
    const empty = state.partial.length + state.completed.length + state.matches === 0 && state.begins;
    return empty ? null : state;
  }

  #convertOpen(partials: readonly PartialMatch[]): PartialMatch[] {
    const converted: PartialMatch[] = [];
    const seen = new Set<string>();
    for (const partial of partials) {
      const place = this.#map.stateFor(partial.state, partial.path!);
      const why =
        typeof place === 'string' ? place : (this.#untraced[partial.state.index] ?? this.#lacks(partial.path!));
      if (why !== null) {
        this.#drops.add('partial matches', partial.state.name, why);
        continue;
      }
      const state = place as NfaState;
      const path = this.#convertPath(partial.path!);
      // Two old partial matches may become the same one, which would match twice.
      if (!this.#map.same && repeats(seen, state, path)) {
        this.#drops.add('partial matches', partial.state.name, 'another partial match has the same rows');
        continue;
      }
      converted.push({ state, path, start: this.#convertRow(partial.start!), place: 0 });
    }
    return converted;
  }

  #convertHeld(completed: readonly PartialMatch[]): PartialMatch[] {
    const final = this.after.states.find(({ role }) => role === 'final')!;
    const converted: PartialMatch[] = [];
    let dropped = false;
    for (const { state, path, start } of completed) {
      const why = this.#whyNotHeld(state, path!);
      if (why !== null) {
        this.#drops.add('held-back matches', null, why);
        dropped = true;
      } else
        converted.push({ state: final, path: this.#convertPath(path!), start: this.#convertRow(start!), place: 0 });
    }
    if (!dropped) return converted;
    const heap: PartialMatch[] = [];
    for (const match of converted) offer(heap, match);
    return heap;
  }

  #whyNotHeld(state: NfaState, path: PathNode): string | null {
    if (!this.#holdsBack) return 'the new AFTER MATCH clause holds no match back';
    for (let node: PathNode | null = path; node !== null; node = node.previous) {
      if (this.#map.variables[node.variable]! < 0) return 'a variable of theirs is gone';
    }
    return this.#untraced[state.index] ?? this.#lacks(path);
  }

  /** Returns the required columns that the rows of a path do not have. */
  #lacks(path: PathNode): string | null {
    for (let node: PathNode | null = path; node !== null; node = node.previous) {
      const names = this.#missing[this.#map.variables[node.variable]!];
      if (names === null || names === undefined) continue;
      return `their rows lack columns of ${this.before.variables[node.variable]!} that are read now: ${names}`;
    }
    return null;
  }

  #convertPath(path: PathNode): PathNode {
    const way: PathNode[] = [];
    let node: PathNode | null = path;
    for (; node !== null && !this.#paths.has(node); node = node.previous) way.push(node);
    let previous = node === null ? null : this.#paths.get(node)!;
    for (let next = way.pop(); next !== undefined; next = way.pop()) {
      const { row, variable, length } = next;
      previous = { row: this.#convertRow(row), variable: this.#map.variables[variable]!, previous, length };
      this.#paths.set(next, previous);
    }
    return previous!;
  }

  #convertRow(row: KeptRow): KeptRow {
    let converted = this.#rows.get(row);
    if (converted === undefined) {
      const values = Array.from(this.#places, (place) => (place < 0 ? null : row.values[place]));
      converted = { time: row.time, sequence: row.sequence, values };
      this.#rows.set(row, converted);
    }
    return converted;
  }
}

/**
 * Returns for each state why its partial matches may lack rows of variables that nothing has read
 * so far.
 */
function untracedIn(nfa: Nfa, always: readonly string[], nowRead: readonly string[]): readonly (string | null)[] {
  if (nowRead.length === 0) return nfa.states.map(() => null);
  const passed = [...statesAfterTaking(nfa, nowRead)];
  const alwaysAt = new Set(always.map((name) => nfa.variables.indexOf(name)));
  const moves = nfa.states.map((state) => rowMovesOf(state, alwaysAt));
  const why = `rows of ${nowRead.join(', ')} were not kept, because nothing read them`;
  // The matcher merges states with the same moves.
  return nfa.states.map((state) =>
    passed.some((other) => other === state || sameMoves(moves[other.index]!, moves[state.index]!)) ? why : null,
  );
}

/** Returns whether a partial match with the same state, rows and variables was converted before. */
function repeats(seen: Set<string>, state: NfaState, path: PathNode): boolean {
  let key = `${state.index}`;
  for (let node: PathNode | null = path; node !== null; node = node.previous) {
    key += `,${node.row.sequence}:${node.variable}`;
  }
  if (seen.has(key)) return true;
  seen.add(key);
  return false;
}
