import { sizeText } from '../../core/quantity.ts';
import type { JobLog } from '../../service/job-logs.ts';
import type { JobSummary } from '../../service/service-api.ts';
import { digitGroups } from './digit-groups.ts';

const HEAD = ['job', 'state', 'rows in', 'rows out', 'late', 'state size', 'restarts'];
/** The number of columns with texts. The columns after them have numbers, aligned on the right. */
const TEXTS = 2;

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
  const widths = HEAD.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i < TEXTS ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  const lines = jobs.flatMap(({ failure }, i) => [
    line(rows[i]!),
    ...(failure === null ? [] : [`  ${failure.code}: ${failure.message}`]),
  ]);
  return [line(HEAD), ...lines].map((text) => `${text}\n`).join('');
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
