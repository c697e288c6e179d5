import type { PatternNode, Repeat } from './pattern-tree.ts';

/**
 * How many code points a part of a pattern matches, as Java computes it: with the overflows of
 * 32-bit integers, which decide whether Java accepts a look-behind.
 */
export interface Lengths {
  min: number;
  max: number;
  /** True if `max` is known. */
  bounded: boolean;
  /** True if the part can match in only one way at each place. */
  deterministic: boolean;
}

const UNLIMITED = 0x7fffffff;

const empty = (): Lengths => ({ min: 0, max: 0, bounded: true, deterministic: true });

/** Returns the lengths of a part of a pattern. */
export function lengthsOf(node: PatternNode): Lengths {
  const lengths = empty();
  add(node, lengths);
  return lengths;
}

/** Returns whether Java repeats a group in one loop that remembers where each repetition began. */
export function repeatsInOneWay({ body }: Repeat): boolean {
  return lengthsOf(body).deterministic;
}

function add(node: PatternNode, to: Lengths): void {
  switch (node.kind) {
    case 'character':
      to.min++;
      to.max = (to.max + 1) | 0;
      return;
    case 'line-break':
      to.min++;
      to.max = (to.max + 2) | 0;
      return;
    case 'grapheme':
      to.min++;
      to.deterministic = false;
      return;
    case 'sequence':
      for (const part of node.nodes) add(part, to);
      return;
    case 'group':
    case 'atomic':
      add(node.body, to);
      return;
    case 'reference':
      to.bounded = false;
      return;
    case 'alternatives':
      addOneOf(node.branches, to);
      return;
    case 'repeat':
      addRepeat(node, to);
      return;
    case 'assertion':
    case 'look':
      return;
  }
}

function addOneOf(branches: readonly PatternNode[], to: Lengths): void {
  const all = branches.map(lengthsOf);
  to.min += Math.min(...all.map(({ min }) => min));
  to.max = (to.max + Math.max(...all.map(({ max }) => max))) | 0;
  to.bounded &&= all.every(({ bounded }) => bounded);
  to.deterministic = false;
}

function addRepeat(repeat: Repeat, to: Lengths): void {
  const { body, min, max, mode } = repeat;
  if (min === 0 && max === 1) {
    addOptional(repeat, to);
    return;
  }
  if (body.kind === 'character' && max === Infinity && mode === 'greedy') {
    to.min += min;
    to.max = (to.max + UNLIMITED) | 0;
    to.deterministic = false;
    return;
  }
  const once = lengthsOf(body);
  if (body.kind === 'group' && mode !== 'possessive' && !once.deterministic) {
    to.bounded = false;
    to.deterministic = false;
    return;
  }
  to.min = Math.min(to.min + once.min * min, 0xfffffff);
  const longest = (Math.imul(once.max, Math.min(max, UNLIMITED)) + to.max) | 0;
  to.bounded = to.bounded && once.bounded && longest >= to.max;
  to.max = longest;
  to.deterministic &&= once.deterministic && min === max;
}

function addOptional({ body, mode }: Repeat, to: Lengths): void {
  if (body.kind === 'group' && mode !== 'possessive') {
    addOneOf([body, { kind: 'sequence', nodes: [] }], to);
    return;
  }
  const { min } = to;
  add(body, to);
  to.min = min;
  to.deterministic = false;
}

/** Returns whether a part of a pattern can match without taking a character. */
export function canBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case 'character':
    case 'line-break':
    case 'grapheme':
      return false;
    case 'sequence':
      return node.nodes.every(canBeEmpty);
    case 'alternatives':
      return node.branches.some(canBeEmpty);
    case 'group':
    case 'atomic':
      return canBeEmpty(node.body);
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.body);
    case 'assertion':
    case 'look':
    case 'reference':
      return true;
  }
}
