import { KEY_GROUPS } from '../state/entry-key.ts';

/** The key groups of a subtask, from `first` to `last`. */
export interface KeyGroups {
  readonly first: number;
  readonly last: number;
}

/**
 * The share of the key groups of subtask 0, compared with those of another subtask. Subtask 0 runs
 * in the thread of the task, which also reads the input and writes the output.
 */
const SHARE_OF_FIRST = 0.6;

/** Divides the key groups among a number of subtasks. */
export function keyGroupsOf(subtasks: number): readonly KeyGroups[] {
  const shares = SHARE_OF_FIRST + subtasks - 1;
  const end = (subtask: number): number => Math.round((KEY_GROUPS * (SHARE_OF_FIRST + subtask)) / shares);
  return Array.from({ length: subtasks }, (_, subtask) => ({
    first: subtask === 0 ? 0 : end(subtask - 1),
    last: end(subtask) - 1,
  }));
}
