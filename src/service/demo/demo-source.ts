import fs from 'node:fs';
import { Batch } from '../../batch/batch.ts';
import { VectorBuilder } from '../../batch/vector.ts';
import { type MalformedRecords, malformedRecords } from '../../connectors/malformed-records.ts';
import { Alarm } from '../../core/alarm.ts';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import { ONLY_SPLIT, type PollResult, type Source, type SourceMetrics, type Split } from '../../engine/source.ts';
import { byteRanges } from '../../formats/byte-ranges.ts';
import { createDecoder } from '../../formats/format-registry.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import { type DemoTable, dataLines } from './demo-timeline.ts';
import { moveMoment } from './moment.ts';

const ROWS_AT_ONCE = 1024;

interface DemoRow {
  /** The turn of the row within a pass. */
  readonly turn: number;
  readonly values: readonly unknown[];
}

/** The start of the round, ms since 1970, and its next row, counted over all of its passes. */
interface DemoPosition {
  readonly startAt: number;
  readonly next: number;
}

/**
 * Plays an input file several times, until the round is over. Each pass is one period later in
 * event time than the previous one, so time never goes back in a round. The last pass ends at the
 * time at which the round started. After a restart the source continues at its position.
 */
export class DemoSource implements Source, Split {
  readonly id = ONLY_SPLIT;
  readonly #node: ScanNode;
  readonly #table: DemoTable;
  readonly #clock: Clock;
  readonly #rows: readonly DemoRow[];
  readonly #shifted: readonly boolean[];
  readonly #malformed: MalformedRecords;
  #bytes = 0;
  #startAt: number;
  #next = 0;
  /** The monotonic time at which turn `#firstTurn` was due. */
  #startedAt: number | null = null;
  #firstTurn = 0;
  #alarm: Alarm | null = null;

  /** `startAt`: the start of the round; all tables of a job have the same. */
  constructor(node: ScanNode, table: DemoTable, clock: Clock, startAt: number) {
    this.#node = node;
    this.#table = table;
    this.#clock = clock;
    this.#startAt = startAt;
    this.#shifted = node.columns.map((c) => c.source === 'physical' && table.shifted.includes(c.key));
    this.#malformed = malformedRecords(
      { ...node, options: { ...node.options, format: 'json' } },
      { baseDirectory: '', roots: null, job: table.file, checkpointed: false },
      (_start, line) => ({ known: { file: table.file }, text: () => `${table.file}: record ${line + 1}` }),
    );
    this.#rows = this.#read();
    if (this.#rows.length === 0) {
      throw new EngineError('CONNECTOR_READ', `${table.file} has no rows for the demo`, { file: table.file });
    }
  }

  /** Reads the rows of the file. A malformed line does not change the turns of the other rows. */
  #read(): readonly DemoRow[] {
    const text = fs.readFileSync(this.#table.file, 'utf8');
    this.#bytes = Buffer.byteLength(text);
    const options = { ...this.#node.options, format: 'json' };
    const decoder = createDecoder(options, this.#node, ROWS_AT_ONCE, this.#malformed.handle);
    const lines = byteRanges(dataLines(text));
    const rows: DemoRow[] = [];
    for (let from = 0; from < lines.count; ) {
      const { batch, ranges, next } = decoder.decodeValues(lines, from, ROWS_AT_ONCE);
      from = next;
      for (let row = 0; row < batch.size; row++) {
        const turn = this.#table.turns[ranges[row]!];
        if (turn !== undefined) rows.push({ turn, values: batch.columns.map((column) => column.get(row)) });
      }
    }
    return rows;
  }

  start(wake: () => void): void {
    this.#alarm = new Alarm(this.#clock, wake);
  }

  splits(): readonly Split[] {
    return [this];
  }

  poll(maxRows: number): PollResult {
    const now = this.#clock.monotonicMs();
    const left = this.#rowsOfRound - this.#next;
    if (left <= 0) return 'end';
    if (this.#startedAt === null) {
      this.#startedAt = now;
      this.#firstTurn = this.#turnOf(this.#next);
    }
    const due = this.#firstTurn + ((now - this.#startedAt) / 1000) * this.#table.turnsPerSecond;
    let count = 0;
    while (count < Math.min(maxRows, left) && this.#turnOf(this.#next + count) <= due) count++;
    if (count === 0) {
      this.#alarm?.set(((this.#turnOf(this.#next) - due) / this.#table.turnsPerSecond) * 1000);
      return 'idle';
    }
    const columns = this.#node.fields.map((field, c) => {
      const builder = new VectorBuilder(field.type, count);
      for (let i = 0; i < count; i++) builder.set(i, this.#value(this.#next + i, c));
      return builder.finish();
    });
    this.#next += count;
    return new Batch(count, columns);
  }

  get #rowsOfRound(): number {
    return this.#rows.length * this.#table.passesPerRound;
  }

  /** Returns the turn of a row, counted over all passes. */
  #turnOf(row: number): number {
    const n = this.#rows.length;
    return Math.floor(row / n) * this.#table.turnsPerPass + this.#rows[row % n]!.turn;
  }

  #value(row: number, column: number): unknown {
    const n = this.#rows.length;
    const value = this.#rows[row % n]!.values[column]!;
    if (!this.#shifted[column]) return value;
    const { passesPerRound, firstMs, periodMs } = this.#table;
    const shift = this.#startAt - firstMs + (Math.floor(row / n) - passesPerRound) * periodMs;
    return moveMoment(value, this.#node.fields[column]!.type, shift);
  }

  position(): DemoPosition {
    return { startAt: this.#startAt, next: this.#next };
  }
  /** A number is a position of an earlier version, whose rounds had no end. Its round is over. */
  seek(position: unknown): void {
    const { startAt, next } =
      typeof position === 'number' ? { startAt: this.#startAt, next: this.#rowsOfRound } : (position as DemoPosition);
    this.#startAt = startAt;
    this.#next = next;
    this.#startedAt = null;
  }
  metrics(): SourceMetrics {
    return { malformed: this.#malformed.count, bytes: this.#bytes };
  }
  close(): void {
    this.#alarm?.clear();
  }
}
