import type {
  AfterMatchCstNode,
  LoopOptionCstNode,
  MatchRecognizeCstNode,
  PatternCstNode,
  PatternElementCstNode,
  PatternLinkCstNode,
  PatternQuantifierCstNode,
  PatternSequenceCstNode,
  RowsPerMatchCstNode,
} from '../../../grammar/cst-types.ts';
import type {
  LinkAst,
  LoopOptionAst,
  MatchClause,
  PatternAst,
  PatternElementAst,
  PatternSequenceAst,
  QuantifierAst,
  RowsPerMatchAst,
  SkipAst,
} from '../ast/match.ts';
import type { BuildContext } from './build-context.ts';
import { nameOf, spanOf, tokenSpan } from './build-context.ts';
import { buildExpression, buildOperand, buildOrderItem } from './build-expression.ts';
import { buildInterval } from './build-literal.ts';

export function buildMatch(node: MatchRecognizeCstNode, context: BuildContext): MatchClause {
  const c = node.children;
  const rows = c.rowsPerMatch?.[0];
  return {
    partition: (c.partition ?? []).map((part) => buildExpression(part, context)),
    order: (c.orderItem ?? []).map((item) => buildOrderItem(item, context)),
    measures: (c.measure ?? []).map((measure) => ({
      expression: buildExpression(measure.children.expression[0]!, context),
      alias: context.newName(measure.children.identifier[0]!),
    })),
    rowsPerMatch: rows ? buildRows(rows) : null,
    skip: c.afterMatch ? buildSkip(c.afterMatch[0]!) : null,
    pattern: buildPattern(c.pattern[0]!, context),
    within: c.within
      ? { expression: buildOperand(c.within[0]!, context), perStep: c.PER !== undefined, span: spanOf(c.within[0]!) }
      : null,
    subsets: (c.subset ?? []).map((subset) => {
      const [name, ...members] = context.newNames(subset.children.identifier);
      return { name: name!, members, span: spanOf(subset) };
    }),
    define: c.definition.map((definition) => ({
      variable: context.newName(definition.children.identifier[0]!),
      condition: buildExpression(definition.children.expression[0]!, context),
    })),
    span: spanOf(node),
    headSpan: tokenSpan(c.MATCH_RECOGNIZE[0]!),
  };
}

function buildRows(node: RowsPerMatchCstNode): RowsPerMatchAst {
  const c = node.children;
  let option: RowsPerMatchAst['option'] = null;
  if (c.UNMATCHED) option = 'with-unmatched';
  else if (c.OMIT) option = 'omit-empty';
  else if (c.SHOW) option = c.TIMEOUT ? 'show-timeout' : 'show-empty';
  return { all: c.mode![0]!.image.toUpperCase() === 'ALL', option, span: spanOf(node) };
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

function buildPattern(node: PatternCstNode, context: BuildContext): PatternAst {
  return {
    alternatives: node.children.patternSequence.map((sequence) => buildSequence(sequence, context)),
    span: spanOf(node),
  };
}

function buildSequence(node: PatternSequenceCstNode, context: BuildContext): PatternSequenceAst {
  const elements = node.children.element.map((element) =>
    element.name === 'patternElement'
      ? buildElement(element as unknown as PatternElementCstNode, null, context)
      : buildElement(element.children.patternElement![0]!, element.children.patternLink?.[0] ?? null, context),
  );
  return { elements, span: spanOf(node) };
}

function buildElement(
  node: PatternElementCstNode,
  link: PatternLinkCstNode | null,
  context: BuildContext,
): PatternElementAst {
  const c = node.children;
  const pattern = (inner: PatternCstNode): PatternAst => buildPattern(inner, context);
  let item: PatternElementAst['item'];
  if (c.permuted) item = { kind: 'permute', members: c.permuted.map(pattern) };
  else if (c.excluded) item = { kind: 'exclusion', pattern: pattern(c.excluded[0]!) };
  else if (c.anchor) item = { kind: 'anchor', at: c.anchor[0]!.image === '^' ? 'start' : 'end' };
  else if (c.identifier) item = { kind: 'variable', name: nameOf(c.identifier[0]!) };
  else item = { kind: 'group', pattern: c.group ? pattern(c.group[0]!) : null };
  return {
    item,
    link: link === null ? null : buildLink(link),
    quantifier: c.patternQuantifier ? buildQuantifier(c.patternQuantifier[0]!) : null,
    options: (c.loopOption ?? []).map((option) => buildLoopOption(option, context)),
    span: spanOf(node),
  };
}

function buildLoopOption(node: LoopOptionCstNode, context: BuildContext): LoopOptionAst {
  const c = node.children;
  const span = spanOf(node);
  if (c.identifier) return { kind: 'until', variable: nameOf(c.identifier[0]!), span };
  if (c.intervalLiteral) return { kind: 'within', interval: buildInterval(c.intervalLiteral[0]!, context), span };
  return { kind: c.word![0]!.image.toLowerCase() as 'consecutive' | 'relaxed' | 'combinations', span };
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
