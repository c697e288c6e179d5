import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ONCE, type PatternElement, type PatternLink, type Quantifier } from '../../../../src/plan/match-node.ts';
import { nfaText } from '../../../../src/plan/nfa/nfa.ts';
import { compileNfa } from '../../../../src/plan/nfa/nfa-compiler.ts';

const element = (
  variable: string,
  quantifier: Partial<Quantifier> = {},
  link: PatternLink = 'next',
): PatternElement => ({
  kind: 'variable',
  variable,
  link,
  quantifier: { ...ONCE, ...quantifier },
});

function text(elements: readonly PatternElement[], bounded = false): string[] {
  return nfaText(compileNfa({ kind: 'sequence', elements }, [], { bounded })).split('\n');
}

test('strict variables are a chain', () => {
  assert.deepEqual(text([element('A'), element('B')]), [
    '$end [final]',
    'B [normal]',
    '  TAKE -> $end WHEN B',
    'A [start]',
    '  TAKE -> B WHEN A',
  ]);
});

test('followed by passes over other rows, followed by any over all', () => {
  const states = text([element('A'), element('B', {}, 'followed-by'), element('C', {}, 'followed-by-any')]);
  assert.ok(states.includes('  IGNORE -> B WHEN NOT B'));
  assert.ok(states.includes('  IGNORE -> C WHEN TRUE'));
});

test('a greedy loop forbids the next element to take a row that continues the loop', () => {
  assert.deepEqual(text([element('A', { max: null, greedy: true }), element('B')]), [
    '$end [final]',
    'B [normal]',
    '  TAKE -> $end WHEN (B AND NOT A)',
    'A [normal]',
    '  PROCEED -> B WHEN TRUE',
    '  TAKE -> A WHEN A',
    'A:0 [start]',
    '  TAKE -> A WHEN A',
  ]);
});

test('NOT FOLLOWED BY is a way into a stop state, at the end of a bounded pattern a pending state', () => {
  const between = text([element('A'), element('N', {}, 'not-followed-by'), element('B', {}, 'followed-by')]);
  assert.ok(between.includes('  PROCEED -> N WHEN N'));
  assert.ok(between.includes('N [stop]'));
  const last = text([element('A'), element('N', {}, 'not-followed-by')], true);
  assert.ok(last.includes('N [pending]'));
  assert.ok(last.includes('  PROCEED -> N:0 WHEN N'));
});

test('the gap of a loop bounds the states that Flink numbers', () => {
  const states = text([element('A'), element('B', { min: 3, max: 3, gapMs: 5 }), element('C')]);
  assert.ok(states.includes('B [normal]'));
  assert.ok(states.includes('B:0 [normal] gap 5'));
  assert.ok(states.includes('B:1 [normal] gap 5'));
});
test('inside a group that UNTIL ends no state moves on at the ending row', () => {
  const inner = { kind: 'sequence', elements: [element('A', { max: null })] } as const;
  const group: PatternElement = {
    kind: 'group',
    sequence: inner,
    link: 'next',
    quantifier: { ...ONCE, max: null, until: 'U' },
  };
  const states = text([group, element('B')]);
  // The loop of A leads to the next turn of the group, or to B, only while the group continues. Any
  // row may leave the group itself.
  assert.ok(states.includes('  PROCEED -> A:0 WHEN NOT U'), states.join('\n'));
  assert.ok(states.includes('  PROCEED -> $group WHEN NOT U'));
  assert.ok(states.includes('  PROCEED -> B WHEN TRUE'));
});
