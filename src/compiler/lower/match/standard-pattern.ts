import type { PatternElement, PatternSequence, Quantifier } from '../../../plan/match-node.ts';
import type { PatternAst, PatternElementAst, QuantifierAst } from '../../ast/match.ts';
import type { Session } from '../../session.ts';
import { checkPatternSize } from './pattern-size.ts';
import { boundsOf } from './quantifier.ts';

/**
 * Converts PATTERN to a sequence in the semantics of the SQL standard. Returns null after reporting
 * a mistake. Links and loop words exist only in Flink's semantics.
 */
export function lowerStandardPattern(pattern: PatternAst, session: Session): PatternSequence | null {
  const { diagnostics } = session;
  const before = diagnostics.errors;
  const lowered = lower(pattern, session);
  if (diagnostics.errors > before) return null;
  return checkPatternSize(lowered, pattern.span, 'standard', session) ? lowered : null;
}

function lower(pattern: PatternAst, session: Session): PatternSequence {
  const alternatives = pattern.alternatives.map(
    ({ elements }): PatternSequence => ({
      kind: 'sequence',
      elements: elements.map((element) => lowerElement(element, session)),
    }),
  );
  if (alternatives.length === 1) return alternatives[0]!;
  return { kind: 'sequence', elements: [{ kind: 'alternation', alternatives, link: 'next', quantifier: ONCE }] };
}

const ONCE: Quantifier = { min: 1, max: 1, optional: false, greedy: true, inner: 'consecutive' };
const NOTHING: PatternSequence = { kind: 'sequence', elements: [] };

function lowerElement(element: PatternElementAst, session: Session): PatternElement {
  refuseFlinkParts(element, session);
  const quantifier = quantifierOf(element.quantifier, session);
  const { item } = element;
  switch (item.kind) {
    case 'variable':
      return { kind: 'variable', variable: item.name.text, link: 'next', quantifier };
    case 'group': {
      const sequence = item.pattern === null ? NOTHING : lower(item.pattern, session);
      return { kind: 'group', sequence, link: 'next', quantifier };
    }
    case 'permute': {
      const members = item.members.map((member) => lower(member, session));
      return { kind: 'permutation', members, link: 'next', quantifier };
    }
    case 'exclusion':
      return { kind: 'exclusion', sequence: lower(item.pattern, session), link: 'next', quantifier };
    case 'anchor':
      return { kind: 'anchor', at: item.at, link: 'next', quantifier };
  }
}

function refuseFlinkParts({ link, options }: PatternElementAst, session: Session): void {
  const { diagnostics } = session;
  const hint = "use Flink's way of matching: SET 'sequitur.match.semantics' = 'flink'";
  if (link !== null && (link.negated || link.kind !== 'next')) {
    const word = { next: 'NEXT', 'followed-by': 'FOLLOWED BY', 'followed-by-any': 'FOLLOWED BY ANY' }[link.kind];
    const written = `${link.negated ? 'NOT ' : ''}${word}`;
    diagnostics.error(
      'SQL_NOT_SUPPORTED',
      link.span,
      `\`${written}\` is not part of the SQL standard's patterns`,
      hint,
    );
  }
  for (const { kind, span } of options) {
    const what = `\`${kind.toUpperCase()}\` after a quantifier`;
    diagnostics.error('SQL_NOT_SUPPORTED', span, `${what} is not part of the SQL standard's patterns`, hint);
  }
}

/** Converts a quantifier. `{,n}` means 0 to n. */
function quantifierOf(ast: QuantifierAst | null, session: Session): Quantifier {
  if (ast === null) return ONCE;
  const bounds = boundsOf(ast.min === null && ast.max !== null ? { ...ast, min: 0 } : ast, session);
  return bounds === null ? ONCE : { ...ONCE, ...bounds, greedy: !ast.reluctant };
}
