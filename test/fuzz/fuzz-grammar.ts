/**
 * `npm run fuzz:grammar`: mutated texts through the compiler. A text must give plans or mistakes
 * with a place, never an internal error, and never need more than a second of the processor.
 */
import { parseArgs } from 'node:util';
import { compileProgram } from '../../src/library/compile-program.ts';
import { Corpus } from './random-statement.ts';
import { SeededRandom } from './seeded-random.ts';

const SLOW_MS = 1000;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
  },
});
const seed = Number(values.seed);
const corpus = new Corpus('test/golden');
const cases =
  values.case === undefined ? Array.from({ length: Number(values.cases) }, (_, i) => i) : [Number(values.case)];
let failures = 0;
let plans = 0;
let slowestMs = 0;

for (const number of cases) {
  const text = corpus.mutated(new SeededRandom(seed, number));
  const before = process.cpuUsage();
  const problem = problemOf(text);
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  slowestMs = Math.max(slowestMs, ms);
  const found = problem ?? (ms > SLOW_MS ? `${ms.toFixed(0)} ms` : null);
  if (found === null) continue;
  failures++;
  console.log(`case ${number}: ${found}\n${text.slice(0, 2000)}\n`);
}

function problemOf(text: string): string | null {
  try {
    const program = compileProgram(text);
    plans += program.jobs.length;
    for (const { line, column, message } of program.diagnostics) {
      if (line < 1 || column < 1) return `no place: ${message}`;
      if (/internal/i.test(message)) return message;
    }
    return null;
  } catch (error) {
    return `thrown: ${(error as Error).stack ?? String(error)}`;
  }
}

console.log(
  `grammar: seed ${seed}, ${cases.length} texts, ${plans} jobs compiled, slowest ${slowestMs.toFixed(0)} ms of CPU, ${failures} failures`,
);
if (failures > 0) process.exitCode = 1;
