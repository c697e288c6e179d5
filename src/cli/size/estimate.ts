/** Measurements of a probe of one job. */
export interface Probe {
  readonly job: string;
  readonly rows: number;
  /** The wall time in which the rows were processed, including checkpoints. */
  readonly ms: number;
  /** The CPU time of the process during this time. */
  readonly cpuMs: number;
  /**
   * Span of the rows in event time, milliseconds; null: the query has no event time, or all rows
   * have the same.
   */
  readonly eventMs: number | null;
  /** The largest size of the state in the first half of the rows, and in the second half. */
  readonly stateFirstHalf: number;
  readonly stateSecondHalf: number;
  readonly entries: number;
  readonly checkpointBytes: number;
}

export interface Estimate {
  readonly job: string;
  readonly rate: number;
  /** Rows per second that one thread can process here. */
  readonly capacity: number;
  /**
   * What limited the rate of the probe. `arrival`: the job waited for rows most of the time, so its
   * capacity is estimated from its CPU time. `speed`: the job was always busy.
   */
  readonly limit: 'arrival' | 'speed';
  /** The load on cores at the rate, including helper threads. */
  readonly cores: number;
  /** Steady size of the state, bytes; null if it grew during the whole probe. */
  readonly steadyStateBytes: number | null;
  /** Growth of the state per day, bytes; 0 if it is steady. */
  readonly growthPerDay: number;
  /**
   * Value of `state.memory` that holds the steady state, or the growth of a day, within a limit.
   */
  readonly stateMemory: number;
  /** Recommended memory limit of the process. */
  readonly memoryLimit: number;
  /** For live state and retained checkpoints. */
  readonly disk: number;
  /** The rate is higher than one thread can process with a reserve to catch up. */
  readonly tooFast: boolean;
}

const MB = 2 ** 20;
/**
 * A job that used a smaller part of a core than BUSY waited for its input. This does not apply to a
 * probe shorter than SHORTEST_WAIT_MS, because the start of the job is a large part of it.
 */
const BUSY = 0.5;
const SHORTEST_WAIT_MS = 1000;
/**
 * State that grew by a smaller fraction in the second half counts as steady. Windows and patterns
 * cause small changes.
 */
const STEADY_GROWTH = 0.15;
/** Largest steady load with which a job can still catch up after a stop. */
const ROOM = 0.6;
const DAY_S = 86_400;
/**
 * Retained checkpoints share most of their files. Their differences have at most the size of the
 * state.
 */
const CHECKPOINT_COPIES = 3;
const SMALLEST_MEMORY = 64 * MB;
const LARGEST_MEMORY = 2048 * MB;

/**
 * Extrapolates from a probe at full speed to a steady rate. Assumes the measured time per row.
 * State that depends on event time is proportional to the rows in the same span; state that grew
 * continues to grow per row.
 */
export function estimate(probe: Probe, rate: number): Estimate {
  const { rows, ms, cpuMs, eventMs, stateFirstHalf, stateSecondHalf } = probe;
  const limit = ms >= SHORTEST_WAIT_MS && cpuMs < ms * BUSY ? 'arrival' : 'speed';
  const capacity = (rows / (limit === 'arrival' ? Math.max(1, cpuMs) : ms)) * 1000;
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
    limit,
    cores: (cpuMs / rows / 1000) * rate,
    steadyStateBytes,
    growthPerDay,
    stateMemory,
    memoryLimit: roundUp(stateMemory * 2 + 512 * MB),
    disk: roundUp(Math.max(256 * MB, kept * (1 + CHECKPOINT_COPIES)) + 256 * MB),
    tooFast: rate > capacity * ROOM,
  };
}

/** Rounds up to 64 MB. A probe is not more precise. */
const roundUp = (bytes: number): number => Math.ceil(bytes / (64 * MB)) * 64 * MB;
