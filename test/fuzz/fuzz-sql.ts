/**
 * `npm run fuzz:sql -- --oracle DIR [--cases 300] [--seed 1] [--case N] [--keep DIR]`: random
 * queries (expressions, windows, GROUP BY, views over views, changelogs) against an oracle.
 *
 * The oracle is a folder with a program `run`: `run record DIR` writes `expected/result.jsonl` or
 * `expected/error.json` beside each `query.sql` below DIR. Every third case also runs in one mode
 * of the golden matrix. A query that only the oracle or only Sequitur refuses is a difference. A
 * query with a feature that Sequitur does not support yet is no difference: such queries are
 * counted and listed by their reason. `--keep` copies the cases that differ. The exit code is 1 if
 * there is an unexplained difference.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type GoldenCase, loadCase } from '../../src/service/golden/golden-case.ts';
import { type GoldenMode, MATRIX, runGoldenCase, STRAIGHT } from '../../src/service/golden/golden-run.ts';
import { writeQuestion } from '../sweeps/sweep-case.ts';
import { SeededRandom } from './seeded-random.ts';
import { explanationOf } from './sql/explained.ts';
import { randomQuery } from './sql/random-query.ts';

const { values } = parseArgs({
  options: {
    oracle: { type: 'string' },
    cases: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    keep: { type: 'string' },
  },
});
if (values.oracle === undefined) throw new Error('--oracle DIR is missing');
const seed = Number(values.seed);
const numbers =
  values.case === undefined ? Array.from({ length: Number(values.cases) }, (_, i) => i) : [Number(values.case)];
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-fuzz-sql-'));
const directoryOf = (number: number): string => path.join(root, String(number).padStart(6, '0'));
for (const number of numbers) {
  writeQuestion(randomQuery(new SeededRandom(seed, number), `seed ${seed} case ${number}`), directoryOf(number));
}
const recording = spawnSync(path.join(values.oracle, 'run'), ['record', root], { stdio: 'ignore' });
if (recording.error !== undefined) throw recording.error;

/**
 * Flink's planner proves that some conditions made of a CASE are never true, and then does not read
 * an aggregate. It also removes MIN and MAX of a key of their own grouping if this is cheaper, and
 * then computes SUM from parts. Sequitur does neither. The changes that differ leave the rows as
 * they are.
 */
async function onlyChangesDiffer(golden: GoldenCase, mode: GoldenMode): Promise<string | null> {
  const sql = fs.readFileSync(golden.sqlFile, 'utf8');
  const isNeverTrue = /(WHEN|THEN|ELSE|WHERE|HAVING) \(?CASE WHEN/.test(sql);
  const aggregatesKey = /\b(MIN|MAX)\((\w+)\).* FROM .* GROUP BY [^;]*\b\2\b/.test(sql);
  if (golden.error !== null || !(isNeverTrue || aggregatesKey)) return null;
  const { failure } = await runGoldenCase({ ...golden, compare: 'final' }, mode, PORTABLE);
  if (failure !== null) return null;
  const why = isNeverTrue ? 'a CASE that is never true' : 'MIN or MAX of a key of its own grouping';
  return `changes without effect, because of ${why}`;
}

/**
 * In Flink, a HOP or CUMULATE window has no slices if an aggregate with FILTER that nobody reads
 * was removed from it. LISTAGG then has the order of arrival. The rows have the same letters.
 */
async function onlyOrderDiffers(golden: GoldenCase, mode: GoldenMode): Promise<string | null> {
  const sql = fs.readFileSync(golden.sqlFile, 'utf8');
  if (golden.error !== null || !/FROM (HOP|CUMULATE)\(/.test(sql) || !/LISTAGG/.test(sql) || !/FILTER/.test(sql))
    return null;
  const { actual } = await runGoldenCase(golden, mode, PORTABLE);
  const letters = (lines: readonly string[]): string =>
    lines
      .filter((line) => line !== '')
      .map((line) => [...line.replace(/[^a-z]/gi, '')].sort().join(''))
      .sort()
      .join('\n');
  for (const [sink, expected] of golden.expected) {
    if (letters(expected.split('\n')) !== letters(actual.get(sink) ?? [])) return null;
  }
  return 'LISTAGG in a HOP or CUMULATE window beside an aggregate with FILTER that nobody reads';
}

/** The oracle has no extensions. At this level, Sequitur must refuse what the oracle refuses. */
const PORTABLE = { 'sequitur.sql.level': 'portable' };
const explained = new Map<string, number>();
let compared = 0;
let refused = 0;
let different = 0;
for (const number of numbers) {
  const golden = loadCase(directoryOf(number));
  if (golden === null || (golden.error === null && golden.expected.size === 0)) continue;
  compared++;
  if (golden.error !== null) refused++;
  const modes = number % 3 === 0 ? [STRAIGHT, MATRIX[(number / 3) % MATRIX.length]!] : [STRAIGHT];
  for (const mode of modes) {
    const { failure } = await runGoldenCase(golden, mode, PORTABLE);
    if (failure === null) continue;
    const reason =
      explanationOf(golden, failure) ??
      (await onlyChangesDiffer(golden, mode)) ??
      (await onlyOrderDiffers(golden, mode));
    if (reason !== null) explained.set(reason, (explained.get(reason) ?? 0) + 1);
    else {
      different++;
      console.log(`case ${number}, ${mode.name}: ${failure.slice(0, 800)}`);
      if (values.keep !== undefined) {
        fs.cpSync(directoryOf(number), path.join(values.keep, `seed-${seed}-case-${number}`), { recursive: true });
      }
    }
    break;
  }
}
fs.rmSync(root, { recursive: true, force: true });
console.log(
  `fuzz:sql: seed ${seed}, ${compared} of ${numbers.length} compared, the oracle refuses ${refused}, ${different} different`,
);
for (const [reason, count] of [...explained].sort((a, b) => b[1] - a[1]))
  console.log(`  explained, ${count}: ${reason}`);
process.exitCode = different === 0 ? 0 : 1;
