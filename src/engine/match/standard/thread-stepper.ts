import type { PathNode } from '../partial-match.ts';
import type { ConditionBinding } from './condition-binding.ts';
import type { ChainRead, ConditionReads } from './condition-reads.ts';
import { readsAhead } from './merge-keys.ts';
import type { PartitionRow } from './partition-row.ts';
import type { PartitionState, Thread } from './partition-state.ts';
import type { Program } from './program.ts';
import { RowChain, ThreadChains } from './row-chain.ts';

/**
 * Rows with more threads than this are not remembered: it would take more memory than it saves
 * time.
 */
const MOST_LEARNT = 64;

/**
 * Moves the threads of one attempt from row to row, all in step and in order of preference. A match
 * cuts off all threads after it; those before it go on, and a match of theirs replaces it. Of
 * threads that have the same future the first one goes on.
 */
export class ThreadStepper {
  readonly #program: Program;
  readonly #reads: ConditionReads;
  readonly #readsAhead: readonly (readonly ChainRead[] | null)[];
  readonly #accepts: (binding: ConditionBinding) => boolean;
  /**
   * Whether an attempt that finds nothing says anything about the later ones, and from which
   * distance to its start on.
   */
  readonly #learnsFrom: number;
  /** By instruction: whether what conditions ahead see can be the same in two attempts. */
  readonly #comparable: readonly boolean[];
  #chainIds = 0;

  // Scratch of one step. `#visited[at]` is the number of the step that came there last.
  readonly #visited: Float64Array;
  readonly #visitedKeys: (Set<string> | null)[];
  #step = 0;
  readonly #stack: number[] = [];
  /** Made with the first test. */
  #binding: ConditionBinding | null = null;

  constructor(
    program: Program,
    reads: ConditionReads,
    bounded: boolean,
    accepts: (binding: ConditionBinding) => boolean,
  ) {
    this.#program = program;
    this.#reads = reads;
    this.#readsAhead = readsAhead(program, reads);
    this.#comparable = this.#readsAhead.map((ahead) => ahead === null || !ahead.some(({ all }) => all));
    this.#accepts = accepts;
    // with a horizon, NEXT sees more in a later attempt
    const differs = reads.matchNumber || (bounded && reads.lookahead > 0);
    this.#learnsFrom = differs ? Number.POSITIVE_INFINITY : reads.distance;
    this.#visited = new Float64Array(program.instructions.length);
    this.#visitedKeys = program.instructions.map(() => null);
  }

  /** Sets up the threads of an attempt before its first row. */
  begin(state: PartitionState): void {
    const chains = this.#emptyChains();
    state.threads = [];
    state.best = null;
    this.#step++;
    if (this.#follow(0, null, chains, state.threads, state.start === 0, false)) state.best = { path: null };
  }

  /** Offers a row to the threads. */
  offer(state: PartitionState, row: PartitionRow): void {
    const { threads } = state;
    const next: Thread[] = [];
    const learns = threads.length <= MOST_LEARNT && row.sequence - state.start >= this.#learnsFrom;
    this.#step++;
    for (const thread of threads) {
      const instruction = this.#program.instructions[thread.at]!;
      // one that waits for the end has seen that this is not it
      if (instruction.op !== 'take') continue;
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
  }

  /** No row will come any more: `$` holds. Decides the attempt. */
  finish(state: PartitionState): void {
    const { threads } = state;
    state.threads = [];
    this.#step++;
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
   * Lets the threads go that need another row; those that wait for the end of the partition stay.
   */
  dropTakes(state: PartitionState): void {
    state.threads = state.threads.filter((thread) => this.waitsForEnd(thread));
  }

  waitsForEnd(thread: Thread): boolean {
    return this.#program.instructions[thread.at]!.op === 'end';
  }

  /** Whether what the attempt tried and did not find is known for the attempts after it too. */
  get learns(): boolean {
    return this.#learnsFrom !== Number.POSITIVE_INFINITY;
  }

  /**
   * The chains along a path, for a thread that comes back from storage; `known` holds those of its
   * beginnings.
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
   * Follows a thread through what takes no row and adds what it comes to, the preferred first; true
   * when it comes to the match. A place that another thread, or this one, has reached in this step
   * with the same key is not followed again.
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
          // an attempt begins at a row, so that is not the end
          else if (path !== null) into.push({ at, path, chains, key });
          break;
        case 'take':
          into.push({ at, path, chains, key });
      }
    }
    return false;
  }

  /** False where this step has been before. */
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
    return this.#accepts(binding);
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
 * An attempt that found nothing, though no bound cut it short: nor will another that comes to the
 * same places.
 */
export function learnFailure(state: PartitionState): void {
  for (let i = state.start; i <= state.cursor; i++) state.rows[i - state.base]?.tries.fail();
}

export function forgetTries(state: PartitionState): void {
  for (let i = state.start; i <= state.cursor; i++) state.rows[i - state.base]?.tries.forget();
}
