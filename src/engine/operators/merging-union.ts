import { type Batch, watermarkBatch } from '../../batch/batch.ts';
import { mergeWays } from '../../batch/merge-ways.ts';
import { type Vector, VectorBuilder } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import type { UnionNode } from '../../plan/nodes/union.ts';
import { CombinedWatermark } from '../operator-kit/combined-watermark.ts';
import type { Operator, Output } from './operator.ts';

/**
 * UNION ALL of ways that one source's rows take (ADR 0026). What the ways make of one batch of a
 * source is held until the round is over, and then sent as one batch: in the order of the events of
 * the source, for one event in the order of the inputs. So the order does not depend on how the
 * source was cut into batches.
 */
export class MergingUnionOperator implements Operator {
  readonly #types: readonly DataType[];
  readonly #keepOrigins: boolean;
  readonly #watermark: CombinedWatermark;
  readonly #noRows: readonly Vector[];
  /** By input, what has come in the round under way. */
  readonly #came: Batch[][];
  readonly #raise = (input: number, watermark: number): number | null =>
    this.#watermark.advance(input, watermark) ? this.#watermark.current : null;

  /** `keepOrigins`: its rows are on their way to another merge. */
  constructor(node: UnionNode, keepOrigins: boolean) {
    this.#types = node.fields.map(({ type }) => type);
    this.#keepOrigins = keepOrigins;
    this.#watermark = new CombinedWatermark(node.inputs.length);
    this.#came = node.inputs.map(() => []);
    this.#noRows = node.fields.map(({ type }) => new VectorBuilder(type, 0).finish());
  }

  onBatch(batch: Batch, input: number): void {
    this.#came[input]!.push(batch);
  }

  onInputIdle(input: number, idle: boolean, out: Output): void {
    if (this.#watermark.setIdle(input, idle)) out.emit(watermarkBatch(this.#noRows, this.#watermark.current));
  }

  endRound(out: Output): void {
    if (this.#came.every((batches) => batches.length === 0)) return;
    const merged = mergeWays(this.#came, this.#types, this.#raise, this.#keepOrigins);
    for (const batches of this.#came) batches.length = 0;
    if (merged.selected > 0 || merged.marks !== null) out.emit(merged);
  }

  snapshot(): unknown {
    return this.#watermark.snapshot();
  }

  restore(snapshot: unknown): void {
    this.#watermark.restore(snapshot as ReturnType<CombinedWatermark['snapshot']>);
  }
}
