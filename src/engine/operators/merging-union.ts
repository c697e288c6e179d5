import { type Batch, watermarkBatch } from '../../batch/batch.ts';
import { mergeWays } from '../../batch/merge-ways.ts';
import { type Vector, VectorBuilder } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import type { UnionNode } from '../../plan/nodes/union.ts';
import type { Operator, Output } from '../operator.ts';
import { CombinedWatermark } from '../operator-kit/combined-watermark.ts';

/**
 * UNION ALL of branches that read the same source (ADR 0026). It holds the output of the branches
 * for one batch of the source until the round ends. Then it sends one batch, in the order of the
 * source's events. Rows of one event are in the order of the inputs. The order does not depend on
 * the source's batch boundaries.
 */
export class MergingUnionOperator implements Operator {
  readonly #types: readonly DataType[];
  readonly #keepOrigins: boolean;
  readonly #watermark: CombinedWatermark;
  readonly #noRows: readonly Vector[];
  /** By input: the batches of the current round. */
  readonly #came: Batch[][];
  readonly #raise = (input: number, watermark: number): number | null =>
    this.#watermark.advance(input, watermark) ? this.#watermark.current : null;

  /** `keepOrigins`: another merge follows. */
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
