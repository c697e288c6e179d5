import { MIN_WATERMARK, type WatermarkMarks } from '../../batch/batch.ts';

/** Infinite watermarks are text, which JSON has no number for. */
type Stored = number | string;

interface CombinedSnapshot {
  readonly inputs: readonly Stored[];
  readonly current: Stored;
  readonly idle: readonly boolean[];
}

/**
 * The watermark of an operator with several inputs: the smallest of those inputs' that are not
 * idle. It never goes back. When the last input becomes idle, it moves to the largest of all
 * (Flink's `StatusWatermarkValve`).
 */
export class CombinedWatermark {
  readonly #inputs: Float64Array;
  readonly #idle: boolean[];
  #current = MIN_WATERMARK;

  constructor(inputs: number) {
    this.#inputs = new Float64Array(inputs).fill(MIN_WATERMARK);
    this.#idle = new Array<boolean>(inputs).fill(false);
  }

  get current(): number {
    return this.#current;
  }

  /** An input's watermark has moved. Returns whether the combined one has moved, too. */
  advance(input: number, watermark: number): boolean {
    this.#inputs[input] = watermark;
    return this.#combine();
  }

  /**
   * An input has become idle, or is no longer. Returns whether the combined watermark has moved.
   */
  setIdle(input: number, idle: boolean): boolean {
    this.#idle[input] = idle;
    return this.#combine();
  }

  #combine(): boolean {
    let smallest = Number.POSITIVE_INFINITY;
    let largest = MIN_WATERMARK;
    let active = false;
    for (let input = 0; input < this.#inputs.length; input++) {
      const watermark = this.#inputs[input]!;
      if (watermark > largest) largest = watermark;
      if (this.#idle[input]) continue;
      active = true;
      if (watermark < smallest) smallest = watermark;
    }
    const combined = active ? smallest : largest;
    if (combined <= this.#current) return false;
    this.#current = combined;
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

  snapshot(): CombinedSnapshot {
    return { inputs: [...this.#inputs].map(stored), current: stored(this.#current), idle: [...this.#idle] };
  }

  /** Checkpoints before idleness have the inputs' watermarks alone. */
  restore(snapshot: CombinedSnapshot | readonly Stored[]): void {
    const { inputs, idle, current } = 'inputs' in snapshot ? snapshot : { inputs: snapshot, idle: [], current: null };
    inputs.forEach((watermark, input) => {
      this.#inputs[input] = Number(watermark);
      this.#idle[input] = idle[input] === true;
    });
    this.#current = current === null ? Math.min(...this.#inputs) : Number(current);
  }
}

const stored = (watermark: number): Stored => (Number.isFinite(watermark) ? watermark : String(watermark));
