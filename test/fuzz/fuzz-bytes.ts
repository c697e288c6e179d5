/**
 * `npm run fuzz:bytes`: lines with random bytes, mostly malformed UTF-8. All paths of a format must
 * give the same rows: the scanner, the exact reader, records of messages, any batch size, and keys
 * of state.
 */
import { parseArgs } from 'node:util';
import { compareBytes, randomLine } from './malformed-bytes.ts';
import { SeededRandom } from './seeded-random.ts';

const LINES_PER_ROUND = 2000;

const { values } = parseArgs({
  options: { lines: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const lines = Number(values.lines);
const seed = Number(values.seed);
let differences = 0;

for (const format of ['json', 'csv'] as const) {
  for (let done = 0; done < lines; done += LINES_PER_ROUND) {
    const random = new SeededRandom(seed, done);
    const round = Array.from({ length: Math.min(LINES_PER_ROUND, lines - done) }, () => {
      const bytes = Buffer.from(Array.from({ length: 1 + random.below(20) }, () => random.below(256)));
      return randomLine(format, bytes, random.below(10) === 0);
    });
    const difference = compareBytes(format, round);
    if (difference === null) continue;
    differences++;
    console.log(`${format}, lines from ${done}: ${difference}`);
  }
}
console.log(`bytes: seed ${seed}, ${lines} lines of each format, ${differences} rounds different`);
if (differences > 0) process.exitCode = 1;
