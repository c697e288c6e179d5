/**
 * `npm run fuzz:grammar`: mutated texts through the compiler. A text must give plans or mistakes
 * with a place, never an internal error, and never need more than a second of the processor. With
 * `--http`, the texts go to a service over HTTP, which must not reply with a status of 500 or
 * above.
 */
import { parseArgs } from 'node:util';
import { compileProgram } from '../../src/library/compile-program.ts';
import { Corpus } from './random-statement.ts';
import { SeededRandom } from './seeded-random.ts';
import { HttpTarget } from './submit-over-http.ts';

const SLOW_MS = 1000;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    http: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const corpus = new Corpus('test/golden');
const cases =
  values.case === undefined ? Array.from({ length: Number(values.cases) }, (_, i) => i) : [Number(values.case)];
const target = values.http ? new HttpTarget() : null;
await target?.open();
const started = performance.now();
let failures = 0;
let plans = 0;
let slowestMs = 0;

for (const number of cases) {
  const text = corpus.mutated(new SeededRandom(seed, number));
  const before = process.cpuUsage();
  const since = performance.now();
  const problem = target === null ? problemOf(text) : await target.problemOf(text);
  const { user, system } = process.cpuUsage(before);
  // The time during which other processes had the cores does not count.
  const ms = Math.min(performance.now() - since, (user + system) / 1000);
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

await target?.close();
const compiled = target === null ? `${plans} jobs compiled` : `${target.accepted} texts accepted over HTTP`;
const rate = (cases.length / ((performance.now() - started) / 1000)).toFixed(0);
console.log(
  `grammar: seed ${seed}, ${cases.length} texts, ${rate} a second, ${compiled}, slowest ${slowestMs.toFixed(0)} ms of CPU, ${failures} failures`,
);
if (failures > 0) process.exitCode = 1;
