import type { PartialIndex } from './partial-index.ts';
import type { PartialMatch } from './partial-match.ts';

/** Holes beyond the number of entries before the list moves together. */
const HOLES = 32;
/** Never written to. */
const NOTHING: (PartialMatch | null)[] = [];

/**
 * The partial matches of a key, by their first row, those of one first row in the order in which
 * they arose. Flink keeps them in a priority queue; but what it goes through and fills anew is
 * always in this order, since a new start comes last and successors stand in the place of what they
 * came from. So a list will do, from which entries can be taken at any place at no cost that grows
 * with it: a place that is left empty stays until there are many.
 */
export class PartialList {
  /** Without empty places. */
  length = 0;
  /** Where entries are found by captured values; made when it is worth it. */
  index: PartialIndex | null = null;
  #places: (PartialMatch | null)[] = NOTHING;
  /** First place that may be taken. */
  #head = 0;

  /** The one with the earliest start. */
  get first(): PartialMatch | null {
    return this.length === 0 ? null : this.#places[this.#head]!;
  }

  /** Places from `begin` to `end`; some are empty. */
  get begin(): number {
    return this.#head;
  }
  get end(): number {
    return this.#places.length;
  }
  at(place: number): PartialMatch | null {
    return this.#places[place]!;
  }

  /** At the end. */
  push(partial: PartialMatch): void {
    partial.place = this.#places.length;
    // An array made by its first element has no room to spare: most keys have one partial match.
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

  /** A successor in the place of what it came from. */
  replace(partial: PartialMatch, successor: PartialMatch): void {
    this.index?.delete(partial);
    successor.place = partial.place!;
    this.#places[successor.place] = successor;
    this.index?.add(successor);
  }

  /** Several successors in the place of what they came from: all after them move. */
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

  /** Other contents, in order. */
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

  /** Removes those whose first row is before (`inclusive`: or is) the given one; returns them. */
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
