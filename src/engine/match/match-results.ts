import { INSERT } from '../../batch/batch.ts';
import { BatchBuilder } from '../../batch/batch-builder.ts';
import type { Field } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { ScalarExpression } from '../expressions/evaluate.ts';
import type { Output } from '../operator.ts';
import { emptyBinding, type MatchBinding } from './match-binding.ts';
import type { StandardMatch } from './matcher.ts';
import { type KeptRow, type PathNode, pathRows } from './partial-match.ts';

/** Describes where the values of a result row come from. */
interface ResultColumns {
  /** The input columns of PARTITION BY, in the order of the key. */
  readonly partition: readonly number[];
  /** For each input column, its position in the values of kept rows. */
  readonly keptAt: Int32Array;
  readonly measures: readonly ScalarExpression<MatchBinding>[];
}

/** Builds the result rows and emits them, with the watermarks between them. */
export class MatchResults {
  readonly #values: readonly ((key: readonly unknown[], binding: MatchBinding) => unknown)[];
  readonly #rows: MatchNode['rows'];
  readonly #isMeasure: readonly boolean[];
  readonly #binding: MatchBinding = emptyBinding(null);
  readonly #builder: BatchBuilder;
  /** The output between `begin` and `end`; otherwise null. */
  #out: Output | null = null;

  constructor(
    fields: readonly Field[],
    outputs: MatchNode['outputs'],
    rows: MatchNode['rows'],
    columns: ResultColumns,
    batchRows: number,
  ) {
    this.#rows = rows;
    this.#isMeasure = outputs.map((output) => 'measure' in output);
    this.#values = outputs.map((output) => {
      if ('measure' in output) {
        const measure = columns.measures[output.measure]!;
        return (_key, binding) => measure(binding);
      }
      const place = columns.partition.indexOf(output.column);
      if (place >= 0) return (key) => key[place];
      const kept = columns.keptAt[output.column]!;
      return (_key, { shown }) => shown!.values[kept];
    });
    this.#builder = new BatchBuilder(
      fields.map(({ type }) => type),
      batchRows,
      (batch) => this.#out!.emit(batch),
    );
  }

  begin(out: Output): void {
    this.#out = out;
  }

  /**
   * Adds the result rows of a match that ends with `path`. The match was found while `time` was
   * processed. `number` is the number of the match in its partition.
   */
  match(path: PathNode, time: number, key: readonly unknown[], number: number | null): void {
    const binding = this.#binding;
    binding.whole = path;
    binding.time = time;
    binding.number = number === null ? null : BigInt(number);
    if (this.#rows.kind === 'all') for (const node of pathRows(path)) this.#row(node, node.row, key);
    else this.#row(path, path.row, key);
    binding.whole = null;
  }

  /**
   * Adds the result rows of a match with standard semantics. An empty match can show only the row
   * at which it starts.
   */
  standardMatch(match: StandardMatch, time: number, key: readonly unknown[]): void {
    const { path, start, number } = match;
    const binding = this.#binding;
    binding.whole = path;
    binding.time = time;
    binding.number = number === null ? null : BigInt(number);
    binding.rows = match.rows;
    if (this.#rows.kind === 'one') this.#row(path, start, key);
    else if (path !== null) {
      for (const node of pathRows(path)) if (node.excluded !== true) this.#row(node, node.row, key);
    } else if (this.#rows.empty === 'show') this.#row(null, start, key);
    binding.whole = null;
    binding.rows = null;
  }

  /** Adds a row that is in no match. Its measures are NULL. */
  unmatched(row: KeptRow, key: readonly unknown[]): void {
    this.#binding.shown = row;
    const at = this.#builder.row(INSERT);
    for (let column = 0; column < this.#values.length; column++) {
      this.#builder.set(column, at, this.#isMeasure[column] ? null : this.#values[column]!(key, this.#binding));
    }
    this.#binding.shown = null;
  }

  /** Adds the row of a partial match that reached its time bound at `time`. */
  timeout(path: PathNode, time: number, key: readonly unknown[]): void {
    const binding = this.#binding;
    binding.whole = path;
    binding.time = time;
    binding.number = null;
    binding.status = 'TIMEOUT';
    this.#row(path, path.row, key);
    binding.status = 'MATCH';
    binding.whole = null;
  }

  #row(path: PathNode | null, shown: KeptRow, key: readonly unknown[]): void {
    const row = this.#builder.row(INSERT);
    this.#binding.path = path;
    this.#binding.shown = shown;
    for (let column = 0; column < this.#values.length; column++) {
      this.#builder.set(column, row, this.#values[column]!(key, this.#binding));
    }
    this.#binding.path = null;
    this.#binding.shown = null;
  }

  /** Adds a watermark. The result rows added before it come from input up to this watermark. */
  mark(watermark: number): void {
    this.#builder.mark(watermark);
  }

  end(): void {
    this.#builder.flush();
    this.#out = null;
  }
}
