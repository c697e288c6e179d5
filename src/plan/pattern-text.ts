import type { PatternElement, PatternSequence, Quantifier } from './match-node.ts';

const LINKS: Readonly<Record<PatternElement['link'], string>> = {
  next: '',
  'followed-by': 'FOLLOWED BY ',
  'followed-by-any': 'FOLLOWED BY ANY ',
  'not-next': 'NOT NEXT ',
  'not-followed-by': 'NOT FOLLOWED BY ',
};

/** Returns a pattern as in PATTERN (…). */
export function patternText(sequence: PatternSequence): string {
  return sequence.elements
    .map((element, i) => {
      return `${i === 0 ? '' : LINKS[element.link]}${elementText(element)}${quantifierText(element.quantifier)}${loopText(element.quantifier)}`;
    })
    .join(' ');
}

function elementText(element: PatternElement): string {
  switch (element.kind) {
    case 'variable':
      return element.variable;
    case 'group':
      return `(${patternText(element.sequence)})`;
    case 'alternation':
      return `(${element.alternatives.map(patternText).join(' | ')})`;
    case 'permutation':
      return `PERMUTE(${element.members.map(patternText).join(', ')})`;
    case 'exclusion':
      return `{- ${patternText(element.sequence)} -}`;
    case 'anchor':
      return element.at === 'start' ? '^' : '$';
  }
}

function quantifierText(quantifier: Quantifier): string {
  const { min, max, optional, greedy } = quantifier;
  if (min === 1 && max === 1) return optional ? '?' : '';
  const low = optional ? 0 : min;
  if (low === 0 && max === 1) return greedy ? '?' : '??';
  const range =
    max === null ? (low === 0 ? '*' : low === 1 ? '+' : `{${low},}`) : low === max ? `{${low}}` : `{${low},${max}}`;
  return `${range}${greedy || low === max ? '' : '?'}`;
}

/**
 * Returns the contiguity between the rows of a loop, the condition that ends it, and the largest
 * gap between its rows.
 */
function loopText({ min, max, inner, until, gapMs }: Quantifier): string {
  if (min === 1 && max === 1) return '';
  return [
    inner === 'consecutive' ? '' : ` ${inner.toUpperCase()}`,
    until === undefined ? '' : ` UNTIL ${until}`,
    gapMs === undefined ? '' : ` WITHIN ${gapMs} ms`,
  ].join('');
}
