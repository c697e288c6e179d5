import { EngineError } from '../../../core/engine-error.ts';
import type { MatchNode, SkipStrategy } from '../../../plan/match-node.ts';
import type { PathNode } from '../partial-match.ts';
import { membersOf } from './condition-reads.ts';

/** AFTER MATCH with its variables. */
export type CompiledTarget =
  | { readonly kind: 'to-next-row' | 'past-last-row' }
  | { readonly kind: 'to-first' | 'to-last'; readonly members: Uint8Array; readonly name: string };

export function compileTarget(
  skip: SkipStrategy,
  variables: readonly string[],
  subsets: MatchNode['subsets'],
): CompiledTarget {
  switch (skip.kind) {
    case 'to-first':
    case 'to-last':
      return { kind: skip.kind, members: membersOf(skip.variable, variables, subsets), name: skip.variable };
    case 'past-last-row':
      return { kind: skip.kind };
    default:
      return { kind: 'to-next-row' };
  }
}

/**
 * Returns the `sequence` of the row at which the next attempt begins. After an empty match, it is
 * always the next row.
 */
export function nextStart(skip: CompiledTarget, match: PathNode | null, start: number): number {
  if (match === null) return start + 1;
  if (!('members' in skip)) return skip.kind === 'to-next-row' ? start + 1 : match.row.sequence + 1;
  let target = -1;
  for (let node: PathNode | null = match; node !== null; node = node.previous) {
    if (skip.members[node.variable] !== 1) continue;
    target = node.row.sequence;
    if (skip.kind === 'to-last') break;
  }
  const { name } = skip;
  const clause = `AFTER MATCH SKIP TO ${skip.kind === 'to-first' ? 'FIRST' : 'LAST'} ${name}`;
  if (target < 0) {
    const message = `${clause}: a match has no row of ${name} to skip to`;
    throw new EngineError('MATCH_SKIP', message, { variable: name });
  }
  if (target === start) {
    const message = `${clause}: would skip to the first row of the match itself, and so find the same match for ever`;
    throw new EngineError('MATCH_SKIP', message, { variable: name });
  }
  return target;
}
