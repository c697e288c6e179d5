import type { ChainRead, ConditionReads } from './condition-reads.ts';
import type { Program } from './program.ts';
import type { RowChain } from './row-chain.ts';

/**
 * Returns for each instruction the reads of all conditions that a thread at this instruction may
 * still evaluate; null if there are none. Two threads at the same instruction and row behave the
 * same from then on if these reads return the same values. Only the preferred thread continues.
 * Measures do not matter, because they are evaluated for the match that the preferred thread finds.
 */
export function readsAhead(program: Program, reads: ConditionReads): (readonly ChainRead[] | null)[] {
  const { instructions, variables } = program;
  const ahead = instructions.map(() => new Uint8Array(variables.length));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [at, instruction] of instructions.entries()) {
      const mine = ahead[at]!;
      const include = (variable: number): void => {
        if (mine[variable] === 1) return;
        mine[variable] = 1;
        changed = true;
      };
      if (instruction.op === 'take') include(instruction.variable);
      for (const next of successors(instruction))
        for (const [v, set] of ahead[next]!.entries()) if (set === 1) include(v);
    }
  }
  const byVariables = new Map<string, readonly ChainRead[] | null>();
  return ahead.map((set) => {
    const name = set.join('');
    let merged = byVariables.get(name);
    if (merged === undefined) {
      merged = mergeReads([...set.entries()].flatMap(([v, reached]) => (reached === 1 ? reads.byVariable[v]! : [])));
      byVariables.set(name, merged);
    }
    return merged;
  });
}

function successors(instruction: Program['instructions'][number]): readonly number[] {
  if (instruction.op === 'match') return [];
  return instruction.op === 'split' ? [instruction.first, instruction.second] : [instruction.next];
}

function mergeReads(reads: readonly ChainRead[]): readonly ChainRead[] | null {
  const merged = new Map<number, ChainRead>();
  for (const { chain, first, last, count, all } of reads) {
    const into = merged.get(chain) ?? { chain, first: 0, last: 0, count: false, all: false };
    into.first = Math.max(into.first, first);
    into.last = Math.max(into.last, last);
    into.count ||= count;
    into.all ||= all;
    merged.set(chain, into);
  }
  const needed = [...merged.values()].filter(({ first, last, count, all }) => first > 0 || last > 0 || count || all);
  return needed.length === 0 ? null : needed;
}

/**
 * Returns the values of the reads for a thread's chains, as text. It is equal for threads that no
 * later condition can distinguish.
 */
export function mergeKey(reads: readonly ChainRead[], chains: readonly RowChain[]): string {
  let key = '';
  for (const read of reads) {
    const chain = chains[read.chain]!;
    if (read.all) {
      key += `${chain.id};`;
      continue;
    }
    if (read.count) key += `n${chain.length},`;
    for (let i = 0; i < read.first && i < chain.firsts.length; i++) key += chain.firsts[i]!.text;
    key += '|';
    let link: RowChain | null = chain;
    for (let i = 0; i < read.last && link !== null && link.row !== null; i++, link = link.previous) key += link.text;
    key += ';';
  }
  return key;
}
