import type { Batch } from '../../batch/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { PlannedNode } from '../../plan/plan.ts';
import type { Operator, Output } from '../operators/operator.ts';
import type { Barrier } from './barrier.ts';
import { trackOrigins } from './track-origins.ts';

/**
 * One operator in the running graph. What it emits during a call is handed on, depth first and
 * consumer by consumer, after the call: so the order in which operators see batches depends on the
 * data only, also where one has to wait for its state.
 */
export class GraphNode implements Output {
  readonly plan: PlannedNode;
  readonly operator: Operator;
  readonly consumers: { readonly node: GraphNode; readonly input: number }[] = [];
  rowsIn = 0;
  rowsOut = 0;
  /** Milliseconds in the operator itself, waiting for its state included. */
  busyMs = 0;
  /** Milliseconds in what its output went to: what comes after holds it up. */
  handedOnMs = 0;
  /** The merges further on, in plan order: they give out what came when a round is over. */
  readonly merges: GraphNode[] = [];
  readonly #onBatch: Operator['onBatch'];
  readonly #clock: Clock;
  /** Edges into the node. */
  inputs = 0;
  /** Inputs by which the barrier under way has come. */
  #barriers = 0;
  readonly #idleInputs = new Set<number>();
  /** Made by the call under way, in order. */
  #made: Batch[] = [];

  constructor(plan: PlannedNode, operator: Operator, clock: Clock) {
    this.#clock = clock;
    this.plan = plan;
    this.operator = operator;
    const tracks = plan.traits.tracksOrigin && operator.endRound === undefined;
    this.#onBatch = tracks ? trackOrigins(operator) : (batch, input, out) => operator.onBatch(batch, input, out);
  }

  emit(batch: Batch): void {
    this.rowsOut += batch.selected;
    this.#made.push(batch);
  }

  /**
   * Processes a batch and everything that follows from it. Nothing to wait for when no state had to
   * be read.
   */
  receive(batch: Batch, input: number): void | Promise<void> {
    this.rowsIn += batch.selected;
    const since = this.#clock.monotonicMs();
    const wait = this.#onBatch(batch, input, this);
    return wait ? wait.then(() => this.#passOn(since)) : this.#passOn(since);
  }

  /** Takes a barrier that comes by one input; passes it on when it has come by all of them. */
  takeBarrier(barrier: Barrier): void {
    if (++this.#barriers < this.inputs) return;
    this.#barriers = 0;
    barrier.passNode(this);
    this.handBarrierOn(barrier);
  }

  /** Time does not wait for an input while it is idle. A node is idle when all its inputs are. */
  async setInputIdle(input: number, idle: boolean): Promise<void> {
    const wasIdle = this.#idleInputs.size === this.inputs;
    if (idle) this.#idleInputs.add(input);
    else this.#idleInputs.delete(input);
    const isIdle = this.#idleInputs.size === this.inputs;
    if (wasIdle && !isIdle) await this.handIdleOn(false);
    const since = this.#clock.monotonicMs();
    await this.operator.onInputIdle?.(input, idle, this);
    await this.#passOn(since);
    if (isIdle && !wasIdle) await this.handIdleOn(true);
  }

  async handIdleOn(idle: boolean): Promise<void> {
    for (const { node, input } of this.consumers) await node.setInputIdle(input, idle);
  }

  /** Tells what comes after a source whether it is idle, and everything that follows from it. */
  async handIdleRound(idle: boolean): Promise<void> {
    await this.handIdleOn(idle);
    await this.#endRound(0);
  }

  handBarrierOn(barrier: Barrier): void {
    for (const { node } of this.consumers) node.takeBarrier(barrier);
  }

  /** The clock has moved on: what that causes is a round of its own. */
  tick(now: number): void | Promise<void> {
    const since = this.#clock.monotonicMs();
    const wait = this.operator.onProcessingTime?.(now, this);
    const passed = wait ? wait.then(() => this.#passOn(since)) : this.#passOn(since);
    return passed ? passed.then(() => this.#endRound(0)) : this.#endRound(0);
  }

  /** Hands on a batch of a source and everything that follows from it. */
  deliverRound(batch: Batch): void | Promise<void> {
    const wait = this.deliver([batch], 0, 0);
    return wait ? wait.then(() => this.#endRound(0)) : this.#endRound(0);
  }

  #endRound(first: number): void | Promise<void> {
    for (let m = first; m < this.merges.length; m++) {
      const wait = this.merges[m]!.#merge();
      if (wait) return wait.then(() => this.#endRound(m + 1));
    }
  }

  /** Sends what the operator has held until the end of the round. */
  #merge(): void | Promise<void> {
    const since = this.#clock.monotonicMs();
    const wait = this.operator.endRound!(this);
    return wait ? wait.then(() => this.#passOn(since)) : this.#passOn(since);
  }

  /** Hands what was made since to the consumers. */
  #passOn(since: number): void | Promise<void> {
    const made = this.#made;
    const now = this.#clock.monotonicMs();
    this.busyMs += now - since;
    if (made.length === 0) return;
    this.#made = [];
    const wait = this.deliver(made, 0, 0);
    if (wait) {
      return wait.then(() => {
        this.handedOnMs += this.#clock.monotonicMs() - now;
      });
    }
    this.handedOnMs += this.#clock.monotonicMs() - now;
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
