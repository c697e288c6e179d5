import type { MatchNode } from '../../../plan/match-node.ts';
import type { Nfa, NfaState } from '../../../plan/nfa/nfa.ts';
import { walkPattern } from '../../../plan/walk-pattern.ts';
import { alwaysTrue } from '../automaton-of.ts';
import { readsMatch } from '../expression-columns.ts';
import { limitsOf } from '../match-limits.ts';
import { unreadVariables } from '../unread-variables.ts';
import { stateOrder } from './state-order.ts';

/** What `SharedMatcher` needs to know of a pattern. */
export interface Shareable {
  readonly order: readonly NfaState[];
  readonly always: ReadonlySet<number>;
}

/**
 * Returns how the partial matches of a pattern share their rows. Returns null if they cannot. They
 * can share rows if the pattern has an unbounded loop whose rows are read, if no condition reads
 * earlier rows, and if the order of matches does not depend on single partial matches. A limit that
 * drops single partial matches, and the rows of time-outs, also need individual partial matches.
 */
export function shareable(node: MatchNode, nfa: Nfa, settings: Readonly<Record<string, string>>): Shareable | null {
  const { define, rows, within, pattern } = node;
  if (define.some(({ condition }) => readsMatch(condition))) return null;
  if (nfa.hasGap || nfa.hasPending || (rows.kind === 'one' && rows.timeouts)) return null;
  if (within?.type === 'previous-and-current') return null;
  if ((limitsOf(settings)?.policy ?? 'fail') !== 'fail') return null;
  const unread = new Set(unreadVariables(node, nfa));
  let loops = false;
  walkPattern(pattern, (element) => {
    if (element.quantifier.max !== null) return;
    loops ||= element.kind !== 'variable' || !unread.has(element.variable);
  });
  if (!loops) return null;
  const always = new Set(alwaysTrue(node, nfa).map((name) => nfa.variables.indexOf(name)));
  const order = stateOrder(nfa, always);
  return order === null ? null : { order, always };
}
