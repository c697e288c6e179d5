import type { BacktrackingProgram } from './backtracking-program.ts';

/** Failures are remembered from this number of steps on: most texts need fewer. */
const MEMORY_FROM = 2000;
/** At most 8 MB of remembered failures. */
const MEMORY_BITS = 1 << 26;

/**
 * The places of a text at which an instruction is known to fail. Without this
 * memory, nested repetitions would try the same place again and again.
 */
export class FailureMemory {
  readonly #program: BacktrackingProgram;
  readonly #places: number;
  readonly #bits: number;
  #failed: Uint32Array | null = null;
  /** For each instruction: the first and last place of a repetition that failed. */
  #ranges: Int32Array | null = null;

  /** `length`: the code units of the text. */
  constructor(program: BacktrackingProgram, length: number) {
    this.#program = program;
    this.#places = length + 1;
    this.#bits = program.memories * this.#places;
  }

  /**
   * Returns the number of the bit for a failure of an instruction at a place; -1 if failures of it
   * are not remembered.
   */
  bitOf(pc: number, at: number, steps: number): number {
    const memory = this.#program.memory[pc]!;
    if (memory < 0 || steps < MEMORY_FROM || this.#bits > MEMORY_BITS) return -1;
    return memory * this.#places + at;
  }

  has(bit: number): boolean {
    return this.#failed !== null && ((this.#failed[bit >> 5]! >>> (bit & 31)) & 1) === 1;
  }

  add(bit: number): void {
    this.#failed ??= new Uint32Array((this.#bits + 31) >> 5);
    this.#failed[bit >> 5]! |= 1 << (bit & 31);
  }

  /**
   * Returns whether a repetition without a limit begins where an earlier one failed. It would take
   * the same characters up to the same end, so the rest would fail again.
   */
  isInRange(pc: number, at: number): boolean {
    const ranges = this.#ranges;
    return ranges !== null && at >= ranges[2 * pc]! && at <= ranges[2 * pc + 1]!;
  }

  /** Returns whether failed repetitions of an instruction are remembered. */
  keepsRanges(pc: number, steps: number): boolean {
    return this.#program.memory[pc]! >= 0 && steps >= MEMORY_FROM;
  }

  addRange(pc: number, from: number, end: number): void {
    this.#ranges ??= new Int32Array(2 * this.#program.code.length).fill(-1);
    this.#ranges[2 * pc] = from;
    this.#ranges[2 * pc + 1] = end;
  }
}
