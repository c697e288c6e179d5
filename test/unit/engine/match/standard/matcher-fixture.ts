import { Batch } from '../../../../../src/batch/batch.ts';
import { VectorBuilder } from '../../../../../src/batch/vector.ts';
import { END_OF_INPUT, type FoundRows, type StandardMatch } from '../../../../../src/engine/match/matcher.ts';
import { pathRows } from '../../../../../src/engine/match/partial-match.ts';
import type { PartitionState } from '../../../../../src/engine/match/standard/partition-state.ts';
import { type CompiledMatcher, compileMatcher } from '../../../../../src/engine/match/standard/standard-matching.ts';
import type { Expression } from '../../../../../src/plan/expression.ts';
import type { MatchNode, PatternElement, PatternSequence, Quantifier } from '../../../../../src/plan/match-node.ts';
import { INPUT, matchNode, type TestRow } from '../../operators/match-harness.ts';

const ONCE: Quantifier = { min: 1, max: 1, optional: false, greedy: true, inner: 'consecutive' };
export const STAR = { min: 0, max: null } as const;
export const PLUS = { min: 1, max: null } as const;

const part = (quantifier: Partial<Quantifier>) => ({ link: 'next', quantifier: { ...ONCE, ...quantifier } }) as const;
export const sequence = (...elements: PatternElement[]): PatternSequence => ({ kind: 'sequence', elements });
export const one = (variable: string, quantifier: Partial<Quantifier> = {}): PatternElement => ({
  kind: 'variable',
  variable,
  ...part(quantifier),
});
export const group = (inner: PatternSequence, quantifier: Partial<Quantifier> = {}): PatternElement => ({
  kind: 'group',
  sequence: inner,
  ...part(quantifier),
});
export const either = (alternatives: PatternSequence[], quantifier: Partial<Quantifier> = {}): PatternElement => ({
  kind: 'alternation',
  alternatives,
  ...part(quantifier),
});

export interface Run {
  /** The largest number of threads of the current attempt. */
  readonly threads: number;
  /** The number of evaluations of a variable's condition. */
  readonly tests: number;
  /** Each match as its variables and rows: `A0 A1 B2`. */
  readonly matches: readonly string[];
  readonly state: PartitionState;
  readonly compiled: CompiledMatcher;
}

/** Runs only the matcher over the rows of one partition, to the end of the input. */
export function runMatcher(
  elements: readonly PatternElement[],
  define: Readonly<Record<string, Expression>>,
  rows: readonly TestRow[],
  options: { readonly skip?: MatchNode['skip']; readonly end?: boolean } = {},
): Run {
  const node = matchNode(elements, define, [], { skip: options.skip ?? { kind: 'past-last-row' } });
  const kept = INPUT.map((_, i) => i);
  const environment = { zone: 'UTC', now: () => 0, random: () => 0 };
  const compiled = compileMatcher({ ...node, semantics: 'standard' }, kept, Int32Array.from(kept), environment);
  const { matcher, rows: cursor, variables } = compiled;
  let tests = 0;
  const { accepts } = cursor;
  cursor.accepts = (binding) => {
    tests++;
    return accepts.call(cursor, binding);
  };
  const matches: string[] = [];
  const found: FoundRows = {
    standardMatch({ path }: StandardMatch) {
      const nodes = path === null ? [] : pathRows(path);
      matches.push(nodes.map(({ variable, row }) => `${variables[variable]}${row.sequence}`).join(' '));
    },
    unmatched() {},
  };
  const state = matcher.newState();
  cursor.begin(batchOf(rows), null, rows.length);
  let threads = 0;
  for (const [i, row] of rows.entries()) {
    cursor.at(i, row.ts);
    matcher.advance(state, cursor, found);
    threads = Math.max(threads, state.threads.length);
  }
  if (options.end !== false) matcher.advanceTime(state, END_OF_INPUT, found);
  return { threads, tests, matches, state, compiled };
}

function batchOf(rows: readonly TestRow[]): Batch {
  const columns = INPUT.map(({ name, type }) => {
    const builder = new VectorBuilder(type, rows.length);
    for (const [i, row] of rows.entries()) builder.set(i, row[name as keyof TestRow]);
    return builder.finish();
  });
  return new Batch(rows.length, columns);
}
