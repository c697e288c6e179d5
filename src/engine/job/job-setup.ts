import { systemClock } from '../../core/clock.ts';
import { invariant } from '../../core/invariant.ts';
import type { EndpointFactory } from '../endpoints.ts';
import type { StateOptions } from '../state/open-backend.ts';
import type { CheckpointOptions, JobOptions } from './job-options.ts';

/**
 * The setup of a job. Only the plan and the endpoints are required. `Job.open` fills in the rest,
 * so that all callers run jobs in the same way.
 */
export interface JobSetup
  extends Pick<JobOptions, 'plan' | 'scheduler' | 'disk' | 'subtasks' | 'observedMatch' | 'onEvent'>,
    Partial<Pick<JobOptions, 'id' | 'clock' | 'random' | 'batchRows'>> {
  readonly endpoints: EndpointFactory;
  /** Absent: in memory. */
  readonly state?: Partial<StateOptions>;
  /** Absent or null: none. */
  readonly checkpoints?: CheckpointSetup | null;
}

export type CheckpointSetup = Partial<CheckpointOptions> & Pick<CheckpointOptions, 'storage'>;

const BATCH_ROWS = 4096;
const STATE_MEMORY_BYTES = 256 << 20;

/**
 * Fills in the defaults. The id defaults to the plan's name, clock and chance to the real ones,
 * state to memory.
 */
export function completeSetup(setup: JobSetup): JobOptions {
  const { plan, checkpoints = null, endpoints, ...given } = setup;
  const id = setup.id ?? plan.name;
  const clock = setup.clock ?? systemClock;
  const batchRows = setup.batchRows ?? BATCH_ROWS;
  const request = { job: id, batchRows, clock, checkpointed: checkpoints !== null };
  return {
    ...given,
    id,
    plan,
    clock,
    random: setup.random ?? Math.random,
    batchRows,
    endpoints: endpoints(setup.disk === undefined ? request : { ...request, disk: setup.disk }),
    state: stateOptions(setup.state ?? {}),
    checkpoints: checkpoints === null ? null : { ...CHECKPOINTS, ...checkpoints },
  };
}

function stateOptions(state: Partial<StateOptions>): StateOptions {
  const { backend = 'memory', memoryBytes = STATE_MEMORY_BYTES, directory = '' } = state;
  invariant(backend === 'memory' || directory !== '', 'state in RocksDB has a directory');
  return { ...state, backend, memoryBytes, directory };
}

const CHECKPOINTS: Omit<CheckpointOptions, 'storage'> = {
  intervalMs: null,
  minPauseMs: 0,
  timeoutMs: null,
  retained: 3,
  tolerableFailures: 0,
  restore: 'latest',
  onChangedPlan: 'refuse',
  patternReload: 'carry',
};
