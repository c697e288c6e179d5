import { systemClock } from '../core/clock.ts';
import { systemDisk } from '../core/disk.ts';
import { systemScheduler } from '../core/scheduler.ts';
import { SubtaskHost } from '../engine/subtask/subtask-host.ts';
import type { FromSubtask } from '../engine/subtask/subtask-messages.ts';

/** Returns the host of the subtask in this thread, on the real clock and disk. */
export function startHost(send: (message: FromSubtask, transfer: ArrayBuffer[]) => void): SubtaskHost {
  return new SubtaskHost({ clock: systemClock, disk: systemDisk, scheduler: systemScheduler, send });
}
