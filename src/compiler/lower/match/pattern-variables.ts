import type { Name } from '../../ast/expression.ts';
import type { PatternAst, PatternElementAst } from '../../ast/match.ts';

/**
 * Returns the variables of a pattern in order of appearance, also those in parts that will be
 * refused.
 */
export function variablesOf(pattern: PatternAst): string[] {
  return elementsOf(pattern).flatMap(({ item }) => (item.kind === 'variable' ? [item.name.text] : []));
}

/** Returns the names after UNTIL. They name the conditions that end loops. */
export function loopEndsOf(pattern: PatternAst): Name[] {
  return elementsOf(pattern).flatMap(({ options }) =>
    options.flatMap((option) => (option.kind === 'until' ? [option.variable] : [])),
  );
}

function elementsOf(pattern: PatternAst): PatternElementAst[] {
  return pattern.alternatives.flatMap(({ elements }) =>
    elements.flatMap((element) => [element, ...innerOf(element).flatMap(elementsOf)]),
  );
}

function innerOf({ item }: PatternElementAst): readonly PatternAst[] {
  switch (item.kind) {
    case 'variable':
    case 'anchor':
      return [];
    case 'group':
      return item.pattern === null ? [] : [item.pattern];
    case 'exclusion':
      return [item.pattern];
    case 'permute':
      return item.members;
  }
}
