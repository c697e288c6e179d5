import type { PatternElement, PatternSequence } from '../../../plan/match-node.ts';
import { leavesChoice, patternVariables } from '../../../plan/walk-pattern.ts';

/**
 * A pattern as a small program. A thread stands at an instruction; `split` makes two, the first of
 * them preferred. Instructions are named by their position; 0 is where every attempt begins.
 */
export type Instruction =
  /** Takes the next row if the variable's condition holds. */
  | { readonly op: 'take'; readonly variable: number; readonly excluded: boolean; next: number }
  | { readonly op: 'split'; first: number; second: number }
  /** `^`: goes on before the partition's first row only. */
  | { readonly op: 'start'; next: number }
  /** `$`: goes on after the partition's last row only. */
  | { readonly op: 'end'; next: number }
  | { readonly op: 'match' }
  | { readonly op: 'jump'; next: number };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly variables: readonly string[];
  /** Variables that may take the first row. */
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

/** Instructions that an attempt may reach before its first row, anchors taken for granted. */
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
 * Builds from the end to the beginning: each part is told where to go on and says where it begins.
 * Rounds with a bound are copies (`A{2,4}` is A A (A (A)?)?), rounds without one a loop. A loop may
 * go round without a row; the matcher drops a thread that comes to a place a second time between
 * two rows.
 */
class ProgramBuilder {
  /** Position 0 jumps to the beginning, which is known last. */
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
      // the loop is entered by its body; where no round is needed there is a way around it first
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

  /** One round of an element. */
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

  /** The first of several ways that leads to a match. */
  #choose(ways: readonly number[]): number {
    return ways.reduceRight((second, first) => this.#add({ op: 'split', first, second }));
  }

  /**
   * PERMUTE: an alternative of all orders, the lexicographically first one preferred. Orders that
   * end alike share their ends. Where members leave no choice of their own, what may follow depends
   * only on which of them are left: then a place stands for a set of members, which is far less.
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

/** All orders, lexicographically. */
function ordersOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => ordersOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
