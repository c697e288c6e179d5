import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { nearest } from '../core/did-you-mean.ts';
import { EngineError } from '../core/engine-error.ts';
import type { Job } from '../engine/job/job.ts';
import type { InputFeeds } from './input-feeds.ts';
import type { ManualClock } from './manual-clock.ts';
import type { OutputTable } from './output-table.ts';
import type { Change, Row } from './row.ts';

/** The interval at which processing time is checked, in milliseconds. */
const TICK_MS = 10;

/**
 * The running jobs of a text. Read every output of the text, because a job waits if too many of its
 * changes are unread. `await using` closes the program at the end of the block.
 */
export class RunningProgram implements AsyncDisposable {
  /**
   * Resolves when all jobs have read all their input or were stopped. Rejects with
   * the `EngineError` of the first job that fails.
   */
  readonly finished: Promise<void>;
  readonly #jobs: readonly Job[];
  readonly #outputs: ReadonlyMap<string, OutputTable>;
  readonly #feeds: InputFeeds;
  readonly #directory: string;
  readonly #clock: ManualClock | null;
  readonly #ended: Promise<unknown>;

  /** @internal `run` starts programs. */
  constructor(started: {
    readonly jobs: readonly Job[];
    readonly outputs: ReadonlyMap<string, OutputTable>;
    readonly feeds: InputFeeds;
    readonly directory: string;
    readonly clock: ManualClock | null;
  }) {
    this.#jobs = started.jobs;
    this.#outputs = started.outputs;
    this.#feeds = started.feeds;
    this.#directory = started.directory;
    this.#clock = started.clock;
    this.#feeds.start();
    const runs = this.#jobs.map((job) => this.#run(job));
    this.finished = Promise.all(runs).then(() => {});
    // A reader of rows gets the failure there, so the program need not handle `finished`.
    this.finished.catch(() => {});
    this.#ended = Promise.allSettled(runs);
  }

  async #run(job: Job): Promise<void> {
    const outputs = [...job.graph.sinks.values()].filter((sink) =>
      [...this.#outputs.values()].includes(sink as OutputTable),
    );
    try {
      await job.run();
      for (const output of outputs as OutputTable[]) output.end();
    } catch (error) {
      for (const output of outputs as OutputTable[]) output.end(error);
      throw error;
    }
  }

  /** Returns the names of the jobs. */
  get jobs(): readonly string[] {
    return this.#jobs.map(({ options }) => options.id);
  }

  /**
   * Returns the rows of an append-only output as they arrive. The loop ends with the job and throws
   * the job's failure. If the program leaves the loop, later rows are dropped. Throws CONFIG_USAGE
   * if the output is a changelog. Use `changes` for such an output.
   */
  rows<T = Row>(output = 'result'): AsyncIterable<T> {
    const table = this.#output(output);
    if (table.changelog === 'changelog') {
      throw new EngineError('CONFIG_USAGE', `the output \`${output}\` takes rows back: read its changes`, { output });
    }
    return rowsOf<T>(table);
  }

  /** Returns the changes of an output as they arrive. Otherwise works like `rows`. */
  changes<T = Row>(output = 'result'): AsyncIterable<Change<T>> {
    return this.#output(output) as AsyncIterable<unknown> as AsyncIterable<Change<T>>;
  }

  #output(name: string): OutputTable {
    const table = this.#outputs.get(name);
    if (table !== undefined) return table;
    const known = [...this.#outputs.keys()];
    const near = nearest(name, known);
    const hint = near === undefined ? `outputs: ${known.join(', ') || 'none'}` : `did you mean \`${near}\`?`;
    throw new EngineError('CONFIG_USAGE', `the program has no output \`${name}\` to read; ${hint}`, { output: name });
  }

  /**
   * Returns the number of rows of an input that the restored checkpoints contain. Write the row
   * with this number next.
   */
  position(input: string): number {
    return this.#feeds.position(input) ?? 0;
  }

  /** Takes a checkpoint of every job. Resolves when all are durable and their output is visible. */
  async checkpoint(): Promise<void> {
    await Promise.all(this.#jobs.map((job) => job.checkpoint()));
  }

  /**
   * Moves the manual clock forward by `ms` milliseconds after all written rows of input tables have
   * been processed. Resolves when every processing-time timer that is due at the new time has
   * fired.
   */
  async advance(ms: number): Promise<void> {
    if (this.#clock === null) throw new EngineError('CONFIG_USAGE', 'the program runs on the system clock', {});
    await this.#feeds.drained();
    await this.#betweenBatches();
    this.#clock.advance(ms);
    await pause(TICK_MS);
    await this.#betweenBatches();
  }

  /** Resolves when every job has run its whole loop once more. */
  async #betweenBatches(): Promise<void> {
    // The first reply may come from a round of the loop that began earlier.
    for (let round = 0; round < 2; round++)
      await Promise.all(this.#jobs.map((job) => job.betweenBatches(async () => {}).catch(() => {})));
  }

  /**
   * Stops all jobs. Jobs with checkpoints take a last checkpoint. Later jobs with the same name and
   * directory continue from this checkpoint.
   */
  async stop(): Promise<void> {
    for (const job of this.#jobs) job.stop();
    await this.#end();
    await this.finished;
  }

  /** Ends all running jobs immediately without a checkpoint. Removes their local state. */
  async close(): Promise<void> {
    for (const job of this.#jobs) job.stop('cancel');
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#feeds.stop();
    for (const output of this.#outputs.values()) output.release();
    await this.#ended;
    fs.rmSync(this.#directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function* rowsOf<T>(table: OutputTable): AsyncGenerator<T, void, void> {
  for await (const { row } of table) yield row as T;
}
