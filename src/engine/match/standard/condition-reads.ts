import type { Expression, MatchAggregate, MatchNavigation } from '../../../plan/expression.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import { physicalReach, readsClassifier, readsMatchNumber } from '../../../plan/match-reach.ts';
import { walk } from '../../../plan/walk-expression.ts';
import { columnsIn } from '../expression-columns.ts';

/** A set of variables. Threads keep a chain of the rows that these variables took. */
export interface ChainSpec {
  /** By variable: 1 for a member. */
  readonly members: Uint8Array;
  /** Whether the chain stores the variable that took a row. */
  readonly labelled: boolean;
  /** The number of first rows that conditions read. */
  firsts: number;
  /**
   * The places of the values that conditions read of its rows. Null: conditions also read
   * neighboring rows, so the row itself is compared.
   */
  places: readonly number[] | null;
  /** An aggregate reads all its rows. */
  whole: boolean;
}

/**
 * The reads of a condition from a chain: a number of first and last rows, their count, or all rows.
 */
export interface ChainRead {
  readonly chain: number;
  first: number;
  last: number;
  count: boolean;
  all: boolean;
}

/**
 * The reads of a pattern's conditions from the rows matched so far. Two threads at the same
 * instruction differ only in these reads.
 */
export interface ConditionReads {
  readonly chains: readonly ChainSpec[];
  /** By variable: what its condition reads. */
  readonly byVariable: readonly (readonly ChainRead[])[];
  /**
   * Conditions read this many rows back without a variable, so they may reach the start of the
   * match. +Infinity: no limit.
   */
  readonly distance: number;
  readonly matchNumber: boolean;
  /** The number of rows after the row under test that conditions read (NEXT). */
  readonly lookahead: number;
}

/**
 * Returns for each variable 1 if the name of a variable or subset includes its rows. All are 1 if
 * the name is null. A name that is not in the pattern has no rows.
 */
export function membersOf(
  name: string | null,
  variables: readonly string[],
  subsets: MatchNode['subsets'],
): Uint8Array {
  if (name === null) return new Uint8Array(variables.length).fill(1);
  const members = subsets.find((subset) => subset.name === name)?.members ?? [name];
  return Uint8Array.from(variables, (variable) => (members.includes(variable) ? 1 : 0));
}

/** Returns whether the aggregate is COUNT(*). It only needs the number of rows. */
export function isPlainCount({ call }: MatchAggregate): boolean {
  return call.function.toUpperCase() === 'COUNT' && call.args.length === 0 && call.filter === undefined;
}

export function conditionReads(
  variables: readonly string[],
  subsets: MatchNode['subsets'],
  define: MatchNode['define'],
  keptAt: Int32Array,
): ConditionReads {
  const collector = new ReadCollector(variables, subsets, keptAt);
  const conditions = variables.map((name) => define.find(({ variable }) => variable === name)?.condition ?? null);
  const byVariable = conditions.map((condition, variable) => collector.readsOf(condition, variable));
  const present = conditions.filter((condition) => condition !== null);
  return {
    chains: collector.chains,
    byVariable,
    distance: collector.distance,
    matchNumber: readsMatchNumber(present),
    lookahead: physicalReach(present).after,
  };
}

class ReadCollector {
  readonly chains: ChainSpec[] = [];
  distance = 0;
  readonly #variables: readonly string[];
  readonly #subsets: MatchNode['subsets'];
  readonly #keptAt: Int32Array;

  constructor(variables: readonly string[], subsets: MatchNode['subsets'], keptAt: Int32Array) {
    this.#variables = variables;
    this.#keptAt = keptAt;
    this.#subsets = subsets;
  }

  readsOf(condition: Expression | null, variable: number): ChainRead[] {
    const reads: ChainRead[] = [];
    if (condition === null) return reads;
    walk(condition, (part) => {
      if (part.kind === 'match-navigation') this.#navigation(part, variable, reads);
      else if (part.kind === 'match-aggregate') this.#aggregate(part, variable, reads);
    });
    return reads;
  }

  #navigation(node: MatchNavigation, variable: number, reads: ChainRead[]): void {
    const { offset, physical = 0, direction } = node;
    const labelled = readsClassifier(node.expression);
    if (node.variable === null) this.#reachBack(direction === 'last' ? offset : Number.POSITIVE_INFINITY);
    if (node.variable !== null || (labelled && physical === 0)) {
      const members = membersOf(node.variable, this.#variables, this.#subsets);
      const read = this.#read(members, labelled && physical === 0, reads);
      if (direction === 'first') read.first = Math.max(read.first, offset + 1);
      // The row under test is the last row of its variable.
      else read.last = Math.max(read.last, members[variable] === 1 ? offset : offset + 1);
      const chain = this.chains[read.chain]!;
      chain.firsts = Math.max(chain.firsts, read.first);
      if (physical !== 0) chain.places = null;
      else this.#readColumns(chain, [node.expression]);
    }
    if (labelled && physical !== 0) {
      // CLASSIFIER of a row at a distance from another row. It is among the last rows if the other
      // row is. Otherwise it may be any row.
      const read = this.#read(membersOf(null, this.#variables, this.#subsets), true, reads);
      if (node.variable === null && direction === 'last') read.last = Math.max(read.last, offset + Math.abs(physical));
      else this.#readWhole(read, []);
    }
  }

  #aggregate(node: MatchAggregate, _variable: number, reads: ChainRead[]): void {
    const { call } = node;
    const parts = [...call.args, ...(call.filter === undefined ? [] : [call.filter])];
    const labelled = parts.some(readsClassifier);
    if (node.variable === null) this.#reachBack(Number.POSITIVE_INFINITY);
    if (node.variable === null && !labelled) return;
    const read = this.#read(membersOf(node.variable, this.#variables, this.#subsets), labelled, reads);
    if (isPlainCount(node)) read.count = true;
    else this.#readWhole(read, parts);
  }

  #readWhole(read: ChainRead, expressions: readonly Expression[]): void {
    const chain = this.chains[read.chain]!;
    read.all = true;
    chain.whole = true;
    this.#readColumns(chain, expressions);
  }

  #readColumns(chain: ChainSpec, expressions: readonly Expression[]): void {
    if (chain.places === null) return;
    const places = expressions.flatMap(columnsIn).map((column) => this.#keptAt[column]!);
    chain.places = [...new Set([...chain.places, ...places])];
  }

  #reachBack(rows: number): void {
    this.distance = Math.max(this.distance, rows);
  }

  #read(members: Uint8Array, labelled: boolean, reads: ChainRead[]): ChainRead {
    const chain = this.chainOf(members, labelled);
    const known = reads.find((read) => read.chain === chain);
    if (known !== undefined) return known;
    const read: ChainRead = { chain, first: 0, last: 0, count: false, all: false };
    reads.push(read);
    return read;
  }

  chainOf(members: Uint8Array, labelled: boolean): number {
    const known = findChain(this.chains, members, labelled);
    if (known >= 0) return known;
    this.chains.push({ members, labelled, firsts: 0, places: [], whole: false });
    return this.chains.length - 1;
  }
}

export function findChain(chains: readonly ChainSpec[], members: Uint8Array, labelled: boolean): number {
  return chains.findIndex(
    (chain) => chain.labelled === labelled && chain.members.every((member, i) => member === members[i]),
  );
}
