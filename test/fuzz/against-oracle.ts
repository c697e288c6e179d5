import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadCase } from '../../src/service/golden/golden-case.ts';
import { type GoldenMode, MATRIX, runGoldenCase, STRAIGHT } from '../../src/service/golden/golden-run.ts';
import { writeSqlCase } from './case-sql.ts';
import { randomCase } from './generate/random-case.ts';

export interface OracleDifference {
  readonly number: number;
  readonly what: string;
  /** Returns the directory of the case: query, input, and the oracle's result. */
  readonly directory: string;
}

export interface OracleSummary {
  readonly compared: number;
  readonly withRows: number;
  readonly failedInBoth: number;
  readonly differences: readonly OracleDifference[];
}

/**
 * Writes random portable cases as SQL. The oracle records its results of all cases in one start:
 * `run record DIR` writes `expected/result.jsonl` or `expected/error.json` beside each query. Then
 * the project's own runner computes the engine's results. Rows are compared in order, per key if
 * there are keys.
 */
export async function compareWithOracle(
  oracle: string,
  seed: number,
  count: number,
  progress: (done: number) => void,
): Promise<OracleSummary> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-fuzz-oracle-'));
  const directories = Array.from({ length: count }, (_, number) => {
    const directory = path.join(root, `case-${String(number).padStart(5, '0')}`);
    writeSqlCase(randomCase(seed, number, 'sql'), directory, `fuzz seed ${seed} case ${number}`);
    return directory;
  });
  const recording = spawnSync(path.join(oracle, 'run'), ['record', root], { stdio: ['ignore', 'ignore', 'ignore'] });
  if (recording.error !== undefined) throw recording.error;

  let withRows = 0;
  let failedInBoth = 0;
  let compared = 0;
  const differences: OracleDifference[] = [];
  for (const [number, directory] of directories.entries()) {
    const golden = loadCase(directory);
    if (golden === null || (golden.error === null && golden.expected.size === 0)) continue;
    compared++;
    // Every third case also runs in small batches with kills and restores.
    const mode: GoldenMode = number % 3 === 0 ? MATRIX[number % MATRIX.length]! : STRAIGHT;
    const { failure, actual } = await runGoldenCase({ ...golden, expected: new Map() }, mode);
    const expected = golden.expected.get('result');
    if (failure !== null) differences.push({ number, what: failure, directory });
    else if (expected === undefined) failedInBoth++;
    else {
      if (expected.trim() !== '') withRows++;
      const what = firstDifference(byKey(expected.split('\n')), byKey(actual.get('result') ?? []));
      if (what !== null) differences.push({ number, what: `${mode.name}: ${what}`, directory });
    }
    if (number % 20 === 0) progress(number);
  }
  if (differences.length === 0) fs.rmSync(root, { recursive: true, force: true });
  return { compared, withRows, failedInBoth, differences };
}

/** Returns the rows in order, by the partition column if there is one. */
function byKey(lines: readonly string[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const line of lines) {
    if (line.trim() === '') continue;
    const { row } = JSON.parse(line) as { row: Record<string, unknown> };
    const key = 'k' in row ? String(row['k']) : '';
    keys.set(key, [...(keys.get(key) ?? []), JSON.stringify(Object.entries(row).sort())]);
  }
  return keys;
}

function firstDifference(
  expected: ReadonlyMap<string, readonly string[]>,
  actual: ReadonlyMap<string, readonly string[]>,
): string | null {
  for (const key of new Set([...expected.keys(), ...actual.keys()])) {
    const [a, b] = [expected.get(key) ?? [], actual.get(key) ?? []];
    const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => !sameRow(a[i], b[i]));
    if (at !== undefined) return `key '${key}', row ${at + 1}: oracle ${a[at] ?? 'none'} | ours ${b[at] ?? 'none'}`;
  }
  return null;
}

/**
 * A match held back at the end of the input has an overflowed MATCH_ROWTIME in Flink. The engine's
 * value is different (docs/language-differences.md).
 */
const OVERFLOWED = /"-\d{5,}-[^"]*"/;

function sameRow(expected: string | undefined, actual: string | undefined): boolean {
  if (expected === actual || expected === undefined || actual === undefined) return expected === actual;
  const [before, after, ...more] = expected.split(OVERFLOWED);
  return after !== undefined && more.length === 0 && actual.startsWith(before!) && actual.endsWith(after);
}
