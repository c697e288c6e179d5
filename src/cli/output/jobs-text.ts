import { sizeText } from '../../core/quantity.ts';
import type { JobLog } from '../../service/job-logs.ts';
import type { JobSummary } from '../../service/service-api.ts';
import { columnLines } from './columns.ts';
import { digitGroups } from './digit-groups.ts';

const HEAD = ['job', 'state', 'rows in', 'rows out', 'late', 'state size', 'restarts'];
const NUMBERS = new Set([2, 3, 4, 5, 6]);

/** Returns a table of jobs for a terminal. The line after a failed job gives its failure. */
export function jobsText(jobs: readonly JobSummary[]): string {
  if (jobs.length === 0) return 'no jobs\n';
  const rows = jobs.map(({ id, state, rowsIn, rowsOut, lateRows, stateBytes, restarts }) => [
    id,
    state,
    digitGroups(rowsIn),
    digitGroups(rowsOut),
    digitGroups(lateRows),
    sizeText(stateBytes),
    digitGroups(restarts),
  ]);
  const [head, ...lines] = columnLines(HEAD, rows, NUMBERS);
  const withFailures = jobs.flatMap(({ failure }, i) => [
    lines[i]!,
    ...(failure === null ? [] : [`  ${failure.code}: ${failure.message}`]),
  ]);
  return [head!, ...withFailures].map((text) => `${text}\n`).join('');
}

/** Returns the messages about a job, one per line. */
export function jobLogText({ entries, dropped }: JobLog): string {
  const lines = entries.map(
    ({ at, level, message }) => `${new Date(at).toISOString()}  ${level.padEnd(5)}  ${message}`,
  );
  if (dropped > 0) lines.unshift(`${digitGroups(dropped)} earlier messages are only in the log of the service`);
  return lines.length === 0
    ? 'no messages since the start of the service\n'
    : lines.map((line) => `${line}\n`).join('');
}
