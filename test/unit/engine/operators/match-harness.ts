import { Batch } from '../../../../src/batch/batch.ts';
import { VectorBuilder } from '../../../../src/batch/vector.ts';
import { BIGINT, BOOLEAN, type Field, INT, STRING, timestamp } from '../../../../src/core/data-type.ts';
import type { ObservedMatch } from '../../../../src/engine/match/match-observer.ts';
import type { OperatorCounters } from '../../../../src/engine/operator.ts';
import { MatchOperator } from '../../../../src/engine/operators/match.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import type { StateBackend } from '../../../../src/engine/state/state-backend.ts';
import type { Expression, MatchNavigation } from '../../../../src/plan/expression.ts';
import {
  type MatchNode,
  ONCE,
  type PatternElement,
  type PatternLink,
  type Quantifier,
} from '../../../../src/plan/match-node.ts';

/** A row of the test's stream; `ts` in milliseconds. */
export interface TestRow {
  readonly id: number;
  readonly k: string | null;
  readonly kind: string;
  readonly v: number | null;
  readonly ts: number;
}

export const INPUT: readonly Field[] = [
  { name: 'id', type: INT },
  { name: 'k', type: STRING },
  { name: 'kind', type: STRING },
  { name: 'v', type: BIGINT },
  { name: 'ts', type: timestamp(3) },
];
const COLUMNS = { id: 0, k: 1, kind: 2, v: 3, ts: 4 } as const;

export const column = (name: keyof typeof COLUMNS): Expression => ({
  kind: 'column',
  index: COLUMNS[name],
  type: INPUT[COLUMNS[name]]!.type,
});

export const last = (variable: string | null, name: keyof typeof COLUMNS, offset = 0): MatchNavigation => ({
  kind: 'match-navigation',
  variable,
  direction: 'last',
  offset,
  expression: column(name),
  type: INPUT[COLUMNS[name]]!.type,
});
export const first = (variable: string | null, name: keyof typeof COLUMNS, offset = 0): MatchNavigation => ({
  ...last(variable, name, offset),
  direction: 'first',
});

export const call = (name: string, ...args: Expression[]): Expression => ({
  kind: 'call',
  function: name,
  args,
  type: BOOLEAN,
});
export const kindIs = (kind: string): Expression =>
  call('=', column('kind'), { kind: 'literal', value: kind, type: STRING });
export const all = (...args: Expression[]): Expression => ({ kind: 'and', args, type: BOOLEAN });

export function variable(
  name: string,
  quantifier: Partial<Quantifier> = {},
  link: PatternLink = 'next',
): PatternElement {
  return { kind: 'variable', variable: name, link, quantifier: { ...ONCE, ...quantifier } };
}

export function matchNode(
  elements: readonly PatternElement[],
  define: Readonly<Record<string, Expression>>,
  measures: readonly Expression[],
  options: Partial<Pick<MatchNode, 'within' | 'skip' | 'partition' | 'order' | 'time' | 'rows'>> = {},
): MatchNode {
  const partition = options.partition ?? [COLUMNS.k];
  return {
    kind: 'match',
    id: 1,
    name: 'match',
    inputs: [0],
    fields: [
      ...partition.map((index) => INPUT[index]!),
      ...measures.map((measure, i) => ({ name: `m${i}`, type: measure.type })),
    ],
    partition,
    time: options.time ?? { column: COLUMNS.ts, time: 'rowtime' },
    order: options.order ?? [],
    semantics: 'flink',
    subsets: [],
    rows: options.rows ?? { kind: 'one', timeouts: false },
    outputs: [...partition.map((column) => ({ column })), ...measures.map((_, measure) => ({ measure }))],
    pattern: { kind: 'sequence', elements },
    define: Object.entries(define).map(([name, condition]) => ({ variable: name, condition })),
    measures,
    within: options.within ?? null,
    skip: options.skip ?? { kind: 'to-next-row' },
  };
}

export type Kill = 'never' | 'after each batch' | 'in the next batch';

/**
 * Runs one operator over rows in batches of a given size. The watermark `ts - delay` follows each
 * row.
 */
export class MatchHarness {
  /** Results and watermarks in the order of the output. */
  readonly output: string[] = [];
  readonly #node: MatchNode;
  #backend: StateBackend;
  #store: CachedStateStore;
  #operator: MatchOperator;
  readonly #budgetBytes: number;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #observed: ObservedMatch | undefined;
  #now = 0;

  constructor(
    node: MatchNode,
    budgetBytes = 1 << 26,
    settings: Readonly<Record<string, string>> = {},
    backend: StateBackend = new MemoryBackend(),
    observed?: ObservedMatch,
  ) {
    this.#observed = observed;
    this.#backend = backend;
    this.#settings = settings;
    this.#node = node;
    this.#budgetBytes = budgetBytes;
    this.#store = new CachedStateStore(this.#backend, budgetBytes);
    this.#operator = this.#build();
  }

  #build(): MatchOperator {
    return new MatchOperator(this.#node, INPUT, {
      operator: 7,
      state: this.#store,
      clock: { now: () => this.#now, monotonicMs: () => 0, sleep: () => Promise.resolve() },
      settings: this.#settings,
      environment: { zone: 'UTC', now: () => this.#now, random: () => 0.5 },
      batchRows: 64,
      ...(this.#observed === undefined ? {} : { observedMatch: this.#observed }),
    });
  }

  async run(rows: readonly TestRow[], batchRows: number, delay: number, kill: Kill = 'never'): Promise<void> {
    // Flink's watermark assigner begins at 0 and sends only larger values.
    let watermark = 0;
    for (let at = 0; at < rows.length; at += batchRows) {
      const part = rows.slice(at, at + batchRows);
      const positions: number[] = [];
      const values: number[] = [];
      for (const [i, row] of part.entries()) {
        if (row.ts - delay <= watermark) continue;
        watermark = row.ts - delay;
        positions.push(i + 1);
        values.push(watermark);
      }
      if (kill === 'in the next batch') await this.#checkpointBehind(() => this.#feed(part, positions, values));
      await this.#feed(part, positions, values);
      if (kill === 'after each batch') await this.killAndRestore();
    }
  }

  /** Moves the watermark without a row. */
  advance(watermark: number): Promise<void> {
    return this.#feed([], [0], [watermark]);
  }

  async #feed(rows: readonly TestRow[], positions: readonly number[], values: readonly number[]): Promise<void> {
    const columns = INPUT.map(({ name, type }) => {
      const builder = new VectorBuilder(type, rows.length);
      for (const [i, row] of rows.entries()) builder.set(i, row[name as keyof TestRow]);
      return builder.finish();
    });
    const marks = { count: values.length, positions: Int32Array.from(positions), values: Float64Array.from(values) };
    await this.#operator.onBatch(new Batch(rows.length, columns, null, null, rows.length, marks), 0, {
      emit: (batch) => this.#collect(batch),
    });
    // Reports that many rows will arrive, so that a cache over its budget evicts entries now.
    await this.#store.maintain(65536);
  }

  /** Advances the clock without a row. */
  async tick(now: number): Promise<void> {
    this.#now = now;
    await this.#operator.onProcessingTime(now, { emit: (batch) => this.#collect(batch) });
  }

  /** Sends rows that arrive at a time of the clock. */
  at(now: number, rows: readonly TestRow[]): Promise<void> {
    this.#now = now;
    return this.#feed(rows, [], []);
  }

  /** Returns the content of the back end after a barrier. */
  async storedEntries(): Promise<number> {
    await this.killAndRestore();
    let stored = 0;
    for await (const entries of this.#backend.scan(Buffer.alloc(1), Buffer.alloc(3, 255))) stored += entries.length;
    return stored;
  }

  get evictedEntries(): number {
    return this.#store.evictedEntries;
  }

  #collect(batch: Batch): void {
    let mark = 0;
    const { marks } = batch;
    for (let row = 0; row <= batch.size; row++) {
      for (; marks !== null && mark < marks.count && marks.positions[mark]! <= row; mark++) {
        this.output.push(`watermark ${marks.values[mark]}`);
      }
      if (row < batch.size) this.output.push(JSON.stringify(batch.columns.map((vector) => vector.get(row))));
    }
  }

  /** Kills the operator immediately after a checkpoint, and restores it from the checkpoint. */
  async killAndRestore(): Promise<void> {
    const snapshot = JSON.stringify(this.#operator.snapshot());
    this.#store.seal();
    await this.#store.writeSealed();
    this.#store.unseal();
    await this.#restore(snapshot);
  }

  /**
   * Sends a barrier, then a batch that is processed before the checkpoint is written. Then kills
   * the job and continues it from the checkpoint.
   */
  async #checkpointBehind(batch: () => Promise<void>): Promise<void> {
    const snapshot = JSON.stringify(this.#operator.snapshot());
    const { length } = this.output;
    this.#store.seal();
    await batch();
    this.output.length = length;
    await this.#store.writeSealed();
    const written = new MemoryBackend();
    for await (const entries of this.#backend.scan(Buffer.alloc(1), Buffer.alloc(3, 255))) await written.write(entries);
    this.#backend = written;
    await this.#restore(snapshot);
  }

  async #restore(snapshot: string): Promise<void> {
    this.#store = new CachedStateStore(this.#backend, this.#budgetBytes);
    this.#operator = this.#build();
    await this.#store.restore([7]);
    this.#operator.restore(JSON.parse(snapshot));
  }

  results(): string[] {
    return this.output.filter((line) => !line.startsWith('watermark'));
  }
  metrics(): OperatorCounters {
    return this.#operator.metrics();
  }
  entryCounts(): Readonly<Record<string, number>> {
    return this.#store.entryCounts();
  }
}
