import type { PatternElement, PatternSequence, Quantifier } from '../../../src/plan/match-node.ts';
import type { SeededRandom } from '../../fuzz/seeded-random.ts';

export const VARIABLES = ['A', 'B', 'C', 'D'] as const;

const ONCE: Quantifier = { min: 1, max: 1, optional: false, greedy: true, inner: 'consecutive' };
const BOUNDS: readonly (readonly [number, number | null])[] = [
  [0, null],
  [1, null],
  [0, 1],
  [2, 2],
  [0, 2],
  [1, 2],
  [2, null],
];

/**
 * Generates a random pattern of the SQL standard. Loops without an upper bound contain only
 * elements that take a row. The recorded cases test the order of preference for rounds that may be
 * empty.
 */
export function randomPattern(random: SeededRandom, depth: number): PatternSequence {
  const elements = Array.from({ length: random.between(1, 3) }, () => randomElement(random, depth));
  return { kind: 'sequence', elements };
}

function randomElement(random: SeededRandom, depth: number): PatternElement {
  const bare = bareElement(random, depth);
  if (bare.kind === 'anchor') return bare;
  return { ...bare, quantifier: randomQuantifier(random, !mayBeEmpty(bare)) };
}

function bareElement(random: SeededRandom, depth: number): PatternElement {
  const part = { link: 'next', quantifier: ONCE } as const;
  const inner = (): PatternSequence => randomPattern(random, depth - 1);
  const kind = depth <= 0 ? 0 : random.below(100);
  if (kind < 45) return { kind: 'variable', variable: random.oneOf(VARIABLES), ...part };
  if (kind < 70) {
    const empty: PatternSequence = { kind: 'sequence', elements: [] };
    const alternatives = Array.from({ length: random.between(2, 3) }, () => (random.chance(0.1) ? empty : inner()));
    return { kind: 'alternation', alternatives, ...part };
  }
  if (kind < 84) return { kind: 'group', sequence: inner(), ...part };
  if (kind < 92) {
    return { kind: 'permutation', members: Array.from({ length: random.between(2, 3) }, inner), ...part };
  }
  if (kind < 96) return { kind: 'exclusion', sequence: inner(), ...part };
  return { kind: 'anchor', at: random.oneOf(['start', 'end']), ...part };
}

function randomQuantifier(random: SeededRandom, loops: boolean): Quantifier {
  if (random.chance(0.45)) return ONCE;
  const [min, max] = random.oneOf(loops ? BOUNDS : BOUNDS.filter(([, most]) => most !== null));
  return { ...ONCE, min, max, greedy: random.chance(0.65) };
}

function mayBeEmpty(element: PatternElement): boolean {
  const empty = ({ elements }: PatternSequence): boolean => elements.every(mayBeEmpty);
  if (element.quantifier.min === 0) return true;
  switch (element.kind) {
    case 'variable':
      return false;
    case 'anchor':
      return true;
    case 'group':
    case 'exclusion':
      return empty(element.sequence);
    case 'alternation':
      return element.alternatives.some(empty);
    case 'permutation':
      return element.members.every(empty);
  }
}
