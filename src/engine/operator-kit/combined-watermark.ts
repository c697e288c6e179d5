import { MIN_WATERMARK, type WatermarkMarks } from '../../batch/batch.ts';

/** An infinite watermark is stored as text, because JSON has no number for it. */
type Stored = number | string;

interface CombinedSnapshot {
  readonly inputs: readonly Stored[];
  readonly current: Stored;
  readonly idle: readonly boolean[];
}

/**
 * The watermark of an operator with several inputs. It is the smallest watermark of the inputs that
 * are not idle. It never decreases. When the last input becomes idle, it advances to the largest
 * watermark of all inputs (Flink's `StatusWatermarkValve`).
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

  /** Sets the watermark of an input. Returns whether the combined watermark has advanced. */
  advance(input: number, watermark: number): boolean {
    this.#inputs[input] = watermark;
    return this.#combine();
  }

  /**
   * Sets whether an input is idle. Returns whether the combined watermark has advanced.
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

  /**
   * Converts the marks of one input to marks of the combined watermark. Null if no mark advances
   * it.
   */
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

  /** Checkpoints of older versions have only the watermarks of the inputs. */
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
