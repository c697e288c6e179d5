import type { JobStatement } from '../../compiler/compile-result.ts';
import type { Job } from '../../engine/job/job.ts';
import type { JobEvent } from '../../engine/job/job-options.ts';
import { damageText, unknownFilesText } from '../../engine/job/upkeep-text.ts';
import { reloadLines } from '../../engine/match/carry/carry-report.ts';
import { diskLowText } from '../../engine/task/disk-guard.ts';
import { droppedText } from '../../engine/task/drop-report.ts';
import { digitGroups } from './digit-groups.ts';
import { reportFailure } from './report-failure.ts';
import { say } from './standard-streams.ts';

/** Prints an event of a job on standard error. */
export function reportEvent(job: string, event: JobEvent): void {
  if (event.kind === 'restored') {
    say(
      event.finished
        ? `job ${job} had finished (checkpoint ${event.epoch}); its output is complete\n`
        : `job ${job} resumes from checkpoint ${event.epoch}\n`,
    );
  } else if (event.kind === 'checkpoint-skipped')
    reportFailure(event.error, `job ${job}: checkpoint ${event.epoch} is left out: `);
  else if (event.kind === 'checkpoint-damaged') say(`job ${job}: ${damageText(event)}\n`);
  else if (event.kind === 'unknown-files') say(`job ${job}: ${unknownFilesText(event.files)}\n`);
  else if (event.kind === 'checkpoint-failed') reportFailure(event.error, `job ${job}: `);
  else if (event.kind === 'reloaded')
    for (const line of event.operators.flatMap(reloadLines)) say(`job ${job}: ${line}\n`);
  else if (event.kind === 'dropped') say(`job ${job}: ${droppedText(event.dropped)}\n`);
  else if (event.kind === 'disk-low') say(`job ${job}: ${diskLowText(event.freeBytes)}\n`);
}

/**
 * Prints a line for each job on standard error: its rows, the time and its checkpoints. Prints
 * nothing if all statements are SELECTs.
 */
export function summarise(
  jobs: readonly Job[],
  statements: readonly JobStatement[],
  ms: number,
  exitCode: number,
): void {
  if (statements.every((s) => s.origin === 'select')) return;
  for (const job of jobs.filter((j) => !j.restoredFrom?.finished)) {
    const m = job.metrics();
    const cp = m.checkpoints;
    const checkpoints = cp === null ? '' : `, ${cp.completed} checkpoint${cp.completed === 1 ? '' : 's'} completed`;
    const late = m.lateRows > 0 ? `, ${m.lateRows} late` : '';
    const threads = job.task.subtasks.length === 0 ? '' : ` in ${job.task.subtasks.length + 1} threads`;
    const bad = m.malformedRows > 0 ? `, ${m.malformedRows} malformed` : '';
    say(
      `job ${job.options.id}: ${digitGroups(m.rowsIn)} rows in, ${digitGroups(m.rowsOut)} rows out${late}${bad}, ` +
        `${(ms / 1000).toFixed(2)} s${threads}${checkpoints}${exitCode === 0 ? '' : ' (failed)'}\n`,
    );
  }
}
