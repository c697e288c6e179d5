import type { MatchNode } from '../../../plan/match-node.ts';
import type { Nfa } from '../../../plan/nfa/nfa.ts';
import { walkPattern } from '../../../plan/walk-pattern.ts';
import { alwaysTrue } from '../automaton-of.ts';
import { readsMatch } from '../expression-columns.ts';
import { limitsOf } from '../match-limits.ts';
import { unreadVariables } from '../unread-variables.ts';
import { type StatePlace, stateOrder } from './state-order.ts';

/** A shorter loop with a bound has few partial matches for each start, so its rows need no set. */
const COUNTED_FROM = 16;

/** What `SharedMatcher` needs to know of a pattern. */
export interface Shareable {
  readonly order: readonly StatePlace[];
  readonly always: ReadonlySet<number>;
}

/**
 * Returns how the partial matches of a pattern share their rows. Returns null if they cannot. They
 * can share rows if the pattern has an unbounded loop, or a counted loop, whose rows are read, if
 * no condition reads earlier rows, and if the order of matches does not depend on single partial
 * matches. A limit that drops single partial matches, and the rows of time-outs, also need
 * individual partial matches. `countedFrom`: the least number of states of a counted loop.
 */
export function shareable(
  node: MatchNode,
  nfa: Nfa,
  settings: Readonly<Record<string, string>>,
  countedFrom = COUNTED_FROM,
): Shareable | null {
  const { define, rows, within, pattern } = node;
  if (define.some(({ condition }) => readsMatch(condition))) return null;
  if (nfa.hasGap || nfa.hasPending || (rows.kind === 'one' && rows.timeouts)) return null;
  if (within?.type === 'previous-and-current') return null;
  if ((limitsOf(settings)?.policy ?? 'fail') !== 'fail') return null;
  const unread = new Set(unreadVariables(node, nfa));
  let open = false;
  let bounded = false;
  walkPattern(pattern, (element) => {
    if (element.kind === 'variable' && unread.has(element.variable)) return;
    const { max } = element.quantifier;
    open ||= max === null;
    bounded ||= max !== null && max >= countedFrom;
  });
  if (!open && !bounded) return null;
  const always = new Set(alwaysTrue(node, nfa).map((name) => nfa.variables.indexOf(name)));
  const order = stateOrder(nfa, always, countedFrom);
  if (order === null || !(open || order.some(({ loop }) => loop !== null))) return null;
  return { order, always };
}
