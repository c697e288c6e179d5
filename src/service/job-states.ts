import type { JobState } from './service-api.ts';

/**
 * The events of a job:
 *
 * | event     | meaning                                                         |
 * |-----------|-----------------------------------------------------------------|
 * | `opened`  | its thread restored it and runs                                 |
 * | `failed`  | it failed and will be started again                             |
 * | `gave-up` | it failed and will not be started again                         |
 * | `stopped` | it ended on request, after a last checkpoint                      |
 * | `canceled`| it ended on request, immediately                                      |
 * | `finished`| it read all its input                                           |
 * | `start`   | it restarts from its newest checkpoint                  |
 */
export type JobEventName = 'opened' | 'failed' | 'gave-up' | 'stopped' | 'canceled' | 'finished' | 'start';

/** The next state for each state and event. Null: the event cannot happen in that state. */
export const JOB_STATES: Readonly<Record<JobState, Readonly<Record<JobEventName, JobState | null>>>> = {
  CREATED: {
    opened: 'RUNNING',
    failed: 'RESTARTING',
    'gave-up': 'FAILED',
    stopped: 'SUSPENDED',
    canceled: 'CANCELED',
    finished: 'FINISHED',
    start: null,
  },
  RUNNING: {
    opened: null,
    failed: 'RESTARTING',
    'gave-up': 'FAILED',
    stopped: 'SUSPENDED',
    canceled: 'CANCELED',
    finished: 'FINISHED',
    start: null,
  },
  RESTARTING: {
    opened: 'RUNNING',
    failed: 'RESTARTING',
    'gave-up': 'FAILED',
    stopped: 'SUSPENDED',
    canceled: 'CANCELED',
    finished: 'FINISHED',
    start: null,
  },
  SUSPENDED: ended('CREATED'),
  FINISHED: ended('CREATED'),
  CANCELED: ended('CREATED'),
  FAILED: ended('CREATED'),
};

/** Returns the transitions of a job that has ended. Such a job can only be restarted. */
function ended(start: JobState): Readonly<Record<JobEventName, JobState | null>> {
  return { opened: null, failed: null, 'gave-up': null, stopped: null, canceled: null, finished: null, start };
}

/** Returns whether the job has a thread, or will get one without a request. */
export const isActive = (state: JobState): boolean =>
  state === 'CREATED' || state === 'RUNNING' || state === 'RESTARTING';
