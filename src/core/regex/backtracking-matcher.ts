import { codePointBefore, holds } from './assertions.ts';
import { type BacktrackingProgram, Op } from './backtracking-program.ts';
import { BacktrackingStack, Todo } from './backtracking-stack.ts';
import { afterAll, afterExactly, codePointsBefore, widthAt } from './character-runs.ts';
import { FailureMemory } from './failure-memory.ts';
import { graphemeEnd } from './graphemes.ts';
import { isSameText } from './same-text.ts';

/** The least limit of steps for one text. They take about a tenth of a second. */
export const STEPS_MIN = 4_000_000;
/** Further steps for each code unit of a text. */
const STEPS_PER_UNIT = 32;

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
  readonly #stack = new BacktrackingStack();
  readonly #memory: FailureMemory;
  #start = 0;
  #end = 0;
  #lastEnd = 0;
  #found = false;
  #whole = false;
  #behindEnd = 0;

  /** Makes the error of a match that needs more steps than the given number. */
  readonly #exceeded: (steps: number) => Error;

  constructor(program: BacktrackingProgram, text: string, exceeded: (steps: number) => Error) {
    this.#program = program;
    this.#text = text;
    this.#registers = new Int32Array(program.registers);
    this.#memory = new FailureMemory(program, text.length);
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

  /** Returns whether the whole text matches. */
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

  /** Returns the text of a group; null if the group is not in the match. */
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
      start += wholeCodePoints ? widthAt(text, start) : 1;
    }
    return false;
  }

  #step(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#limit) throw this.#exceeded(this.#limit);
  }

  #setRegister(register: number, value: number): void {
    this.#stack.push(Todo.restore, register, this.#registers[register]!);
    this.#registers[register] = value;
  }

  /** Returns whether a failure is known. If not, it is remembered when it comes. */
  #knownToFail(pc: number, at: number): boolean {
    const bit = this.#memory.bitOf(pc, at, this.#steps);
    if (bit < 0) return false;
    if (this.#memory.has(bit)) return true;
    this.#stack.push(Todo.remember, bit, 0);
    return false;
  }

  /** Runs from an instruction to the end of its part. Returns where the match ends; -1 for none. */
  #run(from: number, place: number): number {
    const { code, sets } = this.#program;
    const text = this.#text;
    const base = this.#stack.top;
    let pc = from;
    let at = place;
    for (;;) {
      this.#step(1);
      let failed = false;
      switch (code[pc]) {
        case Op.accept:
          if (this.#whole && at !== text.length) failed = true;
          else {
            this.#stack.top = base;
            return at;
          }
          break;
        case Op.return:
          this.#stack.top = base;
          return at;
        case Op.returnBehind:
          if (at !== this.#behindEnd) failed = true;
          else {
            this.#stack.top = base;
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
            this.#stack.push(Todo.resume, code[pc + 2]!, at);
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
          at = this.#memory.isInRange(pc, at) ? -1 : this.#repeatSet(pc, at);
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
            this.#stack.push(Todo.resume, pc + 1, at + 1);
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

  /** The place that `#backtrack` returns in addition to the instruction. */
  #resumedAt = 0;

  /** Takes the last entry of the stack. Returns the instruction to continue with, or -1. */
  #backtrack(base: number): number {
    while (this.#stack.top > base) {
      this.#step(1);
      const stack = this.#stack;
      stack.pop();
      const a = stack.popped(1);
      let at = stack.popped(2);
      switch (stack.popped(0)) {
        case Todo.resume:
          this.#resumedAt = at;
          return a;
        case Todo.restore:
          this.#registers[a] = at;
          continue;
        case Todo.remember:
          this.#memory.add(a);
          continue;
        case Todo.rememberRange:
          this.#memory.addRange(a, at, stack.popped(3));
          continue;
        case Todo.giveBack: {
          const lowest = stack.popped(3);
          at = Math.max(lowest, at - (codePointBefore(this.#text, at) > 0xffff ? 2 : 1));
          if (at > lowest) this.#stack.push(Todo.giveBack, a, at, lowest);
          break;
        }
        case Todo.takeMore: {
          const rest = stack.popped(3);
          const set = stack.popped(4);
          const c = at < this.#text.length ? this.#text.codePointAt(at)! : -1;
          if (c < 0 || !this.#program.sets[set]!.has(c)) continue;
          at += c > 0xffff ? 2 : 1;
          if (rest !== 1) this.#stack.push(Todo.takeMore, a, at, rest - 1, set);
          break;
        }
        case Todo.resumeGroup: {
          const group = stack.popped(3);
          this.#registers[2 * group] = stack.popped(4);
          this.#registers[2 * group + 1] = at;
          break;
        }
        case Todo.repeatMore: {
          at = this.#repeatOnce(a, at, stack.popped(3));
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

  /** Repeats a set of characters. Returns the place after it; -1 if there are too few. */
  #repeatSet(pc: number, from: number): number {
    const { code, sets } = this.#program;
    const set = sets[code[pc + 1]!]!;
    const min = code[pc + 2]!;
    const max = code[pc + 3]!;
    const reluctant = code[pc] === Op.reluctant;
    const lowest = afterExactly(this.#text, set, from, min);
    if (lowest < 0) return -1;
    this.#step(min);
    if (max === min) return lowest;
    if (reluctant) {
      this.#stack.push(Todo.takeMore, pc + 4, lowest, max < 0 ? -1 : max - min, code[pc + 1]);
      return lowest;
    }
    const end = afterAll(this.#text, set, lowest, max < 0 ? Infinity : max - min);
    this.#step(end - lowest);
    if (max < 0 && this.#memory.keepsRanges(pc, this.#steps)) this.#stack.push(Todo.rememberRange, pc, from, end);
    if (code[pc] === Op.greedy && end > lowest) this.#stack.push(Todo.giveBack, pc + 4, end, lowest);
    return end;
  }

  /** Returns the place after the text of a group; -1 if it is not there. */
  #reference(group: number, ignoreCase: number, at: number): number {
    const begin = this.#registers[2 * group]!;
    const size = this.#registers[2 * group + 1]! - begin;
    if (begin < 0 || at + size > this.#text.length) return -1;
    this.#step(size);
    return isSameText(this.#text, at, begin, size, ignoreCase) ? at + size : -1;
  }

  #look(index: number, body: number, at: number): boolean {
    const look = this.#program.looks[index]!;
    if (!look.behind) return this.#run(body, at) >= 0 !== look.negative;
    const outerEnd = this.#behindEnd;
    this.#behindEnd = at;
    let found = false;
    const { max, min } = look;
    const lowest = Math.max(0, look.supplementary ? codePointsBefore(this.#text, at, max) : (at - max) | 0);
    let start = look.supplementary ? codePointsBefore(this.#text, at, min) : at - min;
    while (!found && start >= lowest) {
      found = this.#run(body, start) >= 0;
      start = look.supplementary && start > lowest ? codePointsBefore(this.#text, start, 1) : start - 1;
    }
    this.#behindEnd = outerEnd;
    return found !== look.negative;
  }

  /** Repeats an atomic part. Returns the place after it; -1 if there are too few repetitions. */
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
      // Further empty repetitions change nothing.
      if (end === at && n > 0) break;
      at = end;
    }
    const rest = max < 0 ? -1 : max - min;
    if (mode === 1) {
      if (rest !== 0) this.#stack.push(Todo.repeatMore, pc, at, rest);
      return at;
    }
    return this.#repeatAll(pc, at, rest, mode === 2);
  }

  #setGroup(group: number, begin: number, end: number): void {
    if (group === 0) return;
    this.#registers[2 * group] = begin;
    this.#registers[2 * group + 1] = end;
  }

  /**
   * Repeats a part as often as it matches and advances. Gives back repetitions unless it is
   * possessive.
   */
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
        if (n > 0 && group > 0) this.#stack.push(Todo.resumeGroup, next, at, group, this.#registers[2 * group]!);
        else {
          this.#stack.push(Todo.resume, next, at);
          if (group > 0) {
            this.#stack.push(Todo.restore, 2 * group, this.#registers[2 * group]!);
            this.#stack.push(Todo.restore, 2 * group + 1, this.#registers[2 * group + 1]!);
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
    if (rest !== 1) this.#stack.push(Todo.repeatMore, pc, end, rest - 1);
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
      this.#stack.push(Todo.resume, code[pc + 7]!, at);
      return next;
    }
    this.#stack.push(Todo.resume, next, at);
    return code[pc + 7]!;
  }

  #loopAgain(pc: number, at: number): number {
    const { code } = this.#program;
    const counter = code[pc + 1]!;
    const next = code[pc + 6]!;
    const more = code[pc + 7]!;
    // An empty repetition ends the loop.
    if (at <= this.#registers[code[pc + 8]!]!) return next;
    const count = this.#registers[counter]!;
    if (count < code[pc + 2]!) return more;
    const max = code[pc + 3]!;
    if (max >= 0 && count >= max) return next;
    const reluctant = code[pc + 4] === 1;
    this.#stack.push(Todo.resume, reluctant ? more : next, at);
    return reluctant ? next : more;
  }
}
