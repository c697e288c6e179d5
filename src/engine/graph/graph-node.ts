import type { Batch } from '../../batch/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { PlannedNode } from '../../plan/plan.ts';
import type { Operator, Output } from '../operator.ts';
import type { Barrier } from './barrier.ts';
import { trackOrigins } from './track-origins.ts';

interface Consumer {
  readonly node: GraphNode;
  readonly input: number;
}

/**
 * One operator in the running graph. Batches that it emits during a call are passed on after the
 * call, depth first and consumer by consumer. So the order in which operators see batches depends
 * on the data only, even if one must wait for its state.
 */
export class GraphNode implements Output {
  readonly plan: PlannedNode;
  readonly operator: Operator;
  readonly consumers: Consumer[] = [];
  /** Nodes that get the late rows. */
  readonly lateConsumers: Consumer[] = [];
  emitLate?: (batch: Batch) => void;
  onlyLastMark = false;
  rowsIn = 0;
  rowsOut = 0;
  /** Milliseconds in the operator itself, waiting for its state included. */
  busyMs = 0;
  /** Milliseconds that the operator waited while its consumers processed its output. */
  backPressuredMs = 0;
  /** The merging nodes downstream, in plan order. They emit when a round ends. */
  readonly merges: GraphNode[] = [];
  readonly #onBatch: Operator['onBatch'];
  readonly #clock: Clock;
  /** Edges into the node. */
  inputs = 0;
  /** The inputs on which the current barrier has arrived. */
  #barriers = 0;
  readonly #idleInputs = new Set<number>();
  /** Batches that the current call has emitted, in order. */
  #made: Batch[] = [];
  #late: Batch[] = [];

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

  /** Adds a node that gets the late rows instead of the output. */
  addLateConsumer(consumer: Consumer): void {
    this.lateConsumers.push(consumer);
    this.emitLate = (batch) => {
      this.#late.push(batch);
    };
  }

  /**
   * Processes a batch and everything that follows from it. Returns nothing when no state had to be
   * read.
   */
  receive(batch: Batch, input: number): void | Promise<void> {
    this.rowsIn += batch.selected;
    const since = this.#clock.monotonicMs();
    const wait = this.#onBatch(batch, input, this);
    return wait ? wait.then(() => this.#passOn(since)) : this.#passOn(since);
  }

  /** Takes a barrier from one input. Passes the barrier on when it has arrived on all inputs. */
  takeBarrier(barrier: Barrier): void {
    if (++this.#barriers < this.inputs) return;
    this.#barriers = 0;
    barrier.passNode(this);
    this.handBarrierOn(barrier);
  }

  /**
   * Records whether an input is idle. An idle input does not hold the watermark. A node is idle
   * when all its inputs are.
   */
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
    for (const { node, input } of this.#allConsumers()) await node.setInputIdle(input, idle);
  }

  /**
   * Tells the nodes downstream of a source whether it is idle, and processes everything that
   * follows.
   */
  async handIdleRound(idle: boolean): Promise<void> {
    await this.handIdleOn(idle);
    await this.#endRound(0);
  }

  handBarrierOn(barrier: Barrier): void {
    for (const { node } of this.#allConsumers()) node.takeBarrier(barrier);
  }

  #allConsumers(): readonly Consumer[] {
    return this.lateConsumers.length === 0 ? this.consumers : [...this.consumers, ...this.lateConsumers];
  }

  /** Processes the effects of an advanced clock. They are a separate round. */
  tick(now: number): void | Promise<void> {
    const since = this.#clock.monotonicMs();
    const wait = this.operator.onProcessingTime?.(now, this);
    const passed = wait ? wait.then(() => this.#passOn(since)) : this.#passOn(since);
    return passed ? passed.then(() => this.#endRound(0)) : this.#endRound(0);
  }

  /** Passes on a batch of a source and processes everything that follows. */
  deliverRound(batch: Batch): void | Promise<void> {
    const wait = deliver([batch], this.consumers, 0, 0);
    return wait ? wait.then(() => this.#endRound(0)) : this.#endRound(0);
  }

  /** Lets the operator emit what it owes. */
  settle(): void | Promise<void> {
    const since = this.#clock.monotonicMs();
    const wait = this.operator.settle!(this);
    return wait ? wait.then(() => this.#passOn(since)) : this.#passOn(since);
  }

  #endRound(first: number): void | Promise<void> {
    for (let m = first; m < this.merges.length; m++) {
      const wait = this.merges[m]!.#merge();
      if (wait) return wait.then(() => this.#endRound(m + 1));
    }
  }

  /** Lets the operator emit what it has held during the round. */
  #merge(): void | Promise<void> {
    const since = this.#clock.monotonicMs();
    const wait = this.operator.endRound!(this);
    return wait ? wait.then(() => this.#passOn(since)) : this.#passOn(since);
  }

  /** Passes the emitted batches to the consumers. */
  #passOn(since: number): void | Promise<void> {
    const made = this.#made;
    const now = this.#clock.monotonicMs();
    this.busyMs += now - since;
    if (made.length === 0 && this.#late.length === 0) return;
    this.#made = [];
    const wait = this.#deliverAll(made);
    if (wait) {
      return wait.then(() => {
        this.backPressuredMs += this.#clock.monotonicMs() - now;
      });
    }
    this.backPressuredMs += this.#clock.monotonicMs() - now;
  }

  /** Passes on the output, then the late rows. */
  #deliverAll(made: readonly Batch[]): void | Promise<void> {
    const wait = deliver(made, this.consumers, 0, 0);
    if (this.#late.length === 0) return wait;
    const late = this.#late;
    this.#late = [];
    if (wait) return wait.then(() => deliver(late, this.lateConsumers, 0, 0));
    return deliver(late, this.lateConsumers, 0, 0);
  }
}

/** Passes batches to consumers. Starts with the batch and the consumer at these positions. */
function deliver(
  made: readonly Batch[],
  consumers: readonly Consumer[],
  batch: number,
  consumer: number,
): void | Promise<void> {
  for (let b = batch; b < made.length; b++) {
    for (let c = b === batch ? consumer : 0; c < consumers.length; c++) {
      const { node, input } = consumers[c]!;
      const wait = node.receive(made[b]!, input);
      if (wait) {
        const next = c + 1;
        return wait.then(() => deliver(made, consumers, b, next));
      }
    }
  }
}
