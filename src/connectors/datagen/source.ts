import { Batch } from '../../batch/batch.ts';
import { VectorBuilder } from '../../batch/vector.ts';
import { Alarm } from '../../core/alarm.ts';
import type { Clock } from '../../core/clock.ts';
import type { PollResult, Source, SourceMetrics, Split } from '../../engine/source.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import { generatorOf, type ValueGenerator } from './value-generator.ts';

/** Rows that are due within this time are sent together. */
const PACE_MS = 5;

/**
 * Generates rows only from their number and the seed, so a restart generates the same rows again.
 * The position is the number of the next row.
 */
export class DatagenSource implements Source, Split {
  readonly id = '';
  readonly #node: ScanNode;
  readonly #clock: Clock;
  readonly #generators: readonly ValueGenerator[];
  readonly #perSecond: number;
  readonly #last: number;
  #row = 0;
  #startedAt: number | null = null;
  #startRow = 0;
  #alarm: Alarm | null = null;

  constructor(node: ScanNode, clock: Clock) {
    const { options } = node;
    this.#node = node;
    this.#clock = clock;
    this.#perSecond = Number(options['rows-per-second'] ?? 10000);
    const seed = Number(options['seed'] ?? 0);
    this.#generators = node.fields.map((f, i) => generatorOf(node.columns[i]!.key, f.type, options, seed, clock));
    const bounds = this.#generators.flatMap((g) => g.rows ?? []);
    const asked = options['number-of-rows'];
    this.#last = Math.min(asked === undefined ? Number.POSITIVE_INFINITY : Number(asked), ...bounds);
  }

  start(wake: () => void): void {
    this.#alarm = new Alarm(this.#clock, wake);
  }

  splits(): readonly Split[] {
    return [this];
  }

  poll(maxRows: number): PollResult {
    if (this.#row >= this.#last) return 'end';
    const now = this.#clock.monotonicMs();
    if (this.#startedAt === null) {
      this.#startedAt = now;
      this.#startRow = this.#row;
    }
    const due = this.#startRow + Math.floor(((now - this.#startedAt) / 1000) * this.#perSecond) + 1;
    const count = Math.min(maxRows, due - this.#row, this.#last - this.#row);
    if (count <= 0) {
      const dueMs = this.#startedAt + ((this.#row - this.#startRow) / this.#perSecond) * 1000 - now;
      this.#alarm?.set(Math.max(PACE_MS, dueMs));
      return 'idle';
    }
    const columns = this.#generators.map((generator, c) => {
      const builder = new VectorBuilder(this.#node.fields[c]!.type, count);
      for (let i = 0; i < count; i++) builder.set(i, generator.value(this.#row + i));
      return builder.finish();
    });
    this.#row += count;
    return new Batch(count, columns);
  }

  position(): unknown {
    return this.#row;
  }
  seek(position: unknown): void {
    this.#row = position as number;
    this.#startedAt = null;
  }
  metrics(): SourceMetrics {
    return { malformed: 0, bytes: 0 };
  }
  close(): void {
    this.#alarm?.clear();
  }
}
