import type { CodePointSet } from './code-point-set.ts';
import { canBeEmpty, repeatsInOneWay } from './pattern-lengths.ts';
import type { Assertion, Look, ParsedPattern, PatternNode, Repeat, RepeatMode } from './pattern-tree.ts';

/** Instructions of the backtracking matcher. Each is the code and its operands. */
export const Op = {
  /** Match the whole pattern. */
  accept: 0,
  /** Return from an atomic part. */
  return: 1,
  /** Return if the look-behind ends where it must. */
  returnBehind: 2,
  /** character: set */
  character: 3,
  /** Try the first target, then the second: first, second */
  split: 4,
  /** jump: target */
  jump: 5,
  /** Remember where a group begins: register */
  groupBegin: 6,
  /** Set a group: register of the beginning, group */
  groupEnd: 7,
  /** Repeat a set: set, min, max (-1: no limit) */
  greedy: 8,
  reluctant: 9,
  possessive: 10,
  /** assertion: index */
  assertion: 11,
  /** reference: group, 0 exact, 1 in any case of ASCII, 2 in any case of Unicode */
  reference: 12,
  /** look: index, body */
  look: 13,
  /** An atomic part: body, 1 if it may be omitted */
  atomic: 14,
  /** Repeat an atomic part: body, mode, min, max (-1), group (0: none) */
  atomicLoop: 15,
  /** Enter a counted loop: counter, min, max (-1), 1 if reluctant, body, next */
  loopEnter: 16,
  /** After a repetition: as loopEnter, and the register of the repetition's beginning */
  loopAgain: 17,
  /** Count one repetition and do it: counter, body */
  loopMore: 18,
  lineBreak: 19,
  grapheme: 20,
} as const;

export const MODES: readonly RepeatMode[] = ['greedy', 'reluctant', 'possessive'];

export interface BacktrackingProgram {
  readonly code: Int32Array;
  readonly sets: readonly CodePointSet[];
  readonly assertions: readonly Assertion[];
  readonly looks: readonly Look[];
  readonly groups: number;
  /** Two registers for each group, then those of beginnings and counters. */
  readonly registers: number;
  readonly wholeCodePoints: boolean;
  /** For each instruction: a number from 0 if a failure there can be remembered, otherwise -1. */
  readonly memory: Int32Array;
  readonly memories: number;
  /** The characters that a match begins with; null if it may be any, or none. */
  readonly first: CodePointSet | null;
}

/** Java keeps at least this number of groups, so a reference to a missing one fails. */
const GROUPS_MIN = 10;

/** Compiles a pattern for the backtracking matcher. */
export function compileProgram(pattern: ParsedPattern): BacktrackingProgram {
  return new ProgramBuilder(pattern).build();
}

class ProgramBuilder {
  readonly #pattern: ParsedPattern;
  readonly #code: number[] = [];
  readonly #sets: CodePointSet[] = [];
  readonly #setNumbers = new Map<CodePointSet, number>();
  readonly #assertions: Assertion[] = [];
  readonly #looks: Look[] = [];
  readonly #memory = new Map<number, number>();
  /** Atomic parts are emitted after the program. */
  readonly #parts: (() => void)[] = [];
  #registers: number;
  /** True if the future of an instruction depends only on the place in the text. */
  #memoryless: boolean;

  constructor(pattern: ParsedPattern) {
    this.#pattern = pattern;
    this.#registers = 2 * Math.max(pattern.groups + 1, GROUPS_MIN);
    this.#memoryless = !looksBack(pattern.root);
  }

  build(): BacktrackingProgram {
    const { root, groups, wholeCodePoints } = this.#pattern;
    this.#emit(root);
    this.#op(Op.accept);
    for (let part = this.#parts.shift(); part !== undefined; part = this.#parts.shift()) part();
    const memory = new Int32Array(this.#code.length).fill(-1);
    for (const [pc, number] of this.#memory) memory[pc] = number;
    return {
      code: Int32Array.from(this.#code),
      sets: this.#sets,
      assertions: this.#assertions,
      looks: this.#looks,
      groups,
      registers: this.#registers,
      wholeCodePoints,
      memory,
      memories: this.#memory.size,
      first: firstCharacters(root),
    };
  }

  #op(op: number, ...operands: readonly number[]): number {
    const pc = this.#code.length;
    this.#code.push(op, ...operands);
    return pc;
  }

  get #here(): number {
    return this.#code.length;
  }

  /** Lets the matcher remember failures at an instruction. */
  #remember(pc: number): void {
    if (this.#memoryless) this.#memory.set(pc, this.#memory.get(pc) ?? this.#memory.size);
  }

  #set(set: CodePointSet): number {
    let number = this.#setNumbers.get(set);
    if (number === undefined) {
      number = this.#sets.push(set) - 1;
      this.#setNumbers.set(set, number);
    }
    return number;
  }

  #emit(node: PatternNode): void {
    switch (node.kind) {
      case 'character':
        this.#op(Op.character, this.#set(node.set));
        return;
      case 'sequence':
        for (const part of node.nodes) this.#emit(part);
        return;
      case 'alternatives':
        this.#alternatives(node.branches);
        return;
      case 'group':
        this.#group(node.body, node.capture, this.#registers);
        return;
      case 'atomic':
        this.#part(this.#op(Op.atomic, 0, 0) + 1, node.body);
        return;
      case 'assertion':
        this.#op(Op.assertion, this.#assertions.push(node.assertion) - 1);
        return;
      case 'reference':
        this.#op(Op.reference, node.group, ['no', 'ascii', 'unicode'].indexOf(node.ignoreCase));
        return;
      case 'line-break':
        this.#op(Op.lineBreak);
        return;
      case 'grapheme':
        this.#op(Op.grapheme);
        return;
      case 'look':
        this.#part(this.#op(Op.look, this.#looks.push(node) - 1, 0) + 2, node.body, node.behind);
        return;
      case 'repeat':
        this.#repeat(node);
        return;
    }
  }

  /** Emits an atomic part later, and puts its address into an operand. */
  #part(operand: number, body: PatternNode, behind = false): void {
    const memoryless = this.#memoryless && !behind;
    this.#parts.push(() => {
      this.#code[operand] = this.#here;
      const before = this.#memoryless;
      this.#memoryless = memoryless;
      this.#emit(body);
      this.#op(behind ? Op.returnBehind : Op.return);
      this.#memoryless = before;
    });
  }

  #alternatives(branches: readonly PatternNode[]): void {
    const ends: number[] = [];
    for (const [i, branch] of branches.entries()) {
      if (i === branches.length - 1) {
        this.#emit(branch);
        break;
      }
      const split = this.#op(Op.split, 0, 0);
      this.#code[split + 1] = this.#here;
      this.#emit(branch);
      ends.push(this.#op(Op.jump, 0) + 1);
      this.#code[split + 2] = this.#here;
      this.#remember(split);
    }
    for (const end of ends) this.#code[end] = this.#here;
  }

  #group(body: PatternNode, capture: number, register: number): void {
    if (capture === 0) {
      this.#emit(body);
      return;
    }
    this.#registers = Math.max(this.#registers, register + 1);
    this.#op(Op.groupBegin, register);
    this.#emit(body);
    this.#op(Op.groupEnd, register, capture);
  }

  #repeat(repeat: Repeat): void {
    const { body, min, max, mode } = repeat;
    if (min === 0 && max === 1) this.#optional(repeat);
    else if (body.kind === 'character') {
      const op = { greedy: Op.greedy, reluctant: Op.reluctant, possessive: Op.possessive }[mode];
      const pc = this.#op(op, this.#set(body.set), min, limit(max));
      this.#remember(pc);
      this.#remember(this.#here);
    } else if (body.kind === 'group' && mode !== 'possessive') {
      if (repeatsInOneWay(repeat)) this.#atomicLoop(repeat, body.body, body.capture);
      else if (min <= 1 && max === Infinity && !canBeEmpty(body)) this.#plainLoop(repeat);
      else this.#countedLoop(repeat);
    } else this.#atomicLoop(repeat, body, 0);
  }

  #optional({ body, mode }: Repeat): void {
    if (mode === 'possessive') {
      this.#part(this.#op(Op.atomic, 0, 1) + 1, body);
      return;
    }
    const split = this.#op(Op.split, 0, 0);
    const inside = this.#here;
    if (body.kind === 'character' || body.kind === 'group') this.#emit(body);
    else this.#part(this.#op(Op.atomic, 0, 0) + 1, body);
    this.#code[split + 1] = mode === 'greedy' ? inside : this.#here;
    this.#code[split + 2] = mode === 'greedy' ? this.#here : inside;
    this.#remember(split);
  }

  #atomicLoop({ min, max, mode }: Repeat, body: PatternNode, capture: number): void {
    const pc = this.#op(Op.atomicLoop, 0, MODES.indexOf(mode), min, limit(max), capture);
    this.#part(pc + 1, body);
    this.#remember(this.#here);
  }

  /** A loop without a counter: each repetition advances, and one is enough. */
  #plainLoop({ body, min, mode }: Repeat): void {
    const enter = min === 0 ? this.#op(Op.jump, 0) + 1 : -1;
    const inside = this.#here;
    this.#emit(body);
    const split = this.#op(Op.split, 0, 0);
    if (enter >= 0) this.#code[enter] = split;
    this.#code[split + 1] = mode === 'greedy' ? inside : this.#here;
    this.#code[split + 2] = mode === 'greedy' ? this.#here : inside;
    this.#remember(split);
  }

  #countedLoop({ body, min, max, mode }: Repeat): void {
    if (body.kind !== 'group') throw new Error('a counted loop repeats a group');
    const counter = this.#registers++;
    const begin = this.#registers++;
    const reluctant = mode === 'reluctant' ? 1 : 0;
    const memoryless = this.#memoryless;
    this.#memoryless = false;
    const enter = this.#op(Op.loopEnter, counter, min, limit(max), reluctant, 0, 0, 0);
    const more = this.#op(Op.loopMore, counter, 0);
    const inside = this.#here;
    this.#op(Op.groupBegin, begin);
    this.#emit(body.body);
    if (body.capture > 0) this.#op(Op.groupEnd, begin, body.capture);
    const again = this.#op(Op.loopAgain, counter, min, limit(max), reluctant, inside, 0, more, begin);
    this.#code[more + 2] = inside;
    this.#code[enter + 5] = inside;
    this.#code[enter + 6] = this.#here;
    this.#code[enter + 7] = more;
    this.#code[again + 6] = this.#here;
    this.#memoryless = memoryless;
    // Without a limit above one the count makes no difference where a repetition begins.
    if (min <= 1 && max === Infinity) this.#remember(more);
  }
}

const limit = (max: number): number => (max === Infinity ? -1 : max);

/**
 * Returns whether the future of a match depends on more than the place: on groups or the last
 * match.
 */
function looksBack(node: PatternNode): boolean {
  switch (node.kind) {
    case 'reference':
      return true;
    case 'assertion':
      return node.assertion === 'last-match-end';
    case 'sequence':
      return node.nodes.some(looksBack);
    case 'alternatives':
      return node.branches.some(looksBack);
    case 'group':
    case 'atomic':
    case 'look':
    case 'repeat':
      return looksBack(node.body);
    default:
      return false;
  }
}

/** Returns the characters that a match begins with; null if it may be any, or none. */
function firstCharacters(node: PatternNode): CodePointSet | null {
  switch (node.kind) {
    case 'character':
      return node.set;
    case 'group':
    case 'atomic':
      return firstCharacters(node.body);
    case 'repeat':
      return node.min > 0 ? firstCharacters(node.body) : null;
    case 'sequence': {
      const first = node.nodes.find((part) => part.kind !== 'assertion');
      return first === undefined ? null : firstCharacters(first);
    }
    case 'alternatives': {
      const all = node.branches.map(firstCharacters);
      return all.reduce((a, b) => (a === null || b === null ? null : a.union(b)));
    }
    default:
      return null;
  }
}
