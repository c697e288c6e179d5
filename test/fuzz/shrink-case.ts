import { ONCE, type PatternElement, type PatternSequence, type Quantifier } from '../../src/plan/match-node.ts';
import { patternVariables, walkPattern } from '../../src/plan/walk-pattern.ts';
import type { MatchCase } from './match-case.ts';
import type { RowTest } from './row-test.ts';

/** The number of smaller cases that are tried at most. */
const MOST_TRIES = 3000;

/**
 * Returns the smallest case for which `fails` is still true. Removes and simplifies one part after
 * the other.
 */
export async function shrinkCase(
  given: MatchCase,
  fails: (smaller: MatchCase) => Promise<boolean>,
): Promise<MatchCase> {
  let smallest = given;
  let tries = 0;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const smaller of smallerCases(smallest)) {
      if (++tries > MOST_TRIES) return smallest;
      if (!isSound(smaller) || !(await fails(smaller))) continue;
      smallest = smaller;
      shrunk = true;
      break;
    }
  }
  return smallest;
}

function* smallerCases(given: MatchCase): Generator<MatchCase> {
  yield* fewerRows(given);
  for (const pattern of simplerSequences(given.pattern)) yield withPattern(given, pattern);
  for (const [variable, tests] of Object.entries(given.conditions)) {
    for (const simpler of simplerTests(tests)) {
      yield { ...given, conditions: { ...given.conditions, [variable]: simpler } };
    }
  }
  if (given.within !== null) yield { ...given, within: null };
  if (given.skip.kind !== 'no-skip') yield { ...given, skip: { kind: 'no-skip' } };
  if (given.skip.kind.startsWith('to-')) yield { ...given, skip: { kind: 'past-last-row' } };
  if (given.order.length > 0) yield { ...given, order: [] };
  if (given.shows !== undefined) {
    const { shows: _shown, ...rest } = given;
    yield rest;
  }
  if (given.measured !== undefined) {
    const { measured: _all, ...rest } = given;
    yield rest;
  }
  if (given.partitioned) yield { ...given, partitioned: false };
  if (given.delayMs > 1) yield { ...given, delayMs: 1 };
}

function* fewerRows(given: MatchCase): Generator<MatchCase> {
  const { rows } = given;
  for (let length = Math.floor(rows.length / 2); length >= 1; length = Math.floor(length / 2)) {
    for (let from = 0; from < rows.length; from += length) {
      yield { ...given, rows: [...rows.slice(0, from), ...rows.slice(from + length)] };
    }
  }
}

function* simplerSequences({ elements }: PatternSequence): Generator<PatternSequence> {
  for (const [i, element] of elements.entries()) {
    const replace = (...by: PatternElement[]): PatternSequence => ({
      kind: 'sequence',
      elements: [...elements.slice(0, i), ...by, ...elements.slice(i + 1)],
    });
    if (elements.length > 1) yield replace();
    if (element.kind === 'group') {
      yield replace(...element.sequence.elements);
      for (const sequence of simplerSequences(element.sequence)) yield replace({ ...element, sequence });
    }
    for (const quantifier of simplerQuantifiers(element.quantifier)) yield replace({ ...element, quantifier });
    if (element.link !== 'next') yield replace({ ...element, link: 'next' });
  }
}

function* simplerQuantifiers(quantifier: Quantifier): Generator<Quantifier> {
  const { until, gapMs, ...rest } = quantifier;
  if (JSON.stringify(rest) === JSON.stringify(ONCE)) return;
  yield ONCE;
  if (until !== undefined) yield gapMs === undefined ? rest : { ...rest, gapMs };
  if (gapMs !== undefined) yield until === undefined ? rest : { ...rest, until };
  if (quantifier.greedy) yield { ...quantifier, greedy: false };
  if (quantifier.optional) yield { ...quantifier, optional: false };
  if (quantifier.inner !== 'consecutive') yield { ...quantifier, inner: 'consecutive' };
  if (quantifier.min > 1) yield { ...quantifier, min: 1 };
}

function* simplerTests(tests: readonly RowTest[]): Generator<readonly RowTest[]> {
  for (const [i, test] of tests.entries()) {
    yield [...tests.slice(0, i), ...tests.slice(i + 1)];
    if (test.test === 'any') for (const one of test.of) yield [...tests.slice(0, i), one, ...tests.slice(i + 1)];
  }
}

/** Returns the case with another pattern, without the parts that name a removed variable. */
function withPattern(given: MatchCase, pattern: PatternSequence): MatchCase {
  const names = new Set(patternVariables(pattern));
  walkPattern(pattern, ({ quantifier }) => {
    if (quantifier.until !== undefined) names.add(quantifier.until);
  });
  const knows = (test: RowTest): boolean => {
    if (test.test === 'earlier') return names.has(test.of.variable);
    if (test.test === 'total') return test.of === null || names.has(test.of);
    return test.test !== 'any' || test.of.every(knows);
  };
  const conditions = Object.entries(given.conditions).filter(([name]) => names.has(name));
  const { skip, measured } = given;
  return {
    ...given,
    ...(measured === undefined ? {} : { measured: measured.filter((name) => names.has(name)) }),
    pattern,
    conditions: Object.fromEntries(conditions.map(([name, tests]) => [name, tests.filter(knows)])),
    skip: 'variable' in skip && !names.has(skip.variable) ? { kind: 'past-last-row' } : skip,
  };
}

/**
 * Returns whether Flink would build the pattern: an element precedes each negation, and each
 * repeated element takes a row.
 */
function isSound({ pattern, within }: MatchCase): boolean {
  return sequenceIsSound(pattern, within !== null);
}

function sequenceIsSound({ elements }: PatternSequence, mayEndAbsent: boolean): boolean {
  return elements.every((element, i) => {
    const before = elements[i - 1];
    const negated = isNegated(element);
    if (element.kind === 'group') return takesRow(element.sequence) && sequenceIsSound(element.sequence, false);
    if (!negated) return !(before?.quantifier.greedy && element.quantifier.optional);
    if (before === undefined || before.quantifier.optional || isNegated(before)) return false;
    return i < elements.length - 1 || (mayEndAbsent && element.link === 'not-followed-by');
  });
}

const isNegated = ({ link }: PatternElement): boolean => link.startsWith('not-');
const takesRow = ({ elements }: PatternSequence): boolean =>
  elements.some((element) => !isNegated(element) && !element.quantifier.optional);
