import type { Clock } from '../../core/clock.ts';
import { type Disk, systemDisk } from '../../core/disk.ts';
import { type Scheduler, systemScheduler } from '../../core/scheduler.ts';
import type { StateOptions } from '../state/open-backend.ts';
import type { OpenChannel } from './subtask-channel.ts';
import { SubtaskHost } from './subtask-host.ts';

/** The surroundings of a subtask in the thread of its task. Absent: the real ones. */
export interface LocalContext {
  readonly clock: Clock;
  readonly disk?: Disk;
  readonly scheduler?: Scheduler;
  readonly state: StateOptions;
}

/** Runs a subtask in the thread of its task. For a caller that has no threads for subtasks. */
export const openLocalChannel =
  ({ clock, disk = systemDisk, scheduler = systemScheduler, state: { openFiles } }: LocalContext): OpenChannel =>
  (receive) => {
    const files = openFiles === undefined ? {} : { openFiles };
    const host = new SubtaskHost({ clock, disk, scheduler, send: receive, ...files });
    return {
      post: (message) => host.receive(message),
      poll() {},
      end: () => Promise.resolve(),
    };
  };
