/**
 * `npm run power-loss`: `run` and `serve` on a disk that forgets what was not synced. A layer
 * beneath the program records all changes of its files and all syncs (`power-loss/recorder.c`). At
 * a random call the process is killed. The directory then gets a content that a disk could have
 * after a loss of power (`power-loss/disk-model.ts`), and the program starts again on it. At the
 * end all output must be there once, and the service must know all that it has acknowledged.
 *
 *     npm run power-loss -- [--rounds 10] [--seed N] [--only N] [--broken files | directories]
 *
 * Every second round is one of `serve`. `--broken` ignores the syncs of files or of directories;
 * then the rounds must find a fault (exit 0 if they do). Ends with 3 if there is no C compiler.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { compileLayer } from './disk-faults/fault-layer.ts';
import { type IgnoredSyncs, PoweredDisk } from './power-loss/powered-disk.ts';
import { countCalls, runRound, undisturbedRun } from './power-loss/run-round.ts';
import { ServeRound } from './power-loss/serve-round.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    broken: { type: 'string' },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../dist/src/cli/main.js') },
  },
});
if (!fs.existsSync(values.cli)) throw new Error(`${values.cli} is missing: run npm run build first`);
const seed = Number(values.seed);
const cli = path.resolve(values.cli);
const ignored = ignoredSyncs(values.broken);
// A disk in memory is fast. The layer does not need a real disk.
const place = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
const root = fs.mkdtempSync(path.join(place, 'sequitur-power-loss-'));
const library = compileLayer(path.join(import.meta.dirname, 'power-loss/recorder.c'), root);
if (library === null) {
  console.log('there is no C compiler here');
  fs.rmSync(root, { recursive: true });
  process.exit(3);
}
const broken = ignored === null ? '' : `, without the syncs of ${ignored}`;
console.log(`power loss: ${values.rounds} rounds, seed ${seed}${broken}`);

const since = performance.now();
const undisturbed = await undisturbedRun(cli, path.join(root, 'undisturbed'), seed);
const calls = await countCalls(cli, new PoweredDisk(path.join(root, 'counted'), library, null), undisturbed);
const numbers =
  values.only === undefined ? Array.from({ length: Number(values.rounds) }, (_, i) => i) : [Number(values.only)];
const totals = { rounds: 0, losses: 0, killed: 0, lost: 0, kept: 0, wrong: 0 };
// Two rounds at a time: the processes wait for each other's syncs only a little.
await Promise.all(
  [0, 1].map(async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      await tryRound(number, library);
      if (ignored !== null && totals.wrong > 0) return;
    }
  }),
);
const seconds = ((performance.now() - since) / 1000).toFixed(0);
console.log(
  `${totals.rounds} rounds: ${totals.losses} losses of power, ${totals.killed} kills without one; of the names that were not synced ${totals.lost} lost and ${totals.kept} kept; ${totals.wrong} rounds wrong; ${seconds} s`,
);
if (ignored !== null)
  console.log(totals.wrong > 0 ? 'the missing syncs were found' : 'the missing syncs were NOT found');
process.exitCode = totals.wrong > 0 === (ignored !== null) ? 0 : 1;
if (process.exitCode === 0) fs.rmSync(root, { recursive: true, force: true });
else console.log(`kept: ${root}`);

async function tryRound(number: number, layer: string): Promise<void> {
  const random = new SeededRandom(seed, number);
  const directory = path.join(root, String(number));
  const disk = new PoweredDisk(path.join(directory, 'disk'), layer, ignored);
  const run = async (): Promise<string | null> =>
    number % 2 === 0
      ? runRound({ cli, disk, random, undisturbed, calls })
      : (await new ServeRound(cli, disk, directory, random).run()).join('\n');
  // A refused request or a refused start is wrong too.
  const wrong = await run().catch((error: Error) => error.message);
  totals.rounds++;
  for (const each of ['losses', 'killed', 'lost', 'kept'] as const) totals[each] += disk[each];
  if (wrong === null || wrong === '') {
    fs.rmSync(directory, { recursive: true });
    return;
  }
  totals.wrong++;
  console.log(`seed ${seed}, round ${number}: ${wrong.slice(0, 1_500)}`);
}

function ignoredSyncs(text: string | undefined): IgnoredSyncs | null {
  if (text === undefined) return null;
  if (text !== 'files' && text !== 'directories') throw new Error('--broken is files or directories');
  return text;
}
