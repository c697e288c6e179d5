/** What a probe of one job measured. */
export interface Probe {
  readonly job: string;
  readonly rows: number;
  /** Wall time in which they were processed, checkpoints included. */
  readonly ms: number;
  /** CPU time of the process in it. */
  readonly cpuMs: number;
  /**
   * Event time that the rows span, milliseconds; null: the query has none, or all rows have one
   * time.
   */
  readonly eventMs: number | null;
  /** The most that the state took in the first half of the rows, and in the second. */
  readonly stateFirstHalf: number;
  readonly stateSecondHalf: number;
  readonly entries: number;
  readonly checkpointBytes: number;
}

export interface Estimate {
  readonly job: string;
  readonly rate: number;
  /** Rows per second that one thread here can take. */
  readonly capacity: number;
  /** Share of a core's time at the rate, with the threads that help. */
  readonly cores: number;
  /** Bytes of state that stay about the same; null where it grew all through the probe. */
  readonly steadyStateBytes: number | null;
  /** Bytes by which state grows in a day; 0 where it does not. */
  readonly growthPerDay: number;
  /** Setting that keeps all of the steady state in memory, or a day's growth, within reason. */
  readonly stateMemory: number;
  /** Limit to give the process. */
  readonly memoryLimit: number;
  /** For live state and retained checkpoints. */
  readonly disk: number;
  /** More than one thread can take with room to catch up. */
  readonly tooFast: boolean;
}

const MB = 2 ** 20;
/**
 * State that grew by less in the second half counts as steady: windows and patterns come and go.
 */
const STEADY_GROWTH = 0.15;
/** What a job may be busy with all the time and still catch up after a stop. */
const ROOM = 0.6;
const DAY_S = 86_400;
/**
 * Retained checkpoints share most of their files; changes between them are as much again at most.
 */
const CHECKPOINT_COPIES = 3;
const SMALLEST_MEMORY = 64 * MB;
const LARGEST_MEMORY = 2048 * MB;

/**
 * From a probe at full speed to a steady rate. Time per row is taken as it was measured; state that
 * follows event time as proportional to the rows in the same span of it, and state that grew as
 * growing on per row.
 */
export function estimate(probe: Probe, rate: number): Estimate {
  const { rows, ms, cpuMs, eventMs, stateFirstHalf, stateSecondHalf } = probe;
  const capacity = (rows / ms) * 1000;
  const steady = stateSecondHalf <= Math.max(MB / 4, stateFirstHalf * (1 + STEADY_GROWTH));
  const growthPerRow = steady ? 0 : (2 * (stateSecondHalf - stateFirstHalf)) / rows;
  const growthPerDay = growthPerRow * rate * DAY_S;
  const probedRate = eventMs === null ? rate : (rows / eventMs) * 1000;
  const steadyStateBytes = steady ? stateSecondHalf * Math.max(1, rate / probedRate) : null;
  const kept = steadyStateBytes ?? growthPerDay;
  const stateMemory = roundUp(Math.min(LARGEST_MEMORY, Math.max(SMALLEST_MEMORY, kept * 2)));
  return {
    job: probe.job,
    rate,
    capacity,
    cores: (cpuMs / rows / 1000) * rate,
    steadyStateBytes,
    growthPerDay,
    stateMemory,
    memoryLimit: roundUp(stateMemory * 2 + 512 * MB),
    disk: roundUp(Math.max(256 * MB, kept * (1 + CHECKPOINT_COPIES)) + 256 * MB),
    tooFast: rate > capacity * ROOM,
  };
}

/** To 64 MB: more digits would promise more than a probe can. */
const roundUp = (bytes: number): number => Math.ceil(bytes / (64 * MB)) * 64 * MB;
