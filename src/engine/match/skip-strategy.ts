import { EngineError } from '../../core/engine-error.ts';
import type { SkipStrategy } from '../../plan/match-node.ts';
import type { PartialList } from './partial-list.ts';
import type { KeptRow, PartialMatch, PathNode } from './partial-match.ts';
import { removeStartedBy } from './start-order-heap.ts';

/** AFTER MATCH with its variable as an index. */
export type CompiledSkip =
  | { readonly kind: 'no-skip' | 'to-next-row' | 'past-last-row' }
  | {
      readonly kind: 'to-first' | 'to-last';
      readonly variable: number;
      readonly name: string;
      readonly failOnMiss: boolean;
    };

export function compileSkip(skip: SkipStrategy, variables: readonly string[]): CompiledSkip {
  if (skip.kind !== 'to-first' && skip.kind !== 'to-last') return { kind: skip.kind };
  return {
    kind: skip.kind,
    variable: variables.indexOf(skip.variable),
    name: skip.variable,
    failOnMiss: skip.failOnMiss,
  };
}

/**
 * Applies AFTER MATCH after a match. Drops the partial and completed matches that started at or
 * before the target row of AFTER MATCH (for a variable: before that row). Returns the dropped
 * partial matches. A match without that variable skips nothing, or fails the job (SQL). The same
 * holds for a match whose first row would be the target.
 */
export function prune(
  skip: CompiledSkip,
  match: PathNode,
  partial: PartialList,
  completed: PartialMatch[],
): readonly PartialMatch[] {
  if (skip.kind === 'no-skip') return [];
  const target = skipTarget(skip, match);
  if (target === null) return [];
  const inclusive = skip.kind === 'to-next-row' || skip.kind === 'past-last-row';
  removeStartedBy(completed, target.time, target.sequence, inclusive);
  return partial.removeStartedBy(target.time, target.sequence, inclusive);
}

/**
 * Returns the row that AFTER MATCH skips to, or null if the match has none. With `to-next-row` the
 * first row of the match, with `past-last-row` its last one. Throws MATCH_SKIP.
 */
export function skipTarget(skip: CompiledSkip, match: PathNode): KeptRow | null {
  if (skip.kind === 'past-last-row') return match.row;
  let first: PathNode = match;
  let target: KeptRow | null = null;
  for (let node: PathNode | null = match; node !== null; node = node.previous) {
    first = node;
    if ('variable' in skip && node.variable === skip.variable && (target === null || skip.kind === 'to-first'))
      target = node.row;
  }
  if (skip.kind === 'to-next-row') return first.row;
  if ('failOnMiss' in skip && skip.failOnMiss) {
    const clause = `AFTER MATCH SKIP TO ${skip.kind === 'to-first' ? 'FIRST' : 'LAST'} ${skip.name}`;
    if (target === null) {
      throw new EngineError('MATCH_SKIP', `${clause}: a match has no row of ${skip.name} to skip to`, {
        variable: skip.name,
      });
    }
    if (target === first.row) {
      throw new EngineError(
        'MATCH_SKIP',
        `${clause}: would skip to the first row of the match itself, and so find the same match for ever`,
        { variable: skip.name },
      );
    }
  }
  return target;
}
