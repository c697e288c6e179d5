import type { Batch } from '../../batch/batch.ts';
import type { PlanNode } from '../../plan/plan-node.ts';
import type { Operator, Output } from '../operators/operator.ts';

/**
 * One operator in the running graph. What it emits during a call is handed on, depth first and consumer by consumer, after the call: so the order in which operators see
 * batches depends on the data only, also where one has to wait for its state.
 */
export class GraphNode implements Output {
  readonly plan: PlanNode;
  readonly operator: Operator;
  readonly consumers: { readonly node: GraphNode; readonly input: number }[] = [];
  rowsIn = 0;
  rowsOut = 0;
  /** Made by the call under way, in order. */
  #made: Batch[] = [];

  constructor(plan: PlanNode, operator: Operator) {
    this.plan = plan;
    this.operator = operator;
  }

  emit(batch: Batch): void {
    this.rowsOut += batch.selected;
    this.#made.push(batch);
  }

  /** Processes a batch and everything that follows from it. Nothing to wait for when no state had to be read. */
  receive(batch: Batch, input: number): void | Promise<void> {
    this.rowsIn += batch.selected;
    const wait = this.operator.onBatch(batch, input, this);
    return wait ? wait.then(() => this.passOn()) : this.passOn();
  }

  tick(now: number): void | Promise<void> {
    const wait = this.operator.onProcessingTime?.(now, this);
    return wait ? wait.then(() => this.passOn()) : this.passOn();
  }

  /** Hands what was made to the consumers. */
  passOn(): void | Promise<void> {
    if (this.#made.length === 0) return;
    const made = this.#made;
    this.#made = [];
    return this.deliver(made, 0, 0);
  }

  deliver(made: readonly Batch[], batch: number, consumer: number): void | Promise<void> {
    for (let b = batch; b < made.length; b++) {
      for (let c = b === batch ? consumer : 0; c < this.consumers.length; c++) {
        const { node, input } = this.consumers[c]!;
        const wait = node.receive(made[b]!, input);
        if (wait) {
          const next = c + 1;
          return wait.then(() => this.deliver(made, b, next));
        }
      }
    }
  }
}
