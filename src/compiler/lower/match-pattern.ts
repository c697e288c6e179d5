import type { SourceSpan } from '../../core/diagnostic.ts';
import type { PatternElement, PatternLink, PatternSequence, Quantifier } from '../../plan/match-node.ts';
import type { PatternAst, PatternElementAst, QuantifierAst } from '../ast/match.ts';
import type { Session } from '../session.ts';

/** Variables of a pattern in their order, also of parts that will be refused. */
export function variablesOf(pattern: PatternAst): string[] {
  return pattern.alternatives.flatMap((sequence) =>
    sequence.elements.flatMap((element) => {
      if (element.item.kind === 'variable') return [element.item.name.text];
      return element.item.kind === 'group' && element.item.pattern !== null ? variablesOf(element.item.pattern) : [];
    }),
  );
}

/**
 * PATTERN → sequence, with Flink's restrictions (flink-semantics 1.2): one sequence of distinct variables, no group, not possibly empty,
 * nothing greedy at the end, nothing optional right after something greedy. Null after reporting.
 */
export function lowerPattern(pattern: PatternAst, session: Session): PatternSequence | null {
  const { diagnostics } = session;
  const before = diagnostics.errors;
  if (pattern.alternatives.length > 1) {
    diagnostics.notSupported(
      pattern.span,
      'an alternative (`|`) in PATTERN',
      'write one MATCH_RECOGNIZE for each alternative and UNION ALL them',
    );
    return null;
  }
  const seen = new Set<string>();
  const elements: PatternElement[] = [];
  let previous: { readonly quantifier: Quantifier; readonly span: SourceSpan } | null = null;
  for (const element of pattern.alternatives[0]!.elements) {
    const quantifier = lowerQuantifier(element.quantifier, session);
    checkOptions(element, session);
    const link = lowerLink(element, session);
    const { item } = element;
    if (item.kind !== 'variable') {
      refuseItem(item, element.span, session);
      continue;
    }
    if (seen.has(item.name.text)) {
      diagnostics.error(
        'SQL_INVALID_PATTERN',
        item.name.span,
        `the pattern variable \`${item.name.text}\` stands twice in PATTERN`,
        'give the second one another name and the same condition',
      );
    }
    seen.add(item.name.text);
    if (quantifier === null || link === null) continue;
    // `{0,n}` may follow a loop, `?` and `*` may not: Flink builds them in different ways
    const builtOptional = quantifier.optional && !(element.quantifier?.bounded && element.quantifier.max !== 1);
    if (builtOptional && previous?.quantifier.greedy) {
      diagnostics.error(
        'SQL_INVALID_PATTERN',
        element.span,
        'an optional variable cannot follow a greedy one',
        'make the one before reluctant (`+?`), or write {0,n} with n > 1',
      );
    }
    elements.push({ kind: 'variable', variable: item.name.text, link, quantifier });
    previous = { quantifier, span: element.span };
  }
  if (diagnostics.errors > before) return null;
  if (previous?.quantifier.greedy) {
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      previous.span,
      'the last variable of a pattern cannot be greedy',
      'make it reluctant by a `?` after the quantifier, or end the pattern with a plain variable',
    );
  }
  if (elements.every((element) => element.quantifier.optional)) {
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      pattern.span,
      'the pattern could match no row at all',
      'at least one variable must not be optional',
    );
  }
  return diagnostics.errors > before ? null : { kind: 'sequence', elements };
}

function refuseItem(
  item: Exclude<PatternElementAst['item'], { kind: 'variable' }>,
  span: SourceSpan,
  session: Session,
): void {
  const { diagnostics } = session;
  if (item.kind === 'group') diagnostics.notSupported(span, 'a group of variables in PATTERN');
  else if (item.kind === 'permute') diagnostics.notSupported(span, 'PERMUTE');
  else if (item.kind === 'exclusion') diagnostics.notSupported(span, 'an exclusion (`{- -}`) in PATTERN');
  else diagnostics.notSupported(span, 'an anchor (`^`, `$`) in PATTERN', 'Flink accepts anchors but ignores them');
}

function lowerLink(element: PatternElementAst, session: Session): PatternLink | null {
  const { link } = element;
  if (link === null) return 'next';
  const written = `${link.negated ? 'NOT ' : ''}${{ next: 'NEXT', 'followed-by': 'FOLLOWED BY', 'followed-by-any': 'FOLLOWED BY ANY' }[link.kind]}`;
  if (session.portable) {
    const hint = link.negated
      ? undefined
      : link.kind === 'next'
        ? 'two variables one after the other mean the same'
        : 'write `A X*? B` with X left out of DEFINE';
    return session.diagnostics.error('SQL_NOT_PORTABLE', link.span, `Flink SQL has no \`${written}\` in PATTERN`, hint);
  }
  if (link.negated || link.kind === 'followed-by-any')
    return session.diagnostics.notSupported(link.span, `\`${written}\` in PATTERN`);
  return link.kind;
}

function checkOptions(element: PatternElementAst, session: Session): void {
  for (const option of element.options) {
    if (session.portable)
      session.diagnostics.error(
        'SQL_NOT_PORTABLE',
        option.span,
        `Flink SQL has no \`${option.word}\` after a quantifier`,
      );
    else session.diagnostics.notSupported(option.span, `\`${option.word}\` after a quantifier`);
  }
}

/** A quantifier as Flink builds it: greedy unless reluctant, except `?`, `{n}` and {0,1}, where greed means nothing. */
function lowerQuantifier(ast: QuantifierAst | null, session: Session): Quantifier | null {
  const { diagnostics } = session;
  if (ast === null) return { min: 1, max: 1, optional: false, greedy: false, inner: 'consecutive' };
  if (ast.min === null) {
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      'the quantifier has no lower bound',
      ast.max === null ? 'for example {2,}' : `write {0,${ast.max}} or {1,${ast.max}}`,
    );
  }
  const { min, max } = ast;
  if (max === 0)
    return diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      'a variable that is matched 0 times cannot stand in a pattern',
      'leave it out',
    );
  if (max !== null && max < min)
    return diagnostics.error('SQL_INVALID_PATTERN', ast.span, `the upper bound ${max} is below the lower bound ${min}`);
  if (min === 0 && max === 1) {
    if (ast.reluctant)
      return diagnostics.notSupported(
        ast.span,
        'a reluctant optional variable (`??`)',
        'write `?`: it prefers to leave the variable out where both are possible',
      );
    return { min: 1, max: 1, optional: true, greedy: false, inner: 'consecutive' };
  }
  return {
    min: Math.max(1, min),
    max,
    optional: min === 0,
    greedy: !ast.reluctant && min !== max,
    inner: 'consecutive',
  };
}
