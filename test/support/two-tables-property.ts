import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { GoldenCase } from '../../src/service/golden/golden-case.ts';
import { runGoldenCase } from '../../src/service/golden/golden-run.ts';

/** Batch sizes, and whether the job is killed and restored. */
const RUNS = [
  [4096, false],
  [1, false],
  [3, false],
  [3, true],
  [7, true],
] as const;

/**
 * Asserts that a query over the tables `a` and `b` gives the same rows in the same order in all
 * `RUNS`, for random rows. `lines`: the lines of a table for generated rows.
 */
export async function assertSameInAllRuns<Rows>(
  root: string,
  name: string,
  sql: string,
  { rows, lines, numRuns }: { rows: fc.Arbitrary<Rows>; lines: (rows: Rows) => string; numRuns: number },
): Promise<void> {
  const directory = path.join(root, name.replaceAll(' ', '-'));
  fs.mkdirSync(directory);
  const sqlFile = path.join(directory, 'q.sql');
  fs.writeFileSync(sqlFile, sql);
  const inputs = new Map(['a', 'b'].map((t) => [t, path.join(directory, `${t}.jsonl`)]));
  const golden: GoldenCase = {
    name,
    directory,
    sqlFile,
    inputs,
    expected: new Map(),
    error: null,
    compare: 'ordered',
    settings: {},
  };
  await fc.assert(
    fc.asyncProperty(rows, rows, async (a, b) => {
      fs.writeFileSync(inputs.get('a')!, lines(a));
      fs.writeFileSync(inputs.get('b')!, lines(b));
      let first: readonly string[] | undefined;
      for (const [batchRows, killed] of RUNS) {
        const { failure, actual } = await runGoldenCase(golden, { name: 'x', batchRows, backend: 'memory', killed });
        assert.equal(failure, null);
        first ??= actual.get('result');
        assert.deepEqual(actual.get('result'), first, `batches of ${batchRows}${killed ? ', killed' : ''}`);
      }
    }),
    { numRuns },
  );
}
