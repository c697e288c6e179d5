import { Batch } from '../../src/batch/batch.ts';
import { VectorBuilder } from '../../src/batch/vector.ts';
import type { PollResult, Source, SourceMetrics, Split } from '../../src/engine/source.ts';
import type { ScanNode } from '../../src/plan/nodes/scan.ts';
import type { TestRow } from '../unit/engine/operators/match-harness.ts';
import type { SimulatedProcess } from './world.ts';

interface SimulatedInput {
  readonly rows: readonly TestRow[];
  /** The number of splits. The rows are distributed to them in turn. */
  readonly splits: number;
  readonly mostAtOnce: number;
}

/** Rows that can always be read again. Some reads wait, and some find no rows yet. */
export class SimulatedSource implements Source {
  readonly #splits: readonly Split[];
  #wake: () => void = () => {};

  constructor(life: SimulatedProcess, node: ScanNode, { rows, splits, mostAtOnce }: SimulatedInput) {
    this.#splits = Array.from({ length: splits }, (_, n) => {
      const own = rows.filter((_row, i) => i % splits === n);
      return new SimulatedSplit(splits === 1 ? '' : `split ${n}`, life, node, own, mostAtOnce, () => this.#wake());
    });
  }

  start(wake: () => void): void {
    this.#wake = wake;
  }

  splits(): readonly Split[] {
    return this.#splits;
  }

  metrics(): SourceMetrics {
    return { malformed: 0, bytes: 0 };
  }

  close(): void {}
}

class SimulatedSplit implements Split {
  readonly id: string;
  readonly #life: SimulatedProcess;
  readonly #node: ScanNode;
  readonly #rows: readonly TestRow[];
  readonly #mostAtOnce: number;
  readonly #wake: () => void;
  #at = 0;

  constructor(
    id: string,
    life: SimulatedProcess,
    node: ScanNode,
    rows: readonly TestRow[],
    mostAtOnce: number,
    wake: () => void,
  ) {
    this.id = id;
    this.#life = life;
    this.#node = node;
    this.#rows = rows;
    this.#mostAtOnce = mostAtOnce;
    this.#wake = wake;
  }

  poll(maxRows: number): PollResult | Promise<PollResult> {
    const { random } = this.#life.world;
    if (random.chance(0.1)) {
      this.#life.world.after(random.below(50) / 10, this.#life, '', this.#wake);
      return 'idle';
    }
    if (random.chance(0.3)) return this.#life.inTime('', 20, () => this.#next(maxRows));
    return this.#next(maxRows);
  }

  #next(maxRows: number): PollResult {
    const { random } = this.#life.world;
    const count = Math.min(random.between(1, Math.min(maxRows, this.#mostAtOnce)), this.#rows.length - this.#at);
    if (count === 0) return 'end';
    const rows = this.#rows.slice(this.#at, this.#at + count);
    this.#at += count;
    const columns = this.#node.fields.map(({ name, type }) => {
      const builder = new VectorBuilder(type, count);
      for (const [i, row] of rows.entries()) builder.set(i, row[name as keyof TestRow]);
      return builder.finish();
    });
    return new Batch(count, columns);
  }

  position(): unknown {
    return { row: this.#at };
  }

  seek(position: unknown): void {
    this.#at = (position as { row: number }).row;
  }
}
