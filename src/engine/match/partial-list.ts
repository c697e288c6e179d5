import type { PartialIndex } from './partial-index.ts';
import type { PartialMatch } from './partial-match.ts';

/** Number of holes, in addition to the number of entries, after which the list is compacted. */
const HOLES = 32;
/** An empty array that is never changed. */
const NOTHING: (PartialMatch | null)[] = [];

/**
 * The partial matches of a key by first row; those with the same first row in the order of their
 * creation. Flink keeps them in a priority queue, but always reads and refills it in this order: a
 * new start comes last, and successors take the position of their predecessor. So a list is
 * sufficient. Removing an entry has constant cost: its position stays empty until there are many
 * holes.
 */
export class PartialList {
  /** Without empty places. */
  length = 0;
  /** Index of entries by captured values; created when there are enough entries. */
  index: PartialIndex | null = null;
  #places: (PartialMatch | null)[] = NOTHING;
  /** First position that may be in use. */
  #head = 0;

  /** Returns the partial match with the earliest start. */
  get first(): PartialMatch | null {
    return this.length === 0 ? null : this.#places[this.#head]!;
  }

  /** The first position. Some positions from `begin` to `end` are empty. */
  get begin(): number {
    return this.#head;
  }
  get end(): number {
    return this.#places.length;
  }
  at(place: number): PartialMatch | null {
    return this.#places[place]!;
  }

  /** Adds an entry at the end. */
  push(partial: PartialMatch): void {
    partial.place = this.#places.length;
    // An array created with its first element has no spare capacity: most keys have one partial
    // match.
    if (partial.place === 0) this.#places = [partial];
    else this.#places.push(partial);
    this.length++;
    this.index?.add(partial);
  }

  remove(partial: PartialMatch): void {
    const place = partial.place!;
    this.index?.delete(partial);
    this.#places[place] = null;
    this.length--;
    while (this.#head < this.#places.length && this.#places[this.#head] === null) this.#head++;
    if (this.#places.length > this.length * 2 + HOLES) this.#moveTogether();
  }

  /** Replaces an entry by its successor. */
  replace(partial: PartialMatch, successor: PartialMatch): void {
    this.index?.delete(partial);
    successor.place = partial.place!;
    this.#places[successor.place] = successor;
    this.index?.add(successor);
  }

  /** Replaces an entry by several successors. All later entries move. */
  spread(partial: PartialMatch, successors: readonly PartialMatch[]): void {
    const partials: PartialMatch[] = [];
    for (const each of this) {
      if (each !== partial) partials.push(each);
      else for (const successor of successors) partials.push(successor);
    }
    this.index?.delete(partial);
    for (const successor of successors) this.index?.add(successor);
    this.#place(partials);
  }

  /** Replaces the contents. `partials` is in order. */
  fill(partials: PartialMatch[]): void {
    this.index = null;
    this.#place(partials);
  }

  #place(partials: PartialMatch[]): void {
    this.#places = partials;
    this.#head = 0;
    this.length = partials.length;
    for (let place = 0; place < partials.length; place++) partials[place]!.place = place;
  }

  /**
   * Removes and returns the partial matches whose first row is before the given row (`inclusive`:
   * or is this row).
   */
  removeStartedBy(time: number, sequence: number, inclusive: boolean): readonly PartialMatch[] {
    const removed: PartialMatch[] = [];
    for (let first = this.first; first !== null; first = this.first) {
      const order = first.start!.time - time || first.start!.sequence - sequence;
      if (order > 0 || (order === 0 && !inclusive)) break;
      this.remove(first);
      removed.push(first);
    }
    return removed;
  }

  #moveTogether(): void {
    const places = this.#places;
    let kept = 0;
    for (let place = this.#head; place < places.length; place++) {
      const partial = places[place]!;
      if (partial === null) continue;
      partial.place = kept;
      places[kept++] = partial;
    }
    places.length = kept;
    this.#head = 0;
  }

  *[Symbol.iterator](): Generator<PartialMatch, void> {
    for (let place = this.#head; place < this.#places.length; place++) {
      const partial = this.#places[place]!;
      if (partial !== null) yield partial;
    }
  }
}
