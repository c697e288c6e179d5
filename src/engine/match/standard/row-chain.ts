import type { PartitionRow } from './partition-row.ts';

/**
 * The rows of an attempt that one set of variables took, newest first: what conditions read instead of walking the whole path. Equal chains are one
 * object: a chain is only made by `extend`, which returns the same object for the same row. So threads compare chains by identity.
 */
export class RowChain {
  readonly id: number;
  readonly row: PartitionRow | null;
  /** The variable that took the row; -1 where the chain does not tell. */
  readonly variable: number;
  readonly previous: RowChain | null;
  readonly length: number;
  /** The first rows, as many as conditions read by FIRST. */
  readonly firsts: readonly RowChain[];
  #extensions: RowChain[] | null = null;

  constructor(id: number, previous: RowChain | null, row: PartitionRow | null, variable: number, firsts: number) {
    this.id = id;
    this.row = row;
    this.variable = variable;
    this.previous = previous;
    this.length = previous === null ? 0 : previous.length + 1;
    if (previous === null) this.firsts = [];
    else this.firsts = previous.firsts.length < firsts ? [...previous.firsts, this] : previous.firsts;
  }

  /** The chain with one more row. `nextId` numbers chains. */
  extend(row: PartitionRow, variable: number, firsts: number, nextId: () => number): RowChain {
    if (this.#extensions?.[0]?.row !== row) this.#extensions = null;
    const known = this.#extensions?.find((each) => each.variable === variable);
    if (known !== undefined) return known;
    const made = new RowChain(nextId(), this, row, variable, firsts);
    this.#extensions ??= [];
    this.#extensions.push(made);
    return made;
  }

  /** The link with `skip` rows after it; null when there are not so many. */
  back(skip: number): RowChain | null {
    if (skip >= this.length) return null;
    let link: RowChain = this;
    for (let i = skip; i > 0; i--) link = link.previous!;
    return link;
  }
}
