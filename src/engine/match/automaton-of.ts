import type { MatchNode } from '../../plan/match-node.ts';
import type { Nfa } from '../../plan/nfa/nfa.ts';
import { compileNfa } from '../../plan/nfa/nfa-compiler.ts';

/** Builds the automaton of a pattern with Flink's semantics. */
export function automatonOf({ pattern, define, within }: MatchNode): Nfa {
  const defined = define.map(({ variable }) => variable);
  return compileNfa(pattern, defined, { bounded: within !== null });
}

/** Returns the variables that take any row. */
export function alwaysTrue({ define }: MatchNode, { variables }: Nfa): readonly string[] {
  return variables.filter((name) => {
    const condition = define.find(({ variable }) => variable === name)?.condition;
    return condition === undefined || (condition.kind === 'literal' && condition.value === true);
  });
}
