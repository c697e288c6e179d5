/**
 * `npm run test:mutants`: inserts one mutant at a time into a copy of the sources and checks
 * whether the tests detect it. Fails if a mutant is not detected, or if the file does not contain
 * the text of the mutant exactly once. `--only TEXT` runs the mutants whose name or file contains
 * the text. `--sample N` runs N of them, chosen by `--random SEED`. After `--minutes N`, the run
 * starts no further mutant.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seeds: { type: 'string', default: '6000' },
    sample: { type: 'string', default: String(MUTANTS.length) },
    random: { type: 'string', default: '1' },
    minutes: { type: 'string', default: 'Infinity' },
  },
});
const root = path.join(import.meta.dirname, '../..');
const PARTS = ['src', 'grammar', 'test', 'package.json', 'tsconfig.json'];
const started = Date.now();

/** Copies the tree for one worker. */
function copyTree(): string {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-mutants-'));
  for (const part of PARTS) fs.cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  return copy;
}

/** Returns the test or the seed that detected the mutant in the copy; null if none did. */
function detectedBy(copy: string, { test, part, seed = 1 }: Mutant): Promise<string | null> {
  const args =
    test === undefined
      ? [
          'test/simulation/simulate.ts',
          '--part',
          part ?? 'engine',
          '--from',
          String(seed),
          '--seeds',
          values.seeds,
          '--threads',
          '1',
          '--stop',
        ]
      : ['--test', '--test-reporter=dot', test];
  const run = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  run.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  return new Promise((resolve) => {
    run.on('close', (code) =>
      resolve(code === 0 ? null : (test ?? /^seed \d+/m.exec(output)?.[0] ?? 'the simulation')),
    );
  });
}

/** Returns whether the mutant was detected, and by what. */
async function outcomeOf(copy: string, mutant: Mutant): Promise<readonly [detected: boolean, what: string]> {
  const { file, from, to } = mutant;
  const place = path.join(copy, file);
  const text = fs.readFileSync(place, 'utf8');
  if (text.split(from).length !== 2)
    return [false, `${file} contains the text of the mutant ${text.split(from).length - 1} times`];
  fs.writeFileSync(
    place,
    text.replace(from, () => to),
  );
  try {
    const by = await detectedBy(copy, mutant);
    return by === null ? [false, 'no test detected it'] : [true, by];
  } finally {
    fs.writeFileSync(place, text);
  }
}

const matching = MUTANTS.filter(({ name, file }) => `${name} ${file}`.includes(values.only));
const waiting = new SeededRandom(Number(values.random)).some(matching, Number(values.sample));
let run = 0;
let undetected = 0;

async function work(): Promise<void> {
  const copy = copyTree();
  try {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const since = Date.now();
      if (since - started > Number(values.minutes) * 60_000) return;
      run++;
      const [detected, what] = await outcomeOf(copy, mutant);
      if (!detected) undetected++;
      const seconds = ((Date.now() - since) / 1000).toFixed(1);
      console.log(`${detected ? 'detected' : 'NOT DETECTED'}: ${mutant.name}: ${what} (${seconds} s)`);
    }
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

await Promise.all([work(), work()]);
const seconds = ((Date.now() - started) / 1000).toFixed(0);
console.log(`mutants: ${run - undetected} of ${run} detected, ${matching.length - run} not run, ${seconds} s`);
process.exitCode = undetected > 0 || run === 0 ? 1 : 0;
