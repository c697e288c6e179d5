import {
  ONCE,
  type PatternElement,
  type PatternLink,
  type PatternSequence,
  type Quantifier,
} from '../../../src/plan/match-node.ts';
import type { SeededRandom } from '../seeded-random.ts';

export interface RandomPattern {
  readonly pattern: PatternSequence;
  /** The variables in order of appearance, including those of negations. */
  readonly variables: readonly string[];
  /** Conditions that only end loops. */
  readonly ends: readonly string[];
}

const NAMES = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];

/**
 * Generates a pattern with everything that Flink's CEP library can express: links, negations,
 * quantifiers, loops with ends and gaps, and nested groups.
 */
export function randomPattern(random: SeededRandom, bounded: boolean): RandomPattern {
  const variables: string[] = [];
  const ends: string[] = [];
  const pattern = sequence(0);
  return { pattern, variables, ends };

  function sequence(depth: number): PatternSequence {
    const length = depth === 0 ? random.between(1, 4) : random.between(1, 2);
    const elements: PatternElement[] = [];
    for (let i = 0; i < length; i++) {
      const before = elements.at(-1);
      const last = i === length - 1;
      const group = depth < 2 && variables.length < 5 && random.chance(depth === 0 ? 0.18 : 0.1);
      if (!group && before !== undefined && !before.quantifier.optional && random.chance(0.2)) {
        const link = notLink(before, last, depth);
        if (link !== null) {
          elements.push({ kind: 'variable', variable: name(), link, quantifier: ONCE });
          continue;
        }
      }
      const link: PatternLink =
        before === undefined ? 'next' : random.oneOf(['next', 'followed-by', 'followed-by', 'followed-by-any']);
      const greedyBefore = before?.quantifier.greedy === true;
      if (group) {
        const names = variables.length;
        const loopEnds = ends.length;
        let inner = sequence(depth + 1);
        // A loop around an empty sequence would never end, in Flink too.
        while (!takesRow(inner)) {
          variables.length = names;
          ends.length = loopEnds;
          inner = sequence(depth + 1);
        }
        elements.push({ kind: 'group', sequence: inner, link, quantifier: quantifier(false, greedyBefore) });
      } else {
        const variable = name();
        elements.push({ kind: 'variable', variable, link, quantifier: quantifier(true, greedyBefore) });
      }
    }
    return { kind: 'sequence', elements };
  }

  /**
   * Chooses the link of a negation. NOT NEXT may always end the pattern, NOT FOLLOWED BY only with
   * a bound. In a group another element follows the negation.
   */
  function notLink(before: PatternElement, last: boolean, depth: number): PatternLink | null {
    if (isNot(before)) return null;
    if (last && depth > 0) return null;
    if (last && !bounded) return 'not-next';
    return random.oneOf(['not-next', 'not-followed-by', 'not-followed-by']);
  }

  function name(): string {
    const next = NAMES[variables.length] ?? `V${variables.length}`;
    variables.push(next);
    return next;
  }

  function quantifier(variable: boolean, greedyBefore: boolean): Quantifier {
    if (random.chance(0.5)) return variable || random.chance(0.5) ? ONCE : { ...ONCE, inner: 'relaxed' };
    const [min, max] = random.oneOf<readonly [number, number | null]>([
      [1, 1],
      [1, null],
      [1, null],
      [2, null],
      [2, 2],
      [1, 2],
      [2, 3],
    ]);
    const single = min === 1 && max === 1;
    const optional = single || (!greedyBefore && random.chance(0.35));
    const inner =
      single && variable ? 'consecutive' : random.oneOf(['consecutive', 'relaxed', 'relaxed', 'combinations'] as const);
    const greedy = variable && !single && inner !== 'combinations' && random.chance(0.35);
    const chosen: Quantifier = { min, max, optional, greedy, inner };
    if (max === null && random.chance(0.2)) {
      const end = `U${ends.length}`;
      ends.push(end);
      return { ...chosen, until: end, ...gap(single) };
    }
    return { ...chosen, ...gap(single) };
  }

  function gap(single: boolean): { gapMs?: number } {
    return !single && random.chance(0.15) ? { gapMs: random.between(2, 4) * 1000 } : {};
  }
}

/** Returns whether every match of the sequence has a row. */
function takesRow({ elements }: PatternSequence): boolean {
  return elements.some((element) => !isNot(element) && !element.quantifier.optional);
}

export function isNot({ link }: PatternElement): boolean {
  return link === 'not-next' || link === 'not-followed-by';
}

/**
 * Generates a pattern that Flink SQL accepts: consecutive variables, the last one not greedy, and
 * not all of them optional.
 */
export function randomPortablePattern(random: SeededRandom): RandomPattern {
  for (;;) {
    const count = random.between(2, 4);
    const elements: PatternElement[] = [];
    for (const [i, variable] of NAMES.slice(0, count).entries()) {
      const greedyBefore = elements.at(-1)?.quantifier.greedy === true;
      const quantifier = portableQuantifier(random, i === count - 1, greedyBefore);
      elements.push({ kind: 'variable', variable, link: 'next', quantifier });
    }
    if (elements.every((element) => element.quantifier.optional)) continue;
    return { pattern: { kind: 'sequence', elements }, variables: NAMES.slice(0, count), ends: [] };
  }
}

function portableQuantifier(random: SeededRandom, last: boolean, greedyBefore: boolean): Quantifier {
  for (;;) {
    const [min, max, optional] = random.oneOf<readonly [number, number | null, boolean]>([
      [1, 1, false],
      [1, 1, false],
      [1, 1, true],
      [1, null, false],
      [1, null, true],
      [2, null, false],
      [2, 2, false],
      [1, 3, false],
      [1, 2, true],
    ]);
    const plain = max === min;
    const greedy = !plain && random.chance(0.6);
    if (last && greedy) continue;
    // An optional variable after a greedy one is only accepted as {0,n} with n > 1.
    if (greedyBefore && optional && (max === 1 || max === null)) continue;
    return { min, max, optional, greedy, inner: 'consecutive' };
  }
}
