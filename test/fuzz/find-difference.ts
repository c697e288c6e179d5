import { engineFindings, sharedFindings } from './engine-findings.ts';
import { engineOutput, type OperatorMode } from './engine-output.ts';
import type { MatchCase } from './match-case.ts';
import { referenceOutput } from './reference/reference-output.ts';
import { referenceFindings, TooManyAttempts } from './reference/reference-run.ts';
import type { SeededRandom } from './seeded-random.ts';

/**
 * The first difference between engine and reference, null if there is none, or `too large` if the
 * case has more attempts than the reference processes.
 */
export type Difference = string | null | 'too large';

/** Compares matches with their bindings and their causes, time-outs, and their order. */
export function differenceInMatcher(given: MatchCase): Difference {
  return unlessTooLarge(() => {
    const expected = referenceFindings(given);
    const difference = firstDifference(expected, engineFindings(given));
    if (difference !== null) return difference;
    const byIndex = firstDifference(expected, engineFindings(given, 0));
    if (byIndex !== null) return `by index: ${byIndex}`;
    const shared = sharedFindings(given);
    if (shared === null) return null;
    const matches = expected.filter((line) => !line.includes(': timeout at '));
    const bySharing = firstDifference(matches, shared);
    return bySharing === null ? null : `by sharing: ${bySharing}`;
  });
}

/** Compares result rows between watermarks, with disorder, late rows, batches and restores. */
export async function differenceInOperator(given: MatchCase, modes: readonly OperatorMode[]): Promise<Difference> {
  const expected = unlessTooLarge(() => referenceOutput(given));
  if (expected === 'too large') return expected;
  for (const mode of modes) {
    const actual = await engineOutput(given, mode);
    const how = `batches of ${mode.batchRows}, killed ${mode.kill}: `;
    if (expected === null || actual === null) {
      if (expected !== actual) return `${how}${expected === null ? 'must fail' : 'must not fail'} by AFTER MATCH`;
      continue;
    }
    for (const [key, lines] of expected) {
      const difference = firstDifference(lines, actual.get(key) ?? []);
      if (difference !== null) return `${how}key '${key}', ${difference}`;
    }
  }
  return null;
}

/** Returns two modes: one batch, and one random choice of batch sizes and kills. */
export function randomModes(random: SeededRandom): OperatorMode[] {
  const batchRows = random.oneOf([1, 2, 3, 7, 16]);
  return [
    { batchRows: 1024, kill: 'never' },
    { batchRows, kill: random.oneOf(['never', 'after each batch', 'in the next batch']) },
  ];
}

function unlessTooLarge<T>(compute: () => T): T | 'too large' {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TooManyAttempts) return 'too large';
    throw error;
  }
}

function firstDifference(expected: readonly string[], actual: readonly string[]): string | null {
  const length = Math.max(expected.length, actual.length);
  for (let i = 0; i < length; i++) {
    if (expected[i] === actual[i]) continue;
    return `line ${i + 1}: reference ${expected[i] ?? 'has ended'} | engine ${actual[i] ?? 'has ended'}`;
  }
  return null;
}
