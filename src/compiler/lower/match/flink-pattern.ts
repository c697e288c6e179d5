import type { SourceSpan } from '../../../core/diagnostic.ts';
import type { PatternElement, PatternLink, PatternSequence, Quantifier } from '../../../plan/match-node.ts';
import type { LinkAst, PatternAst, PatternElementAst, PatternSequenceAst } from '../../ast/match.ts';
import type { Session } from '../../session.ts';
import { flinkQuantifier } from './flink-quantifier.ts';
import { needsStandard } from './needs-standard.ts';
import { checkPatternSize } from './pattern-size.ts';

/** The element before an element in its sequence. */
interface Before {
  readonly quantifier: Quantifier;
  readonly negated: boolean;
  readonly span: SourceSpan;
}

/**
 * Converts PATTERN to a sequence with the restrictions of Flink SQL (flink-semantics 1.2). Links,
 * loop words and groups have the restrictions of Flink's CEP library (2.1). Variables must be
 * distinct. The pattern must not match zero rows. The last element must not be greedy. An optional
 * element must not directly follow a greedy one. A negation must not follow an optional element.
 * Returns null after reporting a mistake. `bounded`: there is WITHIN.
 */
export function lowerFlinkPattern(pattern: PatternAst, session: Session, bounded: boolean): PatternSequence | null {
  const { diagnostics } = session;
  const before = diagnostics.errors;
  const lowering = new FlinkPattern(session, bounded);
  const sequence = lowering.pattern(pattern, false);
  if (sequence === null || diagnostics.errors > before) return null;
  if (!checkPatternSize(sequence, pattern.span, 'flink', session)) return null;
  const greedy = lowering.greedyEnd(pattern, sequence);
  if (greedy !== null) {
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      greedy,
      'the last variable of a pattern cannot be greedy',
      'make it reluctant by a `?` after the quantifier, or end the pattern with a plain variable',
    );
  }
  if (mayBeEmpty(sequence)) {
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      pattern.span,
      'the pattern could match no row at all',
      'at least one variable must not be optional',
    );
  }
  return diagnostics.errors > before ? null : sequence;
}

class FlinkPattern {
  readonly #session: Session;
  readonly #bounded: boolean;
  readonly #seen = new Set<string>();

  constructor(session: Session, bounded: boolean) {
    this.#session = session;
    this.#bounded = bounded;
  }

  pattern(pattern: PatternAst, inGroup: boolean): PatternSequence | null {
    if (pattern.alternatives.length > 1) {
      return needsStandard(
        pattern.span,
        'an alternative (`|`)',
        this.#session,
        'write one MATCH_RECOGNIZE for each alternative and UNION ALL them, or ',
      );
    }
    return this.#sequence(pattern.alternatives[0]!, inGroup);
  }

  #sequence(ast: PatternSequenceAst, inGroup: boolean): PatternSequence | null {
    const { diagnostics } = this.#session;
    const errors = diagnostics.errors;
    const elements: PatternElement[] = [];
    let before: Before | null = null;
    for (const [i, element] of ast.elements.entries()) {
      const quantifier = flinkQuantifier(element, this.#session);
      const link = this.#link(element, ast.elements[i - 1]);
      const lowered = this.#item(element, link, quantifier);
      if (quantifier === null || link === null) continue;
      const negated = link === 'not-next' || link === 'not-followed-by';
      this.#checkBefore(element, quantifier, negated, before);
      if (negated && i === ast.elements.length - 1) this.#checkAbsenceAtEnd(element, link, inGroup);
      if (lowered !== null) elements.push(lowered);
      before = { quantifier: lowered?.quantifier ?? quantifier, negated, span: element.span };
    }
    return diagnostics.errors > errors ? null : { kind: 'sequence', elements };
  }

  #item(element: PatternElementAst, link: PatternLink | null, quantifier: Quantifier | null): PatternElement | null {
    const { diagnostics } = this.#session;
    const { item, span } = element;
    switch (item.kind) {
      case 'variable': {
        const { text } = item.name;
        if (this.#seen.has(text)) {
          diagnostics.error(
            'SQL_INVALID_PATTERN',
            item.name.span,
            `the pattern variable \`${text}\` stands twice in PATTERN`,
            'give the second one another name and the same condition',
          );
        }
        this.#seen.add(text);
        return link === null || quantifier === null ? null : { kind: 'variable', variable: text, link, quantifier };
      }
      case 'group': {
        // Flink reads brackets without a quantifier as if they were not there.
        if (element.quantifier !== null || item.pattern === null || element.link !== null)
          this.#session.extension(span, 'group of variables in PATTERN');
        if (item.pattern === null) {
          return needsStandard(span, 'an empty group', this.#session);
        }
        const sequence = this.pattern(item.pattern, true);
        if (sequence === null || link === null || quantifier === null) return null;
        if (mayBeEmpty(sequence)) {
          return diagnostics.error(
            'SQL_INVALID_PATTERN',
            span,
            'the group could match no row at all',
            'at least one variable in it must not be optional',
          );
        }
        return optionalLoop(sequence, link, quantifier) ?? { kind: 'group', sequence, link, quantifier };
      }
      case 'permute':
        return needsStandard(span, 'PERMUTE', this.#session);
      case 'exclusion':
        return needsStandard(span, 'an exclusion (`{- -}`)', this.#session);
      case 'anchor':
        return needsStandard(
          span,
          'an anchor (`^`, `$`)',
          this.#session,
          'Flink SQL accepts anchors but ignores them; ',
        );
    }
  }

  #link(element: PatternElementAst, before: PatternElementAst | undefined): PatternLink | null {
    const { link, item } = element;
    const { diagnostics } = this.#session;
    if (link === null) return 'next';
    this.#session.extension(
      link.span,
      `\`${written(link)}\` in PATTERN`,
      portableLink(link, plainName(before), plainName(element)),
    );
    if (!link.negated) return link.kind;
    if (link.kind === 'followed-by-any')
      return diagnostics.error(
        'SQL_INVALID_PATTERN',
        link.span,
        'there is no NOT FOLLOWED BY ANY',
        'write NOT FOLLOWED BY',
      );
    if (item.kind !== 'variable' || element.quantifier !== null || element.options.length > 0) {
      return diagnostics.error(
        'SQL_INVALID_PATTERN',
        element.span,
        `${written(link)} takes one plain variable`,
        item.kind === 'variable' ? 'leave the quantifier out' : undefined,
      );
    }
    return link.kind === 'next' ? 'not-next' : 'not-followed-by';
  }

  #checkBefore(element: PatternElementAst, quantifier: Quantifier, negated: boolean, before: Before | null): void {
    const { diagnostics } = this.#session;
    if (before === null) return;
    // `{0,n}` may follow a loop, `?` and `*` may not: Flink builds them in different ways
    const builtOptional = quantifier.optional && !(element.quantifier?.bounded && element.quantifier.max !== 1);
    if (builtOptional && before.quantifier.greedy) {
      diagnostics.error(
        'SQL_INVALID_PATTERN',
        element.span,
        'an optional variable cannot follow a greedy one',
        'make the one before reluctant (`+?`), or write {0,n} with n > 1',
      );
    }
    if (negated && before.quantifier.optional) {
      diagnostics.error(
        'SQL_INVALID_PATTERN',
        element.span,
        `${written(element.link!)} cannot stand right after an optional variable`,
        'a negation needs a variable before it that must take a row',
      );
    }
  }

  #checkAbsenceAtEnd(element: PatternElementAst, link: PatternLink, inGroup: boolean): void {
    const { diagnostics } = this.#session;
    if (inGroup) {
      diagnostics.error(
        'SQL_INVALID_PATTERN',
        element.span,
        `a group cannot end with ${written(element.link!)}`,
        'put the negation after the group',
      );
    } else if (link === 'not-followed-by' && !this.#bounded) {
      diagnostics.error(
        'SQL_INVALID_PATTERN',
        element.span,
        'NOT FOLLOWED BY at the end of a pattern needs WITHIN: the time after which the row counts as absent',
        "write PATTERN (…) WITHIN INTERVAL '10' MINUTE",
      );
    }
  }

  /** Returns the span of the greedy end of the pattern. Returns null if the end is not greedy. */
  greedyEnd(ast: PatternAst, sequence: PatternSequence): SourceSpan | null {
    const last = sequence.elements.at(-1);
    const lastAst = ast.alternatives[0]!.elements.at(-1)!;
    if (last === undefined) return null;
    if (last.quantifier.greedy) return lastAst.span;
    return last.kind === 'group' && lastAst.item.kind === 'group' && lastAst.item.pattern !== null
      ? this.greedyEnd(lastAst.item.pattern, last.sequence)
      : null;
  }
}

function written(link: LinkAst): string {
  const words = { next: 'NEXT', 'followed-by': 'FOLLOWED BY', 'followed-by-any': 'FOLLOWED BY ANY' }[link.kind];
  return link.negated ? `NOT ${words}` : words;
}

/**
 * Returns the equivalent of a link in Flink SQL, if there is one. `X` is a name that is not in the
 * pattern.
 */
function portableLink(link: LinkAst, before: string, after: string): string | undefined {
  if (link.negated || link.kind === 'followed-by-any') return undefined;
  return link.kind === 'next'
    ? `\`${before} ${after}\` means the same`
    : `write \`${before} X*? ${after}\` with an X that is not in DEFINE`;
}

const plainName = (element: PatternElementAst | undefined): string =>
  element?.item.kind === 'variable' ? element.item.name.text : '…';

/**
 * Converts `(B{2,3})?` to CEP's times(2, 3).optional(). No quantifier expresses this. Returns null
 * for any other group.
 */
function optionalLoop(group: PatternSequence, link: PatternLink, quantifier: Quantifier): PatternElement | null {
  const [only, more] = group.elements;
  const isOption = quantifier.optional && quantifier.max === 1;
  const isLoop = only?.kind === 'variable' || only?.kind === 'group';
  if (!isLoop || more !== undefined || !isOption) return null;
  return { ...only, link, quantifier: { ...only.quantifier, optional: true } };
}

/**
 * Returns whether a sequence can match zero rows. A negated element takes no row, so it does not
 * count.
 */
function mayBeEmpty(sequence: PatternSequence): boolean {
  return sequence.elements.every(
    (element) => element.quantifier.optional || element.link === 'not-next' || element.link === 'not-followed-by',
  );
}
