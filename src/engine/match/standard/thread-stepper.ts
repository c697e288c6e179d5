import type { PathNode } from '../partial-match.ts';
import type { ConditionBinding } from './condition-binding.ts';
import type { ChainRead, ConditionReads } from './condition-reads.ts';
import { readsAhead } from './merge-keys.ts';
import type { PartitionRow } from './partition-row.ts';
import type { PartitionState, Thread } from './partition-state.ts';
import type { Program } from './program.ts';
import { RowChain, ThreadChains } from './row-chain.ts';
import type { StandardObserver } from './standard-observer.ts';

/**
 * The threads of rows with more threads than this are not recorded. They would need too much
 * memory.
 */
const MOST_LEARNT = 64;

/**
 * Moves the threads of one attempt from row to row. All threads move together, in order of
 * preference. A match removes all threads after it. The threads before it continue, and a match of
 * one of them replaces it. Of several threads with the same future behavior, only the first
 * continues.
 */
export class ThreadStepper {
  readonly #program: Program;
  readonly #reads: ConditionReads;
  readonly #readsAhead: readonly (readonly ChainRead[] | null)[];
  readonly #accepts: (binding: ConditionBinding) => boolean;
  /**
   * Whether a failed attempt allows conclusions about later attempts, and from which distance to
   * its start on.
   */
  readonly #learnsFrom: number;
  /** By instruction: whether two attempts can have the same values for later conditions. */
  readonly #comparable: readonly boolean[];
  readonly #observer: StandardObserver | null;
  #chainIds = 0;

  // Temporary data of one step. `#visited[at]` is the number of the last step that visited the
  // instruction.
  readonly #visited: Float64Array;
  readonly #visitedKeys: (Set<string> | null)[];
  #step = 0;
  readonly #stack: number[] = [];
  /** Created with the first test. */
  #binding: ConditionBinding | null = null;

  constructor(
    program: Program,
    reads: ConditionReads,
    bounded: boolean,
    accepts: (binding: ConditionBinding) => boolean,
    observer: StandardObserver | null = null,
  ) {
    this.#program = program;
    this.#reads = reads;
    this.#readsAhead = readsAhead(program, reads);
    this.#comparable = this.#readsAhead.map((ahead) => ahead === null || !ahead.some(({ all }) => all));
    this.#accepts = accepts;
    this.#observer = observer;
    // With a horizon, NEXT can read more rows in a later attempt. An observer needs every thread of
    // every attempt.
    const differs = observer !== null || reads.matchNumber || (bounded && reads.lookahead > 0);
    this.#learnsFrom = differs ? Number.POSITIVE_INFINITY : reads.distance;
    this.#visited = new Float64Array(program.instructions.length);
    this.#visitedKeys = program.instructions.map(() => null);
  }

  /** Creates the threads of an attempt before its first row. */
  begin(state: PartitionState): void {
    const chains = this.#emptyChains();
    state.threads = [];
    state.best = null;
    this.#step++;
    if (this.#follow(0, null, chains, state.threads, state.start === 0, false)) state.best = { path: null };
  }

  /** Passes a row to the threads. */
  offer(state: PartitionState, row: PartitionRow): void {
    const { threads } = state;
    const next: Thread[] = [];
    const learns = threads.length <= MOST_LEARNT && row.sequence - state.start >= this.#learnsFrom;
    this.#step++;
    for (const thread of threads) {
      const instruction = this.#program.instructions[thread.at]!;
      // A thread that waits for the end of the partition ends here, because there is another row.
      if (instruction.op !== 'take') {
        this.#observer?.followed(thread.path, row);
        continue;
      }
      if (learns && this.#comparable[thread.at] && !row.tries.add(thread.at, thread.key)) continue;
      const { variable, excluded } = instruction;
      if (!this.#test(state, thread, row, variable)) continue;
      const { path } = thread;
      const length = path === null ? 1 : path.length + 1;
      const node: PathNode = { row, variable, previous: path, length, excluded };
      if (this.#follow(instruction.next, node, this.#extend(thread.chains, row, variable), next, false, false)) {
        state.best = { path: node };
        break;
      }
    }
    state.threads = next;
    this.#observer?.offered(row);
  }

  /** Decides the attempt when the partition has no more rows, so `$` holds. */
  finish(state: PartitionState): void {
    const { threads } = state;
    state.threads = [];
    this.#step++;
    this.#tellCut(threads, null);
    for (const { at, path, chains } of threads) {
      const instruction = this.#program.instructions[at]!;
      if (instruction.op !== 'end') continue;
      if (this.#follow(instruction.next, path, chains, [], false, true)) {
        state.best = { path };
        return;
      }
    }
  }

  /**
   * Removes the threads that need another row. Threads that wait for the end of the partition
   * remain.
   */
  dropTakes(state: PartitionState): void {
    this.#tellCut(state.threads, state.horizon);
    state.threads = state.threads.filter((thread) => this.waitsForEnd(thread));
  }

  /** Ends all threads, because a row beyond the bound has arrived. */
  cutShort(state: PartitionState): void {
    this.#tellCut(state.threads, state.horizon);
    state.threads = [];
  }

  /** Tells the observer of the threads that get no more rows. */
  #tellCut(threads: readonly Thread[], bound: number | null): void {
    if (this.#observer === null) return;
    for (const { at, path } of threads) {
      const instruction = this.#program.instructions[at]!;
      if (instruction.op === 'take') this.#observer.cut(path, instruction.variable, bound);
    }
  }

  waitsForEnd(thread: Thread): boolean {
    return this.#program.instructions[thread.at]!.op === 'end';
  }

  /** Returns whether the failures of the attempt also apply to later attempts. */
  get learns(): boolean {
    return this.#learnsFrom !== Number.POSITIVE_INFINITY;
  }

  /**
   * Computes the chains along a path, for a thread from storage. `known` has the chains of path
   * prefixes.
   */
  chainsOf(path: PathNode | null, known: Map<PathNode | null, ThreadChains>): ThreadChains {
    const way: PathNode[] = [];
    let node = path;
    for (; node !== null && !known.has(node); node = node.previous) way.push(node);
    let chains = known.get(node);
    if (chains === undefined) {
      chains = this.#emptyChains();
      known.set(null, chains);
    }
    for (let next = way.pop(); next !== undefined; next = way.pop()) {
      chains = this.#extend(chains, next.row as PartitionRow, next.variable);
      known.set(next, chains);
    }
    return chains;
  }

  keyAt(at: number, chains: ThreadChains): string {
    const reads = this.#readsAhead[at]!;
    return reads === null ? '' : chains.keyOf(reads);
  }

  /**
   * Follows a thread through instructions that take no row. Adds the instructions where it waits
   * for a row, the preferred one first. Returns true if it reaches the match. An instruction that
   * was reached in this step with the same key is not followed again.
   */
  #follow(
    from: number,
    path: PathNode | null,
    chains: ThreadChains,
    into: Thread[],
    atStart: boolean,
    atEnd: boolean,
  ): boolean {
    const { instructions } = this.#program;
    const stack = this.#stack;
    stack.length = 0;
    stack.push(from);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const key = this.keyAt(at, chains);
      if (!this.#visit(at, key)) continue;
      const instruction = instructions[at]!;
      switch (instruction.op) {
        case 'match':
          return true;
        case 'jump':
          stack.push(instruction.next);
          break;
        case 'split':
          stack.push(instruction.second, instruction.first);
          break;
        case 'start':
          if (atStart) stack.push(instruction.next);
          break;
        case 'end':
          if (atEnd) stack.push(instruction.next);
          // An attempt begins at a row, so this is not the end.
          else if (path !== null) into.push({ at, path, chains, key });
          break;
        case 'take':
          into.push({ at, path, chains, key });
      }
    }
    return false;
  }

  /** Returns false if this step has visited the instruction before. */
  #visit(at: number, key: string): boolean {
    const first = this.#visited[at] !== this.#step;
    if (key === '') {
      this.#visited[at] = this.#step;
      return first;
    }
    let keys = this.#visitedKeys[at]!;
    if (keys === null) {
      keys = new Set();
      this.#visitedKeys[at] = keys;
    }
    if (first) {
      keys.clear();
      this.#visited[at] = this.#step;
    } else if (keys.has(key)) return false;
    keys.add(key);
    return true;
  }

  #test(state: PartitionState, thread: Thread, row: PartitionRow, variable: number): boolean {
    const { path, chains } = thread;
    const { start } = state;
    const number = state.matches + 1;
    this.#binding ??= { row, variable, path, chains: chains.links, start, number, rows: state };
    const binding = this.#binding;
    binding.row = row;
    binding.variable = variable;
    binding.path = path;
    binding.chains = chains.links;
    binding.start = start;
    binding.number = number;
    binding.rows = state;
    const took = this.#accepts(binding);
    this.#observer?.tested(binding, took);
    return took;
  }

  #emptyChains(): ThreadChains {
    return new ThreadChains(this.#reads.chains.map(() => RowChain.empty(this.#nextId())));
  }

  #extend(chains: ThreadChains, row: PartitionRow, variable: number): ThreadChains {
    return chains.extend(this.#reads.chains, row, variable, this.#nextId);
  }

  readonly #nextId = (): number => ++this.#chainIds;
}

/**
 * Records that an attempt found nothing and that no bound cut it off. Other attempts that reach the
 * same instructions find nothing either.
 */
export function learnFailure(state: PartitionState): void {
  for (let i = state.start; i <= state.cursor; i++) state.rows[i - state.base]?.tries.fail();
}

export function forgetTries(state: PartitionState): void {
  for (let i = state.start; i <= state.cursor; i++) state.rows[i - state.base]?.tries.forget();
}
