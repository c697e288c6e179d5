import type { PatternElement, PatternSequence } from './match-node.ts';

/** Returns the sequences directly inside an element. */
export function sequencesIn(element: PatternElement): readonly PatternSequence[] {
  switch (element.kind) {
    case 'variable':
    case 'anchor':
      return [];
    case 'group':
    case 'exclusion':
      return [element.sequence];
    case 'alternation':
      return element.alternatives;
    case 'permutation':
      return element.members;
  }
}

/** Calls `visit` for each element of the pattern, an outer one before those inside it. */
export function walkPattern(sequence: PatternSequence, visit: (element: PatternElement) => void): void {
  for (const element of sequence.elements) {
    visit(element);
    for (const inner of sequencesIn(element)) walkPattern(inner, visit);
  }
}

/** Returns the pattern's variables in order of their first appearance. */
export function patternVariables(sequence: PatternSequence): string[] {
  const variables = new Set<string>();
  walkPattern(sequence, (element) => {
    if (element.kind === 'variable') variables.add(element.variable);
  });
  return [...variables];
}

/** Returns whether more than one way through the sequence exists, for any rows. */
export function leavesChoice(sequence: PatternSequence): boolean {
  let choice = false;
  walkPattern(sequence, ({ kind, quantifier }) => {
    choice ||= kind === 'alternation' || kind === 'permutation' || quantifier.min !== quantifier.max;
  });
  return choice;
}
