import { MIN_WATERMARK, type WatermarkMarks } from '../../batch/batch.ts';

/** The watermark of an operator with several inputs: the smallest of the inputs' watermarks. */
export class CombinedWatermark {
  readonly #inputs: Float64Array;
  #current = MIN_WATERMARK;

  constructor(inputs: number) {
    this.#inputs = new Float64Array(inputs).fill(MIN_WATERMARK);
  }

  get current(): number {
    return this.#current;
  }

  /** An input's watermark has moved. Returns whether the combined one has moved, too. */
  advance(input: number, watermark: number): boolean {
    this.#inputs[input] = watermark;
    let smallest = Number.POSITIVE_INFINITY;
    for (const each of this.#inputs) if (each < smallest) smallest = each;
    if (smallest <= this.#current) return false;
    this.#current = smallest;
    return true;
  }

  /** The marks of one input as marks of the combined watermark; null when none moves it. */
  combine(marks: WatermarkMarks, input: number): WatermarkMarks | null {
    const positions = new Int32Array(marks.count);
    const values = new Float64Array(marks.count);
    let count = 0;
    for (let mark = 0; mark < marks.count; mark++) {
      if (!this.advance(input, marks.values[mark]!)) continue;
      positions[count] = marks.positions[mark]!;
      values[count++] = this.#current;
    }
    return count === 0 ? null : { count, positions, values };
  }

  /** By input; infinite ones as text, which JSON has no number for. */
  snapshot(): readonly (number | string)[] {
    return [...this.#inputs].map((watermark) => (Number.isFinite(watermark) ? watermark : String(watermark)));
  }

  restore(snapshot: readonly (number | string)[]): void {
    snapshot.forEach((watermark, input) => {
      this.#inputs[input] = Number(watermark);
    });
    this.#current = Math.min(...this.#inputs);
  }
}
