import { codePointBefore, holds } from './assertions.ts';
import { type BacktrackingProgram, Op } from './backtracking-program.ts';
import { asciiLower, toLowerCase, toUpperCase } from './case-folding.ts';
import type { CodePointSet } from './code-point-set.ts';
import { graphemeEnd } from './graphemes.ts';

/** The work that one text may need at least, in steps: about a tenth of a second. */
export const STEPS_MIN = 4_000_000;
/** Further steps for each code unit of a text. */
const STEPS_PER_UNIT = 32;

/** Failures are remembered from this number of steps on: most texts need fewer. */
const MEMORY_FROM = 2000;
/** At most 8 MB of remembered failures. */
const MEMORY_BITS = 1 << 26;

/** What to do when the match fails. Each entry of the stack is one of these with four operands. */
const Todo = {
  /** Continue: instruction, place */
  resume: 0,
  /** Set a register to its former value: register, value */
  restore: 1,
  /** Give back one character: next instruction, place, lowest place */
  giveBack: 2,
  /** Take one more character: next instruction, place, rest of the count (-1), set */
  takeMore: 3,
  /** Remember the failure: number of the instruction, place */
  remember: 4,
  /** Remember the failure of a repetition: instruction, first place, last place */
  rememberRange: 7,
  /** Continue with a group set: instruction, place, group, its beginning */
  resumeGroup: 5,
  /** Repeat a part once more: its instruction, place, rest of the count (-1) */
  repeatMore: 6,
} as const;

const ENTRY = 5;

/**
 * Matches a text by backtracking, in the order in which Java does. Like Java it keeps the groups
 * that a look-around or an atomic group has set when the rest fails. It counts its steps and gives
 * up at a limit.
 */
export class BacktrackingMatcher {
  readonly #program: BacktrackingProgram;
  readonly #text: string;
  readonly #registers: Int32Array;
  readonly #limit: number;
  #steps = 0;
  #stack: Int32Array = new Int32Array(64 * ENTRY);
  #top = 0;
  #failed: Uint32Array | null = null;
  #start = 0;
  #end = 0;
  #lastEnd = 0;
  #found = false;
  #whole = false;
  #behindEnd = 0;
  /** For each instruction: the first and last place of a repetition that failed. */
  #failedRanges: Int32Array | null = null;

  /** Makes the error of a match that needs more steps than the given number. */
  readonly #exceeded: (steps: number) => Error;

  constructor(program: BacktrackingProgram, text: string, exceeded: (steps: number) => Error) {
    this.#program = program;
    this.#text = text;
    this.#registers = new Int32Array(program.registers);
    this.#exceeded = exceeded;
    this.#limit = STEPS_MIN + STEPS_PER_UNIT * text.length;
  }

  /** Searches for the next match. */
  find(): boolean {
    let from = this.#end;
    if (this.#found && this.#end === this.#start) from++;
    if (from > this.#text.length) return this.#finish(false);
    this.#lastEnd = this.#end;
    return this.#finish(this.#search(from));
  }

  /** Whether the whole text matches. */
  matches(): boolean {
    this.#whole = true;
    this.#registers.fill(-1);
    this.#end = this.#run(0, 0);
    return this.#end >= 0;
  }

  start(): number {
    return this.#start;
  }

  end(): number {
    return this.#end;
  }

  groupCount(): number {
    return this.#program.groups;
  }

  /** Returns the text of a group; null if it took no part in the match. */
  group(group = 0): string | null {
    if (group === 0) return this.#text.slice(this.#start, this.#end);
    const begin = this.#registers[2 * group]!;
    return begin < 0 ? null : this.#text.slice(begin, this.#registers[2 * group + 1]!);
  }

  #finish(found: boolean): boolean {
    this.#found = found;
    return found;
  }

  #search(from: number): boolean {
    const text = this.#text;
    const { first, wholeCodePoints } = this.#program;
    this.#registers.fill(-1);
    for (let start = from; start <= text.length; ) {
      if (first === null || (start < text.length && first.has(text.codePointAt(start)!))) {
        const end = this.#run(0, start);
        if (end >= 0) {
          this.#start = start;
          this.#end = end;
          return true;
        }
      } else this.#step(1);
      start += wholeCodePoints ? this.#width(start) : 1;
    }
    return false;
  }

  /** Returns the code units of the code point at a place. */
  #width(at: number): number {
    return this.#text.codePointAt(at)! > 0xffff ? 2 : 1;
  }

  #step(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#limit) throw this.#exceeded(this.#limit);
  }

  #push(kind: number, a: number, b: number, c = 0, d = 0): void {
    let stack = this.#stack;
    const top = this.#top;
    if (top + ENTRY > stack.length) {
      this.#stack = new Int32Array(2 * stack.length);
      this.#stack.set(stack);
      stack = this.#stack;
    }
    stack[top] = kind;
    stack[top + 1] = a;
    stack[top + 2] = b;
    stack[top + 3] = c;
    stack[top + 4] = d;
    this.#top = top + ENTRY;
  }

  #setRegister(register: number, value: number): void {
    this.#push(Todo.restore, register, this.#registers[register]!);
    this.#registers[register] = value;
  }

  /** Whether a failure is known; if not, it will be remembered when it comes. */
  #knownToFail(pc: number, at: number): boolean {
    const memory = this.#program.memory[pc]!;
    if (memory < 0 || this.#steps < MEMORY_FROM) return false;
    const bits = this.#program.memories * (this.#text.length + 1);
    if (bits > MEMORY_BITS) return false;
    this.#failed ??= new Uint32Array((bits + 31) >> 5);
    const bit = memory * (this.#text.length + 1) + at;
    if ((this.#failed[bit >> 5]! >>> (bit & 31)) & 1) return true;
    this.#push(Todo.remember, bit, 0);
    return false;
  }

  /** Runs from an instruction to the end of its part. Returns where the match ends; -1 for none. */
  #run(from: number, place: number): number {
    const { code, sets } = this.#program;
    const text = this.#text;
    const base = this.#top;
    let pc = from;
    let at = place;
    for (;;) {
      this.#step(1);
      let failed = false;
      switch (code[pc]) {
        case Op.accept:
          if (this.#whole && at !== text.length) failed = true;
          else {
            this.#top = base;
            return at;
          }
          break;
        case Op.return:
          this.#top = base;
          return at;
        case Op.returnBehind:
          if (at !== this.#behindEnd) failed = true;
          else {
            this.#top = base;
            return at;
          }
          break;
        case Op.character: {
          const c = at < text.length ? text.codePointAt(at)! : -1;
          if (c >= 0 && sets[code[pc + 1]!]!.has(c)) {
            at += c > 0xffff ? 2 : 1;
            pc += 2;
          } else failed = true;
          break;
        }
        case Op.split:
          if (this.#knownToFail(pc, at)) failed = true;
          else {
            this.#push(Todo.resume, code[pc + 2]!, at);
            pc = code[pc + 1]!;
          }
          break;
        case Op.jump:
          pc = code[pc + 1]!;
          break;
        case Op.groupBegin:
          this.#setRegister(code[pc + 1]!, at);
          pc += 2;
          break;
        case Op.groupEnd: {
          const group = code[pc + 2]!;
          this.#setRegister(2 * group, this.#registers[code[pc + 1]!]!);
          this.#setRegister(2 * group + 1, at);
          pc += 3;
          break;
        }
        case Op.greedy:
        case Op.reluctant:
        case Op.possessive:
          at = this.#inFailedRange(pc, at) ? -1 : this.#repeatSet(pc, at);
          pc += 4;
          failed = at < 0;
          break;
        case Op.assertion:
          failed = !holds(this.#program.assertions[code[pc + 1]!]!, text, at, this.#lastEnd);
          pc += 2;
          break;
        case Op.reference:
          at = this.#reference(code[pc + 1]!, code[pc + 2]!, at);
          failed = at < 0;
          pc += 3;
          break;
        case Op.look:
          failed = !this.#look(code[pc + 1]!, code[pc + 2]!, at);
          pc += 3;
          break;
        case Op.atomic: {
          const end = this.#run(code[pc + 1]!, at);
          if (end >= 0) at = end;
          else failed = code[pc + 2] === 0;
          pc += 3;
          break;
        }
        case Op.atomicLoop:
          at = this.#atomicLoop(pc, at);
          failed = at < 0;
          pc += 6;
          break;
        case Op.loopEnter:
          pc = this.#loopEnter(pc, at);
          break;
        case Op.loopAgain:
          pc = this.#loopAgain(pc, at);
          break;
        case Op.loopMore:
          if (this.#knownToFail(pc, at)) {
            failed = true;
            break;
          }
          this.#setRegister(code[pc + 1]!, this.#registers[code[pc + 1]!]! + 1);
          pc = code[pc + 2]!;
          break;
        case Op.lineBreak: {
          const c = text.charCodeAt(at);
          if (c === 13 && text.charCodeAt(at + 1) === 10) {
            this.#push(Todo.resume, pc + 1, at + 1);
            at += 2;
          } else if ((c >= 10 && c <= 13) || c === 0x85 || c === 0x2028 || c === 0x2029) at++;
          else failed = true;
          pc++;
          break;
        }
        case Op.grapheme:
          if (at < text.length) at = graphemeEnd(text, at);
          else failed = true;
          pc++;
          break;
      }
      if (failed) {
        pc = this.#backtrack(base);
        if (pc < 0) return -1;
        at = this.#resumedAt;
      }
    }
  }

  /** The place that {@link #backtrack} returns beside the instruction. */
  #resumedAt = 0;

  /** Takes the last thing to do. Returns the instruction to continue with; -1 if there is none. */
  #backtrack(base: number): number {
    while (this.#top > base) {
      this.#step(1);
      this.#top -= ENTRY;
      const top = this.#top;
      const stack = this.#stack;
      const a = stack[top + 1]!;
      let at = stack[top + 2]!;
      switch (stack[top]) {
        case Todo.resume:
          this.#resumedAt = at;
          return a;
        case Todo.restore:
          this.#registers[a] = at;
          continue;
        case Todo.remember:
          this.#failed![a >> 5]! |= 1 << (a & 31);
          continue;
        case Todo.rememberRange:
          this.#failedRanges![2 * a] = at;
          this.#failedRanges![2 * a + 1] = stack[top + 3]!;
          continue;
        case Todo.giveBack: {
          const lowest = stack[top + 3]!;
          at = Math.max(lowest, at - (codePointBefore(this.#text, at) > 0xffff ? 2 : 1));
          if (at > lowest) this.#push(Todo.giveBack, a, at, lowest);
          break;
        }
        case Todo.takeMore: {
          const rest = stack[top + 3]!;
          const set = stack[top + 4]!;
          const c = at < this.#text.length ? this.#text.codePointAt(at)! : -1;
          if (c < 0 || !this.#program.sets[set]!.has(c)) continue;
          at += c > 0xffff ? 2 : 1;
          if (rest !== 1) this.#push(Todo.takeMore, a, at, rest - 1, set);
          break;
        }
        case Todo.resumeGroup: {
          const group = stack[top + 3]!;
          this.#registers[2 * group] = stack[top + 4]!;
          this.#registers[2 * group + 1] = at;
          break;
        }
        case Todo.repeatMore: {
          at = this.#repeatOnce(a, at, stack[top + 3]!);
          if (at < 0) continue;
          this.#resumedAt = at;
          return a + 6;
        }
      }
      if (this.#knownToFail(a, at)) continue;
      this.#resumedAt = at;
      return a;
    }
    return -1;
  }

  /**
   * Whether a repetition without a limit begins where an earlier one failed. It would take the same
   * characters up to the same end, so the rest would fail again.
   */
  #inFailedRange(pc: number, at: number): boolean {
    const ranges = this.#failedRanges;
    return ranges !== null && at >= ranges[2 * pc]! && at <= ranges[2 * pc + 1]!;
  }

  /** Remembers the places of a repetition when all of them have failed. */
  #rememberRange(pc: number, from: number, end: number): void {
    if (this.#program.memory[pc]! < 0 || this.#steps < MEMORY_FROM) return;
    this.#failedRanges ??= new Int32Array(2 * this.#program.code.length).fill(-1);
    this.#push(Todo.rememberRange, pc, from, end);
  }

  /** Repeats a set of characters. Returns the place after it; -1 if there are too few. */
  #repeatSet(pc: number, from: number): number {
    const { code, sets } = this.#program;
    const set = sets[code[pc + 1]!]!;
    const min = code[pc + 2]!;
    const max = code[pc + 3]!;
    const reluctant = code[pc] === Op.reluctant;
    const lowest = this.#take(set, from, min);
    if (lowest < 0) return -1;
    if (max === min) return lowest;
    if (reluctant) {
      this.#push(Todo.takeMore, pc + 4, lowest, max < 0 ? -1 : max - min, code[pc + 1]);
      return lowest;
    }
    const end = this.#takeAll(set, lowest, max < 0 ? Infinity : max - min);
    if (max < 0) this.#rememberRange(pc, from, end);
    if (code[pc] === Op.greedy && end > lowest) this.#push(Todo.giveBack, pc + 4, end, lowest);
    return end;
  }

  /** Takes exactly so many characters; -1 if there are fewer. */
  #take(set: CodePointSet, from: number, count: number): number {
    let at = from;
    for (let n = 0; n < count; n++) {
      const c = at < this.#text.length ? this.#text.codePointAt(at)! : -1;
      if (c < 0 || !set.has(c)) return -1;
      at += c > 0xffff ? 2 : 1;
    }
    this.#step(count);
    return at;
  }

  #takeAll(set: CodePointSet, from: number, most: number): number {
    const text = this.#text;
    let at = from;
    for (let n = 0; n < most && at < text.length; n++) {
      const c = text.codePointAt(at)!;
      if (!set.has(c)) break;
      at += c > 0xffff ? 2 : 1;
    }
    this.#step(at - from);
    return at;
  }

  /** Returns the place after the text of a group; -1 if it is not there. */
  #reference(group: number, ignoreCase: number, at: number): number {
    const text = this.#text;
    const begin = this.#registers[2 * group]!;
    const size = this.#registers[2 * group + 1]! - begin;
    if (begin < 0 || at + size > text.length) return -1;
    this.#step(size);
    if (ignoreCase === 0) return text.startsWith(text.slice(begin, begin + size), at) ? at + size : -1;
    let left = at;
    let right = begin;
    // Java counts code units of the group here, and compares code points.
    for (let i = 0; i < size; i++) {
      const a = text.codePointAt(left) ?? -1;
      const b = text.codePointAt(right) ?? -1;
      if (a !== b && (ignoreCase === 1 ? asciiLower(a) !== asciiLower(b) : !sameLetter(a, b))) return -1;
      left += a > 0xffff ? 2 : 1;
      right += b > 0xffff ? 2 : 1;
    }
    return at + size;
  }

  #look(index: number, body: number, at: number): boolean {
    const look = this.#program.looks[index]!;
    if (!look.behind) return this.#run(body, at) >= 0 !== look.negative;
    const outerEnd = this.#behindEnd;
    this.#behindEnd = at;
    let found = false;
    const { max, min } = look;
    const lowest = Math.max(0, look.supplementary ? this.#back(at, max) : (at - max) | 0);
    let start = look.supplementary ? this.#back(at, min) : at - min;
    while (!found && start >= lowest) {
      found = this.#run(body, start) >= 0;
      start = look.supplementary && start > lowest ? this.#back(start, 1) : start - 1;
    }
    this.#behindEnd = outerEnd;
    return found !== look.negative;
  }

  /** Returns the place so many code points before. */
  #back(from: number, count: number): number {
    let at = from;
    for (let n = 0; n < count && at > 0; n++) at -= codePointBefore(this.#text, at) > 0xffff ? 2 : 1;
    return at;
  }

  /** Repeats a part that matches for itself. Returns the place after it; -1 for too few. */
  #atomicLoop(pc: number, from: number): number {
    const { code } = this.#program;
    const body = code[pc + 1]!;
    const mode = code[pc + 2]!;
    const min = code[pc + 3]!;
    const max = code[pc + 4]!;
    const group = code[pc + 5]!;
    if (group > 0) {
      this.#setRegister(2 * group, this.#registers[2 * group]!);
      this.#setRegister(2 * group + 1, this.#registers[2 * group + 1]!);
    }
    let at = from;
    for (let n = 0; n < min; n++) {
      const end = this.#run(body, at);
      if (end < 0) return -1;
      this.#setGroup(group, at, end);
      // Further repetitions of nothing change nothing.
      if (end === at && n > 0) break;
      at = end;
    }
    const rest = max < 0 ? -1 : max - min;
    if (mode === 1) {
      if (rest !== 0) this.#push(Todo.repeatMore, pc, at, rest);
      return at;
    }
    return this.#repeatAll(pc, at, rest, mode === 2);
  }

  #setGroup(group: number, begin: number, end: number): void {
    if (group === 0) return;
    this.#registers[2 * group] = begin;
    this.#registers[2 * group + 1] = end;
  }

  /** Repeats a part as often as it matches and advances; gives back repetitions if that may be. */
  #repeatAll(pc: number, from: number, most: number, possessive: boolean): number {
    const { code } = this.#program;
    const body = code[pc + 1]!;
    const group = code[pc + 5]!;
    const next = pc + 6;
    let at = from;
    for (let n = 0; n !== most; n++) {
      const end = this.#run(body, at);
      if (end < 0) break;
      if (end === at) {
        if (possessive) this.#setGroup(group, at, end);
        break;
      }
      if (!possessive) {
        if (n > 0 && group > 0) this.#push(Todo.resumeGroup, next, at, group, this.#registers[2 * group]!);
        else {
          this.#push(Todo.resume, next, at);
          if (group > 0) {
            this.#push(Todo.restore, 2 * group, this.#registers[2 * group]!);
            this.#push(Todo.restore, 2 * group + 1, this.#registers[2 * group + 1]!);
          }
        }
      }
      this.#setGroup(group, at, end);
      at = end;
    }
    return at;
  }

  /** Repeats a part once more when the rest failed. Returns the place after it; -1 if it fails. */
  #repeatOnce(pc: number, from: number, rest: number): number {
    const { code } = this.#program;
    const end = this.#run(code[pc + 1]!, from);
    if (end < 0 || end === from) return -1;
    this.#setGroup(code[pc + 5]!, from, end);
    if (rest !== 1) this.#push(Todo.repeatMore, pc, end, rest - 1);
    return end;
  }

  #loopEnter(pc: number, at: number): number {
    const { code } = this.#program;
    const counter = code[pc + 1]!;
    const next = code[pc + 6]!;
    if (code[pc + 2]! > 0) {
      this.#setRegister(counter, 1);
      return code[pc + 5]!;
    }
    if (code[pc + 3] === 0) return next;
    this.#setRegister(counter, 0);
    if (code[pc + 4] === 1) {
      this.#push(Todo.resume, code[pc + 7]!, at);
      return next;
    }
    this.#push(Todo.resume, next, at);
    return code[pc + 7]!;
  }

  #loopAgain(pc: number, at: number): number {
    const { code } = this.#program;
    const counter = code[pc + 1]!;
    const next = code[pc + 6]!;
    const more = code[pc + 7]!;
    // A repetition of nothing ends the loop.
    if (at <= this.#registers[code[pc + 8]!]!) return next;
    const count = this.#registers[counter]!;
    if (count < code[pc + 2]!) return more;
    const max = code[pc + 3]!;
    if (max >= 0 && count >= max) return next;
    const reluctant = code[pc + 4] === 1;
    this.#push(Todo.resume, reluctant ? more : next, at);
    return reluctant ? next : more;
  }
}

function sameLetter(a: number, b: number): boolean {
  const upperA = toUpperCase(a);
  const upperB = toUpperCase(b);
  return upperA === upperB || toLowerCase(upperA) === toLowerCase(upperB);
}
