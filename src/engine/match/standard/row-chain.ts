import type { ChainRead, ChainSpec } from './condition-reads.ts';
import { mergeKey } from './merge-keys.ts';
import type { PartitionRow } from './partition-row.ts';

/**
 * The rows of an attempt that one set of variables took, newest first. Conditions read the chain
 * instead of the whole path. Only `extend` creates chains, and it returns the same object for the
 * same row. Two chains have the same `id` if conditions read equal values of their rows, in the
 * same order.
 */
export class RowChain {
  readonly id: number;
  readonly row: PartitionRow | null;
  /** The variable that took the row; -1 if the chain is not labelled. */
  readonly variable: number;
  readonly previous: RowChain | null;
  readonly length: number;
  /** The values that conditions read of the row, as text. */
  readonly text: string;
  /** The first rows, up to the number that conditions read with FIRST. */
  readonly firsts: readonly RowChain[];
  #extensions: RowChain[] | null = null;
  /**
   * By the id of the previous chain and the text of the row: the id. All chains of an attempt with
   * the same set of variables share the map.
   */
  readonly #ids: Map<string, number>;

  private constructor(
    id: number,
    ids: Map<string, number>,
    previous: RowChain | null,
    row: PartitionRow | null,
    variable: number,
    text: string,
    firsts: number,
  ) {
    this.id = id;
    this.#ids = ids;
    this.text = text;
    this.row = row;
    this.variable = variable;
    this.previous = previous;
    this.length = previous === null ? 0 : previous.length + 1;
    if (previous === null) this.firsts = [];
    else this.firsts = previous.firsts.length < firsts ? [...previous.firsts, this] : previous.firsts;
  }

  static empty(id: number): RowChain {
    return new RowChain(id, new Map(), null, null, -1, '', 0);
  }

  /** Returns the chain with one more row. `nextId` returns a new id. */
  extend(row: PartitionRow, variable: number, spec: ChainSpec, nextId: () => number): RowChain {
    if (this.#extensions?.[0]?.row !== row) this.#extensions = null;
    const known = this.#extensions?.find((each) => each.variable === variable);
    if (known !== undefined) return known;
    const text = textOf(spec, row, variable);
    const made = new RowChain(this.#idOf(text, spec, nextId), this.#ids, this, row, variable, text, spec.firsts);
    this.#extensions ??= [];
    this.#extensions.push(made);
    return made;
  }

  #idOf(text: string, spec: ChainSpec, nextId: () => number): number {
    if (!spec.whole) return 0;
    const name = `${this.id} ${text}`;
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = nextId();
      this.#ids.set(name, id);
    }
    return id;
  }

  /** Returns the link with `skip` rows after it; null if the chain is too short. */
  back(skip: number): RowChain | null {
    if (skip >= this.length) return null;
    let link: RowChain = this;
    for (let i = skip; i > 0; i--) link = link.previous!;
    return link;
  }
}

/** Returns equal texts for rows of which conditions read equal values. */
function textOf({ places }: ChainSpec, row: PartitionRow, variable: number): string {
  let text = variable < 0 ? '' : `${variable}:`;
  if (places === null) return `${text}#${row.sequence},`;
  for (const place of places) text += valueText(row, place);
  return `${text},`;
}

function valueText(row: PartitionRow, place: number): string {
  const value = row.values[place];
  switch (typeof value) {
    case 'string':
      return `${value.length}'${value}`;
    case 'number':
    case 'bigint':
    case 'boolean':
      return `${value};`;
    default:
      return value === null ? '-' : `#${row.sequence}`;
  }
}

/** The chains of a thread, one for each set of variables that conditions read. */
export class ThreadChains {
  readonly links: readonly RowChain[];
  readonly #keys = new Map<readonly ChainRead[], string>();

  constructor(links: readonly RowChain[]) {
    this.links = links;
  }

  /**
   * Returns the chains after the thread took a row; the same object if no chain contains the row.
   */
  extend(specs: readonly ChainSpec[], row: PartitionRow, variable: number, nextId: () => number): ThreadChains {
    if (!specs.some(({ members }) => members[variable] === 1)) return this;
    return new ThreadChains(
      specs.map((spec, i) => {
        const link = this.links[i]!;
        return spec.members[variable] === 1 ? link.extend(row, spec.labelled ? variable : -1, spec, nextId) : link;
      }),
    );
  }

  /** Returns the values of the reads for these chains, as text. */
  keyOf(reads: readonly ChainRead[]): string {
    let key = this.#keys.get(reads);
    if (key === undefined) {
      key = mergeKey(reads, this.links);
      this.#keys.set(reads, key);
    }
    return key;
  }
}
