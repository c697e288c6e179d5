import fs from 'node:fs';
import path from 'node:path';
import { environmentVariables } from '../../config/option-references.ts';
import { tableEndpoints } from '../../connectors/connector-registry.ts';
import { systemClock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from '../../engine/checkpoint/checkpoint-storage.ts';
import type { SavepointMark } from '../../engine/checkpoint/manifest.ts';
import { readManifest } from '../../engine/checkpoint/restore.ts';
import type { EndpointFactory } from '../../engine/endpoints.ts';
import { Job } from '../../engine/job/job.ts';
import type { CheckpointOptions, JobEvent } from '../../engine/job/job-options.ts';
import type { JobSetup } from '../../engine/job/job-setup.ts';
import { damageText, unknownFilesText } from '../../engine/job/upkeep-text.ts';
import { losesState, reloadLines } from '../../engine/match/carry/carry-report.ts';
import { diskLowText } from '../../engine/task/disk-guard.ts';
import { droppedText } from '../../engine/task/drop-report.ts';
import { planHash } from '../../plan/fingerprint.ts';
import type { SinkNode } from '../../plan/nodes/sink.ts';
import { checkPlan } from '../../plan/plan-json.ts';
import { openStorage } from '../../storage/open-storage.ts';
import { DemoSource } from '../demo/demo-source.ts';
import type { FromJob, JobSpec, ToJob } from './messages.ts';
import { answerOpenMatches, type OpenMatchesQuestion } from './open-matches-question.ts';
import { OutputTap } from './output-tap.ts';

const METRICS_EVERY_MS = 250;
/** The part of the memory that the back end gets. */
const BACKEND_PART = 0.3;
const CACHE_MIN = 256 * 1024;
/** A job without new rows sends its metrics at this interval. */
const IDLE_METRICS_EVERY_MS = 1000;
const ROWS_EVERY_MS = 100;

/** One run of a job in a worker thread, from opening to its end. */
export class JobRun {
  readonly #spec: JobSpec;
  readonly #send: (message: FromJob) => void;
  readonly #tap: OutputTap;
  #job: Job | null = null;
  #asked: 'stop' | 'cancel' | null = null;
  #lastSavepoint: SavepointMark | null = null;
  #memoryBytes: number;
  /** Why the job leaves its thread. */
  #leaves: { readonly why: string; readonly displaced: boolean } | null = null;
  #ended: () => void = () => {};
  readonly #end = new Promise<void>((resolve) => {
    this.#ended = resolve;
  });
  #metricsAt = 0;
  #rowsReported = -1;

  constructor(spec: JobSpec, send: (message: FromJob) => void) {
    this.#spec = spec;
    this.#send = send;
    this.#tap = new OutputTap(send);
    this.#memoryBytes = spec.memoryBytes;
  }

  receive(message: ToJob): void {
    switch (message.kind) {
      case 'stop':
        this.#asked = message.how;
        this.#lastSavepoint = message.savepoint;
        this.#job?.stop(message.how, message.savepoint);
        this.#tap.release();
        return;
      case 'follow':
        this.#tap.followed = message.on;
        return;
      case 'taken':
        this.#tap.taken();
        return;
      case 'open-matches':
        void this.#answer(message.number, message.question);
        return;
      case 'savepoint':
        void this.#takeSavepoint(message.number, message.name);
        return;
      case 'memory':
        this.#memoryBytes = message.bytes;
        this.#shareMemory();
        return;
    }
  }

  async run(): Promise<void> {
    const timers: NodeJS.Timeout[] = [];
    let opened = false;
    try {
      let job = await this.#open(null);
      opened = true;
      this.#send({ kind: 'opened', restoredFrom: job.restoredFrom?.epoch ?? null });
      timers.push(setInterval(() => this.#sendMetrics(job), METRICS_EVERY_MS));
      timers.push(setInterval(() => this.#tap.flush(), ROWS_EVERY_MS));
      let { outcome } = await job.run();
      while (this.#spec.demo !== null && outcome === 'finished' && this.#asked === null && this.#leaves === null) {
        this.#tap.clear();
        job = await this.#open(systemClock.now());
        ({ outcome } = await job.run());
      }
      if (this.#leaves !== null) throw new EngineError('JOB_FAILED', this.#leaves.why, {});
      if (this.#asked === null) await this.#tap.drain();
      else this.#tap.flush();
      this.#send({ kind: 'ended', outcome, metrics: job.metrics() });
    } catch (error) {
      const code = error instanceof EngineError ? error.code : 'JOB_FAILED';
      const displaced = this.#leaves?.displaced ?? false;
      this.#send({ kind: 'failed', failure: { code, message: (error as Error).message, opened, displaced } });
    } finally {
      this.#ended();
      for (const timer of timers) clearInterval(timer);
    }
  }

  /** `round`: the start of the next round of the demo; null: the first one, or the stored one. */
  async #open(round: number | null): Promise<Job> {
    const job = await Job.open(await this.#setup(round));
    this.#job = job;
    this.#shareMemory();
    if (this.#asked !== null) job.stop(this.#asked, this.#lastSavepoint);
    if (this.#leaves !== null) job.stop('cancel');
    return job;
  }

  async #answer(number: number, question: OpenMatchesQuestion): Promise<void> {
    try {
      const job = this.#job;
      if (job === null) throw new EngineError('JOB_NOT_RUNNING', `the job ${this.#spec.id} does not run yet`, {});
      this.#send({ kind: 'open-matches', number, answer: await answerOpenMatches(job, question), failure: null });
    } catch (error) {
      const code = error instanceof EngineError ? error.code : 'JOB_FAILED';
      const { message } = error as Error;
      this.#send({ kind: 'open-matches', number, answer: null, failure: { code, message } });
    }
  }

  async #takeSavepoint(number: number, name: string): Promise<void> {
    try {
      if (this.#job === null) throw new EngineError('JOB_NOT_RUNNING', `the job ${this.#spec.id} does not run yet`, {});
      await this.#job.savepoint(name);
      this.#send({ kind: 'savepoint-taken', number, failure: null });
    } catch (error) {
      const code = error instanceof EngineError ? error.code : 'JOB_FAILED';
      this.#send({ kind: 'savepoint-taken', number, failure: { code, message: (error as Error).message } });
    }
  }

  #sendMetrics(job: Job): void {
    const now = systemClock.monotonicMs();
    const rows = job.graph.nodes.reduce((sum, { rowsIn }) => sum + rowsIn, 0);
    if (rows === this.#rowsReported && now < this.#metricsAt) return;
    this.#rowsReported = rows;
    this.#metricsAt = now + IDLE_METRICS_EVERY_MS;
    this.#send({ kind: 'metrics', metrics: job.metrics() });
  }

  /** Bytes of the job's state in memory. */
  get stateBytes(): number {
    return this.#job?.store.cacheBytes() ?? 0;
  }

  /**
   * Ends the job without a checkpoint, because a checkpoint would also need memory. The job
   * restarts from its last checkpoint. Resolves when it has ended.
   */
  leave(why: string, displaced: boolean): Promise<void> {
    this.#leaves = { why, displaced };
    this.#job?.stop('cancel');
    this.#tap.release();
    return this.#end;
  }

  /**
   * Gives the cache the job's memory that the back end does not use. The size of the back end was
   * set when the job was opened. A smaller share means that the job was idle or that many jobs are
   * busy, so the back end uses less.
   */
  #shareMemory(): void {
    const { backend, memoryBytes } = this.#spec;
    const backendBytes = backend === 'memory' ? 0 : Math.min(memoryBytes, this.#memoryBytes) * BACKEND_PART;
    const subtasks = 1 + (this.#job?.task.subtasks.length ?? 0);
    const cacheBytes = Math.floor((this.#memoryBytes - backendBytes) / subtasks);
    if (this.#job !== null) this.#job.store.budgetBytes = Math.max(CACHE_MIN, cacheBytes);
  }

  async #setup(round: number | null): Promise<JobSetup> {
    const spec = this.#spec;
    const { checkpoints } = spec;
    fs.mkdirSync(path.dirname(spec.stateDirectory), { recursive: true });
    const storage = checkpoints === null ? null : openStorage(checkpoints.place, systemClock);
    return {
      id: spec.id,
      plan: checkPlan(spec.plan),
      batchRows: spec.batchRows,
      state: {
        backend: spec.backend,
        memoryBytes: spec.memoryBytes,
        mostMemoryBytes: spec.mostMemoryBytes,
        directory: spec.stateDirectory,
        diskLowWaterBytes: spec.diskLowWaterBytes,
      },
      checkpoints:
        checkpoints === null || storage === null
          ? null
          : {
              storage,
              intervalMs: checkpoints.intervalMs,
              minPauseMs: checkpoints.minPauseMs,
              timeoutMs: checkpoints.timeoutMs,
              retained: checkpoints.retained,
              upkeep: checkpoints.upkeep,
              tolerableFailures: checkpoints.tolerableFailures,
              restore: round === null ? await restoreOf(storage, checkpoints.restoreEpoch, spec) : 'fresh',
              onChangedPlan: 'carry',
              patternReload: checkpoints.patternReload,
            },
      endpoints: this.#endpoints(round),
      onEvent: (event) => this.#report(event),
    };
  }

  #endpoints(round: number | null): EndpointFactory {
    const { baseDirectory, roots, demo, preview } = this.#spec;
    const print = (text: string): void => this.#send({ kind: 'print', text });
    const environment = environmentVariables(roots !== null);
    return tableEndpoints({ baseDirectory, roots, environment, print }, (tables) => ({
      source: (node) => {
        const table = demo?.tables[node.table];
        if (table === undefined) return tables.source(node);
        return new DemoSource(node, table, systemClock, round ?? table.startAt);
      },
      sink: (node) => {
        const collects = node.options['connector'] === 'collect';
        const inner = collects
          ? null
          : tables.sink(demo === null ? node : toFiles(node, path.join(demo.outputDirectory, node.table)));
        return this.#tap.around(inner, node.table, node.fields, collects && preview);
      },
    }));
  }

  #report(event: JobEvent): void {
    const note = (level: 'info' | 'warn', message: string): void => this.#send({ kind: 'note', level, message });
    if (event.kind === 'checkpoint-skipped')
      note('warn', `checkpoint ${event.epoch} is left out: ${event.error.message}`);
    else if (event.kind === 'checkpoint-damaged') note('warn', damageText(event));
    else if (event.kind === 'unknown-files') note('warn', unknownFilesText(event.files));
    else if (event.kind === 'checkpoint-failed') note('warn', `a checkpoint failed: ${event.error.message}`);
    else if (event.kind === 'dropped') note('warn', droppedText(event.dropped));
    else if (event.kind === 'disk-low') note('warn', diskLowText(event.freeBytes));
    else if (event.kind === 'reloaded') {
      for (const reload of event.operators) {
        for (const line of reloadLines(reload)) note(losesState(reload) ? 'warn' : 'info', line);
      }
      this.#send({ kind: 'reloaded', operators: event.operators });
    } else if (event.kind === 'restored') note('info', `resumes from checkpoint ${event.epoch}`);
  }
}

async function restoreOf(
  storage: CheckpointStorage,
  epoch: number | null,
  spec: JobSpec,
): Promise<CheckpointOptions['restore']> {
  if (epoch !== null) return { epoch };
  return (await finishedWithAnotherPlan(storage, spec)) ? 'fresh' : 'latest';
}

/**
 * Returns whether a bounded job has read all its input with another plan. Such a job has no offset
 * from which to continue, so the new query runs from the start. A drained job has not read all its
 * input. There the user must decide.
 */
async function finishedWithAnotherPlan(storage: CheckpointStorage, spec: JobSpec): Promise<boolean> {
  const newest = (await storage.listManifests()).at(-1);
  if (newest === undefined) return false;
  try {
    const manifest = await readManifest(storage, newest);
    if (manifest.savepoint?.drained === true) return false;
    return manifest.finished && planHash(manifest.plan) !== planHash(spec.plan);
  } catch {
    // The manifest is damaged. The restore reports this and tries the previous checkpoint.
    return false;
  }
}

/**
 * Replaces a sink of the pattern by a file sink of the demo. If the result is a changelog, the file
 * has the kind of each change.
 */
function toFiles(node: SinkNode, directory: string): SinkNode {
  const format = node.changelog === 'changelog' ? 'debezium-json' : 'json';
  return { ...node, options: { connector: 'filesystem', path: directory, format } };
}
