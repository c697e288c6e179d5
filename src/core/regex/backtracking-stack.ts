/** What to do when the match fails. Each entry of the stack is one of these with four operands. */
export const Todo = {
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

/** The numbers of an entry: its kind and its operands. */
const ENTRY = 5;

/** A stack of the entries to process when a match fails. It grows as needed. */
export class BacktrackingStack {
  /** The position after the last entry. */
  top = 0;
  #entries: Int32Array = new Int32Array(64 * ENTRY);

  push(kind: number, a: number, b: number, c = 0, d = 0): void {
    let entries = this.#entries;
    const { top } = this;
    if (top + ENTRY > entries.length) {
      this.#entries = new Int32Array(2 * entries.length);
      this.#entries.set(entries);
      entries = this.#entries;
    }
    entries[top] = kind;
    entries[top + 1] = a;
    entries[top + 2] = b;
    entries[top + 3] = c;
    entries[top + 4] = d;
    this.top = top + ENTRY;
  }

  /** Removes the last entry. Its numbers can be read until the next `push`. */
  pop(): void {
    this.top -= ENTRY;
  }

  /** Returns a number of the entry that was removed last: 0 is its kind, 1 to 4 its operands. */
  popped(number: number): number {
    return this.#entries[this.top + number]!;
  }
}
