import { invariant } from '../../../core/invariant.ts';
import type { KeptRow, PathNode } from '../partial-match.ts';
import { PathNodes } from './path-nodes.ts';
import { type PathSet, walkParts } from './path-set.ts';
import { placeAfter, type Starts } from './starts.ts';

/**
 * Reads single paths of path sets. The paths of successive starts have most rows in common, so the
 * reader keeps the parts of the last path and reuses those that the next path shares.
 */
export class PathReader {
  readonly #nodes: PathNodes;
  /** The parts of the last path, from the first single part on. */
  readonly #way: PathSet[] = [];
  /**
   * The places in `#way` of sets with some of the starts of another set. The parts after them may
   * have a start whose path takes another way.
   */
  readonly #limits: number[] = [];
  /** By part of `#way`: the number of nodes before it. */
  readonly #nodesBefore: number[] = [];
  /** The array searched last for the current start, and the place of the start in it. */
  #searched: KeptRow[] | null = null;
  #place = 0;
  #start: KeptRow | null = null;

  readonly #setsLengths: boolean;

  /**
   * `variables`: the number of variables of the automaton. `setsLengths`: each node has its length,
   * not only the newest one.
   */
  constructor(variables: number, setsLengths: boolean) {
    this.#nodes = new PathNodes(variables);
    this.#setsLengths = setsLengths;
  }

  /**
   * Returns the path number `ordinal` of those that begin with `start`. The result is valid until
   * the next call.
   */
  path(set: PathSet, start: KeptRow, ordinal: number): PathNode {
    this.#from(start);
    const nodes = this.#nodes;
    const single = this.#toSingle(set, ordinal);
    // The parts of the last path are reused if it reached the same single part by the same nodes.
    const isSame = this.#way[0] === single && this.#nodesBefore[0] === nodes.matched && nodes.count > nodes.matched;
    if (!isSame) this.#way.length = 0;
    this.#limitWay();
    while (this.#way.length > 0 && !this.#has(this.#way.at(-1)!.starts)) this.#way.pop();
    this.#nodesBefore.length = this.#way.length;
    while (this.#limits.length > 0 && this.#limits.at(-1)! >= this.#way.length - 1) this.#limits.pop();
    let part: PathSet | null = this.#way.pop() ?? single;
    nodes.cut(this.#nodesBefore.pop() ?? nodes.matched);
    while (part !== null) {
      this.#way.push(part);
      this.#nodesBefore.push(nodes.count);
      if (part.row === null && part.second === null) this.#limits.push(this.#way.length - 1);
      if (part.row === null) part = this.#has(part.first!.starts) ? part.first : part.second;
      else {
        nodes.add(part.row, part.variable);
        part = part.first;
      }
    }
    if (this.#setsLengths) nodes.setLengths();
    return nodes.finish(start);
  }

  /** Cuts the way at the first set that has some starts of another set, but not the current one. */
  #limitWay(): void {
    const limits = this.#limits;
    while (limits.length > 0 && limits.at(-1)! >= this.#way.length) limits.pop();
    const at = limits.findIndex((place) => !this.#has(this.#way[place]!.starts));
    if (at < 0) return;
    this.#way.length = limits[at]!;
    limits.length = at;
  }

  /**
   * Finds the first single part of the path. Passes each row before that part to `PathNodes.match`.
   */
  #toSingle(set: PathSet, ordinal: number): PathSet {
    const nodes = this.#nodes;
    nodes.rewind();
    let left = ordinal;
    let part = set;
    while (!part.single) {
      if (part.row !== null) {
        nodes.match(part.row, part.variable);
        part = part.first!;
        continue;
      }
      const inFirst = this.#count(part.first!);
      if (left < inFirst) part = part.first!;
      else {
        left -= inFirst;
        part = part.second!;
      }
    }
    invariant(left === 0 && this.#has(part.starts), 'a path set has the path');
    return part;
  }

  /** Returns whether a path begins with `start`. */
  has(set: PathSet, start: KeptRow): boolean {
    this.#from(start);
    return this.#has(set.starts);
  }

  /** Returns the number of paths that begin with `start`. */
  count(set: PathSet, start: KeptRow): number {
    this.#from(start);
    return this.#count(set);
  }

  /** Releases the rows. */
  release(): void {
    this.#nodes.release();
    this.#way.length = 0;
    this.#limits.length = 0;
    this.#nodesBefore.length = 0;
    this.#searched = null;
    this.#start = null;
  }

  #from(start: KeptRow): void {
    if (this.#start === start) return;
    this.#start = start;
    this.#searched = null;
  }

  #count(set: PathSet): number {
    if (!this.#has(set.starts)) return 0;
    if (set.single) return 1;
    const counts = new Map<PathSet, number>();
    const countOf = (part: PathSet | null): number => (part === null ? 0 : counts.get(part)!);
    const isLeaf = (part: PathSet): boolean => part.single || !this.#has(part.starts);
    walkParts(
      [set],
      (part) => {
        const count = isLeaf(part) ? Number(this.#has(part.starts)) : countOf(part.first) + countOf(part.second);
        counts.set(part, count);
      },
      (part) => !isLeaf(part),
    );
    return counts.get(set)!;
  }

  #has({ rows, from, end }: Starts): boolean {
    if (rows !== this.#searched) {
      const { sequence } = this.#start!;
      const upTo = placeAfter({ rows, from: 0, end: rows.length }, sequence);
      this.#searched = rows;
      this.#place = upTo > 0 && rows[upTo - 1]!.sequence === sequence ? upTo - 1 : rows.length;
    }
    return this.#place >= from && this.#place < end;
  }
}
