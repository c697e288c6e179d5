import type {
  AfterMatchCstNode,
  MatchRecognizeCstNode,
  PatternCstNode,
  PatternElementCstNode,
  PatternLinkCstNode,
  PatternQuantifierCstNode,
  PatternSequenceCstNode,
} from '../../../grammar/cst-types.ts';
import type {
  LinkAst,
  MatchClause,
  PatternAst,
  PatternElementAst,
  PatternSequenceAst,
  QuantifierAst,
  SkipAst,
} from '../ast/match.ts';
import type { BuildContext } from './build-context.ts';
import { nameOf, spanOf, tokenSpan } from './build-context.ts';
import { buildExpression, buildOperand, buildOrderItem } from './build-expression.ts';

export function buildMatch(node: MatchRecognizeCstNode, context: BuildContext): MatchClause {
  const c = node.children;
  const rows = c.rowsPerMatch?.[0];
  const subsets = c.subset;
  return {
    partition: (c.partition ?? []).map((part) => buildExpression(part, context)),
    order: (c.orderItem ?? []).map((item) => buildOrderItem(item, context)),
    measures: (c.measure ?? []).map((measure) => ({
      expression: buildExpression(measure.children.expression[0]!, context),
      alias: context.newName(measure.children.identifier[0]!),
    })),
    rowsPerMatch: rows
      ? {
          all: rows.children.mode![0]!.image.toUpperCase() === 'ALL',
          showTimeout: rows.children.SHOW !== undefined,
          span: spanOf(rows),
        }
      : null,
    skip: c.afterMatch ? buildSkip(c.afterMatch[0]!) : null,
    pattern: buildPattern(c.pattern[0]!),
    within: c.within
      ? { expression: buildOperand(c.within[0]!, context), perStep: c.PER !== undefined, span: spanOf(c.within[0]!) }
      : null,
    subsets: subsets ? { start: spanOf(subsets[0]!).start, end: spanOf(subsets.at(-1)!).end } : null,
    define: c.definition.map((definition) => ({
      variable: context.newName(definition.children.identifier[0]!),
      condition: buildExpression(definition.children.expression[0]!, context),
    })),
    span: spanOf(node),
    headSpan: tokenSpan(c.MATCH_RECOGNIZE[0]!),
  };
}

function buildSkip(node: AfterMatchCstNode): SkipAst {
  const c = node.children;
  const span = spanOf(node);
  if (c.NO) return { kind: 'no-skip', span };
  if (c.PAST) return { kind: 'past-last-row', span };
  if (c.NEXT) return { kind: 'to-next-row', span };
  const place = c.place?.[0]?.image.toUpperCase();
  return { kind: place === 'FIRST' ? 'to-first' : 'to-last', variable: nameOf(c.identifier![0]!), span };
}

function buildPattern(node: PatternCstNode): PatternAst {
  return { alternatives: node.children.patternSequence.map(buildSequence), span: spanOf(node) };
}

function buildSequence(node: PatternSequenceCstNode): PatternSequenceAst {
  const elements = node.children.element.map((element) =>
    element.name === 'patternElement'
      ? buildElement(element as unknown as PatternElementCstNode, null)
      : buildElement(element.children.patternElement![0]!, element.children.patternLink?.[0] ?? null),
  );
  return { elements, span: spanOf(node) };
}

function buildElement(node: PatternElementCstNode, link: PatternLinkCstNode | null): PatternElementAst {
  const c = node.children;
  const span = spanOf(node);
  let item: PatternElementAst['item'];
  if (c.PERMUTE) item = { kind: 'permute', span };
  else if (c.excluded) item = { kind: 'exclusion', span };
  else if (c.anchor) item = { kind: 'anchor', span };
  else if (c.identifier) item = { kind: 'variable', name: nameOf(c.identifier[0]!) };
  else item = { kind: 'group', pattern: c.group ? buildPattern(c.group[0]!) : null };
  return {
    item,
    link: link === null ? null : buildLink(link),
    quantifier: c.patternQuantifier ? buildQuantifier(c.patternQuantifier[0]!) : null,
    options: (c.loopOption ?? []).map((option) => ({
      word: option.children.word![0]!.image.toUpperCase(),
      span: spanOf(option),
    })),
    span,
  };
}

function buildLink(node: PatternLinkCstNode): LinkAst {
  const c = node.children;
  return {
    negated: c.NOT !== undefined,
    kind: c.NEXT ? 'next' : c.ANY ? 'followed-by-any' : 'followed-by',
    span: spanOf(node),
  };
}

function buildQuantifier(node: PatternQuantifierCstNode): QuantifierAst {
  const c = node.children;
  const rest = { reluctant: c.reluctant !== undefined, span: spanOf(node) };
  if (c.Star) return { min: 0, max: null, bounded: false, ...rest };
  if (c.Plus) return { min: 1, max: null, bounded: false, ...rest };
  if (c.optional) return { min: 0, max: 1, bounded: true, ...rest };
  const min = c.min ? Number(c.min[0]!.image) : null;
  const max = c.Comma ? (c.max ? Number(c.max[0]!.image) : null) : min;
  return { min, max, bounded: max !== null, ...rest };
}
