/**
 * Generates random numbers that are the same for the same seed (a 32-bit xorshift over the seed and
 * the number of the case).
 */
export class SeededRandom {
  #state: number;

  constructor(seed: number, number = 0) {
    this.#state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b) || 1;
    for (let i = 0; i < 8; i++) this.#next();
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** Returns a number from 0 to limit - 1. */
  below(limit: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * limit);
  }
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }
  chance(probability: number): boolean {
    return this.#next() / 0x1_0000_0000 < probability;
  }
  oneOf<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
  /** Returns some of the choices, in their order. */
  some<T>(choices: readonly T[], count: number): T[] {
    const left = choices.map((_, i) => i);
    const chosen = Array.from(
      { length: Math.min(count, choices.length) },
      () => left.splice(this.below(left.length), 1)[0]!,
    );
    return chosen.sort((a, b) => a - b).map((i) => choices[i]!);
  }
}
