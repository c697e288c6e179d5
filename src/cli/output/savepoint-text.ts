import type { SavepointStatus } from '../../service/savepoint-status.ts';
import { digitGroups } from './digit-groups.ts';

/**
 * Returns the text for a terminal. Each savepoint has a line with its path or the reason of its
 * failure.
 */
export function savepointText(savepoints: readonly SavepointStatus[]): string {
  if (savepoints.length === 0) return 'no savepoints\n';
  const width = Math.max(...savepoints.map(({ name }) => name.length));
  return savepoints.map((savepoint) => `${lineOf(savepoint, width)}\n`).join('');
}

function lineOf({ name, state, at, stateBytes, drained, path, failure }: SavepointStatus, width: number): string {
  const what = `${name.padEnd(width)}  ${state.toLowerCase().replace('_', ' ')}  ${new Date(at).toISOString()}`;
  if (failure !== null) return `${what}  ${failure.code}: ${failure.message}`;
  return `${what}  ${digitGroups(stateBytes)} bytes${drained ? ', drained' : ''}${path === null ? '' : `  ${path}`}`;
}
