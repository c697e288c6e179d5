import type { FoundMatches } from '../matcher.ts';
import type { KeptRow, PathNode } from '../partial-match.ts';
import { type CompiledSkip, skipTarget } from '../skip-strategy.ts';
import { offer, poll, removeStartedBy } from '../start-order-heap.ts';
import { PathReader } from './path-reader.ts';
import type { PathSet } from './path-set.ts';
import { firstStart } from './shared-matcher.ts';
import type { HeldMatch, SharedKeyState } from './shared-state.ts';
import { placeAfter } from './starts.ts';

/**
 * Up to this number, each match that a row completes is an entry of its own in the heap. So the
 * order of matches with the same start is Flink's, which follows from the steps of its heap. Above
 * this number, one entry contains all matches with the same start, in the order in which their
 * partial matches were created.
 */
const ENTRIES_MAX = 20_000;

/** Emits complete matches in the order of their starts, and applies AFTER MATCH. */
export class HeldMatches {
  /** After `add`: by how much the number of held-back matches changed. */
  change = 0;
  /** After `add`: the sequence up to which AFTER MATCH drops starts; -1: none. */
  skippedTo = -1;
  readonly #skip: CompiledSkip;
  readonly #reader: PathReader;

  /** `variables`: the number of variables of the automaton. `allRows`: results show each row. */
  constructor(skip: CompiledSkip, variables: number, allRows: boolean) {
    this.#skip = skip;
    this.#reader = new PathReader(variables, allRows);
  }

  /**
   * Adds the matches that a row completes, in the order of the states from which they come. Emits
   * all matches that no earlier start holds back.
   */
  add(complete: readonly { paths: PathSet; count: number }[], state: SharedKeyState, found: FoundMatches): void {
    const { completed } = state;
    const before = completed.length;
    this.change = 0;
    this.skippedTo = -1;
    if (complete.length > 0) this.#offerAll(complete, state.after, completed);
    if (completed.length === 0) return;
    while (completed.length > 0) {
      const earliest = completed[0]!;
      const first = this.#skip.kind === 'no-skip' ? null : this.#firstOpen(state);
      if (first !== null && earliest.start.sequence > first.sequence) break;
      const { start, paths, ordinal, more } = poll(completed);
      const path = this.#reader.path(paths, start, ordinal);
      const target = this.#prune(path, completed);
      if (more && start.sequence > target && this.#reader.count(paths, start) > ordinal + 1) {
        offer(completed, { start, paths, ordinal: ordinal + 1, more });
      }
      found.match(path);
    }
    this.#reader.release();
    this.change = completed.length - before;
  }

  #firstOpen(state: SharedKeyState): KeptRow | null {
    return firstStart(this.skippedTo > state.after ? { ...state, after: this.skippedTo } : state);
  }

  #offerAll(complete: readonly { paths: PathSet; count: number }[], after: number, completed: HeldMatch[]): void {
    let count = 0;
    for (const each of complete) count += each.count;
    const separate = count <= ENTRIES_MAX;
    for (const start of startsOf(complete, after)) {
      for (const { paths } of complete) {
        const entries = separate ? this.#reader.count(paths, start) : Number(this.#reader.has(paths, start));
        for (let ordinal = 0; ordinal < entries; ordinal++)
          offer(completed, { start, paths, ordinal, more: !separate });
      }
    }
  }

  /**
   * Applies AFTER MATCH to the held-back matches. Returns the sequence up to which it drops starts;
   * -1: it drops none.
   */
  #prune(path: PathNode, completed: HeldMatch[]): number {
    const skip = this.#skip;
    if (skip.kind === 'no-skip') return -1;
    const target = skipTarget(skip, path);
    if (target === null) return -1;
    const inclusive = skip.kind === 'to-next-row' || skip.kind === 'past-last-row';
    removeStartedBy(completed, target.time, target.sequence, inclusive);
    const upTo = inclusive ? target.sequence : target.sequence - 1;
    this.skippedTo = Math.max(this.skippedTo, upTo);
    return upTo;
  }
}

/** Returns the starts of all sets after a sequence, each once, in order. */
function startsOf(sets: readonly { paths: PathSet }[], after: number): readonly KeptRow[] {
  const lists = sets.map(({ paths: { starts } }) => starts.rows.slice(placeAfter(starts, after), starts.end));
  if (lists.length === 1) return lists[0]!;
  const all = lists.flat().sort((a, b) => a.sequence - b.sequence);
  return all.filter((row, i) => i === 0 || row.sequence !== all[i - 1]!.sequence);
}
