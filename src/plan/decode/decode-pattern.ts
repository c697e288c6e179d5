import type {
  PatternAlternation,
  PatternAnchor,
  PatternElement,
  PatternExclusion,
  PatternGroup,
  PatternLink,
  PatternPermutation,
  PatternSequence,
  PatternVariable,
  Quantifier,
} from '../match-node.ts';
import {
  constant,
  count,
  type Decoder,
  flag,
  length,
  list,
  oneOf,
  optional,
  orNull,
  record,
  text,
  variant,
} from './decoder.ts';

const quantifierParts: Decoder<Quantifier> = record<Quantifier>({
  min: count,
  max: orNull(count),
  optional: flag,
  greedy: flag,
  inner: oneOf('consecutive', 'relaxed', 'combinations'),
  until: optional(text),
  gapMs: optional(length),
});

const quantifier: Decoder<Quantifier> = (value, place) => {
  const decoded = quantifierParts(value, place);
  if (decoded.max !== null && decoded.max < decoded.min) return place.fail('has a max below its min');
  return decoded;
};

const link: Decoder<PatternLink> = oneOf('next', 'followed-by', 'followed-by-any', 'not-next', 'not-followed-by');

const inner: Decoder<PatternSequence> = (value, place) => patternSequence(value, place);

const element: Decoder<PatternElement> = variant<PatternElement>({
  variable: record<PatternVariable>({ kind: constant('variable'), variable: text, link, quantifier }),
  group: record<PatternGroup>({ kind: constant('group'), sequence: inner, link, quantifier }),
  alternation: record<PatternAlternation>({
    kind: constant('alternation'),
    alternatives: list(inner, 1),
    link,
    quantifier,
  }),
  permutation: record<PatternPermutation>({ kind: constant('permutation'), members: list(inner, 1), link, quantifier }),
  exclusion: record<PatternExclusion>({ kind: constant('exclusion'), sequence: inner, link, quantifier }),
  anchor: record<PatternAnchor>({ kind: constant('anchor'), at: oneOf('start', 'end'), link, quantifier }),
});

export const patternSequence: Decoder<PatternSequence> = record<PatternSequence>({
  kind: constant('sequence'),
  elements: list(element),
});
