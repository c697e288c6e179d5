import { tableEndpoints } from '../../src/connectors/connector-registry.ts';
import type { EngineError } from '../../src/core/engine-error.ts';
import { Job } from '../../src/engine/job/job.ts';
import type { CheckpointOptions, JobResult } from '../../src/engine/job/job-options.ts';
import type { JobSetup } from '../../src/engine/job/job-setup.ts';
import { LocalStorage } from '../../src/storage/local/local-storage.ts';
import { RemoteStorage } from '../../src/storage/remote/remote-storage.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import { SimulatedFilesBackend } from './simulated-files-backend.ts';
import type { SimulatedServer } from './simulated-objects.ts';
import { SimulatedSource } from './simulated-source.ts';
import type { Workload } from './workloads.ts';
import type { SimulatedProcess } from './world.ts';

export const JOB = 'simulated';
export const CHECKPOINTS = '/checkpoints';
export const OUTPUT = '/output';

export interface LifeOptions {
  readonly workload: Workload;
  readonly changed: boolean;
  /** Null: checkpoints are on the machine's disk. */
  readonly server: SimulatedServer | null;
  readonly machine: SimulatedDisk;
  /** The disk for output: the machine's, or one that several machines share. */
  readonly outputDisk: SimulatedDisk;
  readonly files: boolean;
  readonly batchRows: number;
  readonly mostRowsAtOnce: number;
  /** Of each source. */
  readonly splits: number;
  /** Of an operator that can have them. */
  readonly subtasks: number;
  readonly memoryBytes: number;
  readonly checkpoints: Pick<
    CheckpointOptions,
    'intervalMs' | 'retained' | 'upkeep' | 'tolerableFailures' | 'timeoutMs' | 'restore'
  > | null;
}

/** One process that runs the job, from its start to its end. It may never end. */
export class SimulatedLife {
  readonly process: SimulatedProcess;
  readonly options: LifeOptions;
  job: Job | null = null;
  result: JobResult | null = null;
  failure: EngineError | null = null;

  constructor(process: SimulatedProcess, options: LifeOptions) {
    this.process = process;
    this.options = options;
    Job.open(this.#setup())
      .then((job) => {
        this.job = job;
        return job.run();
      })
      .then(
        (result) => {
          this.result = result;
          process.world.note(`${process.name}: ${result.outcome}`);
        },
        (error: EngineError) => {
          if (process.dead) return;
          this.failure = error;
          process.world.note(`${process.name}: fails: ${error.code} ${error.message}`);
        },
      );
  }

  /**
   * The reports of its scrubs, and the files among its checkpoints that it reported as unknown.
   */
  foundDamaged: string | null = null;
  foundUnknown: string | null = null;

  get over(): boolean {
    return this.process.dead || this.result !== null || this.failure !== null;
  }

  #setup(): JobSetup {
    const { process: life, options } = this;
    const { workload, checkpoints } = options;
    const disk = options.machine.seenBy(life);
    const endpoints = tableEndpoints({ baseDirectory: OUTPUT }, () => ({
      source: (node) =>
        new SimulatedSource(life, node, {
          rows: workload.inputs.get(node.table)!,
          splits: options.splits,
          mostAtOnce: options.mostRowsAtOnce,
        }),
    }));
    return {
      id: JOB,
      plan: options.changed ? workload.changed : workload.plan,
      clock: life.clock,
      scheduler: life.scheduler,
      disk,
      random: () => life.world.random.below(1 << 30) / (1 << 30),
      batchRows: options.batchRows,
      subtasks: { count: options.subtasks },
      state: {
        backend: options.files ? 'rocksdb' : 'memory',
        memoryBytes: options.memoryBytes,
        directory: '/simulated/live',
        openFiles: (directory) => SimulatedFilesBackend.open(life, disk, directory),
      },
      checkpoints: checkpoints === null ? null : { ...checkpoints, storage: this.#storage(), onChangedPlan: 'carry' },
      endpoints: (request) => endpoints({ ...request, disk: options.outputDisk.seenBy(life) }),
      onEvent: (event) => {
        life.world.note(`${life.name}: ${JSON.stringify(event)}`);
        if (event.kind === 'checkpoint-damaged') this.foundDamaged = event.error.message;
        if (event.kind === 'unknown-files') this.foundUnknown = event.files.join(', ');
      },
    };
  }

  #storage(): LocalStorage | RemoteStorage {
    const { process: life, options } = this;
    const disk = options.machine.seenBy(life);
    if (options.server === null)
      return new LocalStorage(CHECKPOINTS, null, { disk, lock: options.machine.lockFor(life) });
    return new RemoteStorage({
      objects: options.server.seenBy(life, options.machine),
      workDirectory: '/work',
      clock: life.clock,
      disk,
      scheduler: life.scheduler,
      newName: () => life.world.newName(),
      hold: () => 'unsupported',
    });
  }
}
