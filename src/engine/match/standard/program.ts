import type { PatternElement, PatternSequence } from '../../../plan/match-node.ts';
import { leavesChoice, patternVariables } from '../../../plan/walk-pattern.ts';

/**
 * A pattern as a small program. A thread executes instructions. `split` creates two threads; the
 * first one is preferred. The position of an instruction identifies it. Each attempt begins at
 * position 0.
 */
export type Instruction =
  /** Takes the next row if the variable's condition holds. */
  | { readonly op: 'take'; readonly variable: number; readonly excluded: boolean; next: number }
  | { readonly op: 'split'; first: number; second: number }
  /** `^`: continues only before the first row of the partition. */
  | { readonly op: 'start'; next: number }
  /** `$`: continues only after the last row of the partition. */
  | { readonly op: 'end'; next: number }
  | { readonly op: 'match' }
  | { readonly op: 'jump'; next: number };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly variables: readonly string[];
  /** The variables that may take the first row. */
  readonly firstVariables: readonly number[];
  /** The pattern may match without taking a row. */
  readonly mayBeEmpty: boolean;
  /** The pattern has a `^`. */
  readonly readsStart: boolean;
}

export function compileProgram(pattern: PatternSequence): Program {
  const builder = new ProgramBuilder(pattern);
  builder.build(pattern);
  const { instructions, variables } = builder;
  const reached = reachableWithoutRow(instructions);
  const firstVariables = new Set<number>();
  for (const at of reached) {
    const instruction = instructions[at]!;
    if (instruction.op === 'take') firstVariables.add(instruction.variable);
  }
  return {
    instructions,
    variables,
    firstVariables: [...firstVariables],
    mayBeEmpty: [...reached].some((at) => instructions[at]!.op === 'match'),
    readsStart: instructions.some(({ op }) => op === 'start'),
  };
}

/** Returns the instructions that an attempt may reach before its first row, if anchors hold. */
function reachableWithoutRow(instructions: readonly Instruction[]): Set<number> {
  const reached = new Set<number>();
  const stack = [0];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const instruction = instructions[at]!;
    if (instruction.op === 'split') stack.push(instruction.first, instruction.second);
    else if (instruction.op !== 'take' && instruction.op !== 'match') stack.push(instruction.next);
  }
  return reached;
}

/**
 * Builds the program from the end to the beginning. Each part gets the position of its continuation
 * and returns its start. Bounded repetitions are copied (`A{2,4}` becomes A A (A (A)?)?). Unbounded
 * repetitions become a loop. A loop may run without taking a row. The matcher drops a thread that
 * reaches an instruction twice between two rows.
 */
class ProgramBuilder {
  /** Position 0 jumps to the start of the pattern, because the start is known last. */
  readonly instructions: Instruction[] = [{ op: 'jump', next: 0 }];
  readonly variables: readonly string[];

  constructor(pattern: PatternSequence) {
    this.variables = patternVariables(pattern);
  }

  build(pattern: PatternSequence): void {
    const end = this.#add({ op: 'match' });
    this.instructions[0] = { op: 'jump', next: this.#sequence(pattern, end, false) };
  }

  #add(instruction: Instruction): number {
    this.instructions.push(instruction);
    return this.instructions.length - 1;
  }

  #sequence(sequence: PatternSequence, next: number, excluded: boolean): number {
    return sequence.elements.reduceRight((after, element) => this.#quantified(element, after, excluded), next);
  }

  #quantified(element: PatternElement, next: number, excluded: boolean): number {
    const { min, max, greedy } = element.quantifier;
    const choice = (body: number, skip: number): Instruction =>
      greedy ? { op: 'split', first: body, second: skip } : { op: 'split', first: skip, second: body };
    let after = next;
    let copies = min;
    if (max === null) {
      const loop = this.#add({ op: 'jump', next });
      const body = this.#element(element, loop, excluded);
      this.instructions[loop] = choice(body, next);
      // The loop begins with its body. If no iteration is required, a split before the loop can
      // skip it.
      after = min === 0 ? this.#add(choice(body, next)) : body;
      copies = Math.max(0, min - 1);
    } else {
      for (let optional = max - min; optional > 0; optional--) {
        after = this.#add(choice(this.#element(element, after, excluded), next));
      }
    }
    for (; copies > 0; copies--) after = this.#element(element, after, excluded);
    return after;
  }

  /** Adds one repetition of an element. */
  #element(element: PatternElement, next: number, excluded: boolean): number {
    switch (element.kind) {
      case 'variable':
        return this.#add({ op: 'take', variable: this.variables.indexOf(element.variable), excluded, next });
      case 'group':
        return this.#sequence(element.sequence, next, excluded);
      case 'exclusion':
        return this.#sequence(element.sequence, next, true);
      case 'alternation':
        return this.#choose(element.alternatives.map((each) => this.#sequence(each, next, excluded)));
      case 'permutation':
        return this.#permutation(element.members, next, excluded);
      case 'anchor':
        return this.#add({ op: element.at, next });
    }
  }

  /** Prefers the first alternative that leads to a match. */
  #choose(ways: readonly number[]): number {
    return ways.reduceRight((second, first) => this.#add({ op: 'split', first, second }));
  }

  /**
   * Adds PERMUTE as an alternative of all orders. The lexicographically first order is preferred.
   * Orders with the same suffix share it. If the members contain no alternatives, the continuation
   * depends only on the set of the remaining members. Then there is one instruction per set, which
   * needs far fewer instructions.
   */
  #permutation(members: readonly PatternSequence[], next: number, excluded: boolean): number {
    const all = members.map((_, i) => i);
    const places = new Map<string, number>([['', next]]);
    const shared = (key: string, make: () => number): number => {
      const known = places.get(key);
      if (known !== undefined) return known;
      const made = make();
      places.set(key, made);
      return made;
    };
    const begin = (member: number, after: number): number => this.#sequence(members[member]!, after, excluded);
    const placeOfSet = (left: readonly number[]): number =>
      shared(left.join(), () =>
        this.#choose(left.map((member) => begin(member, placeOfSet(left.filter((other) => other !== member))))),
      );
    if (!members.some(leavesChoice)) return placeOfSet(all);
    const placeOfOrder = (left: readonly number[]): number =>
      shared(left.join(), () => begin(left[0]!, placeOfOrder(left.slice(1))));
    return this.#choose(ordersOf(all).map(placeOfOrder));
  }
}

/** Returns all orders, sorted lexicographically. */
function ordersOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => ordersOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
