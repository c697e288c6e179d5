/**
 * Random faults in many rounds with the real process. At the end every sink must contain the lines
 * of an undisturbed run.
 *
 *     npm run chaos -- [--rounds 200] [--seed N] [--s3 http://host:port/bucket] [--round N]
 *       [--only killed,zombie] [--rows 30000]
 *
 * A round depends only on the seed and its number, apart from the timing of processes and disks:
 * `--round N` repeats one. `--s3` puts the checkpoints into that bucket (which must exist; the
 * credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), and adds faults of the network.
 * Exit code 1 when a round failed.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { diskFaults } from './chaos-disk.ts';
import { FAULTS, type Fault, NETWORK_FAULTS } from './chaos-faults.ts';
import { type Bucket, ChaosRound } from './chaos-round.ts';
import { endOf, startRun } from './engine-run.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { seeded, writePayments, writeSql } from './workload.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rows: { type: 'string', default: '30000' },
    round: { type: 'string' },
    only: { type: 'string' },
    s3: { type: 'string' },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../src/cli/main.ts') },
  },
});
const INPUTS = 5;
const seed = Number(values.seed);
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-chaos-'));

async function openBucket(address: string): Promise<Bucket> {
  const { origin, pathname } = new URL(address);
  return { endpoint: origin, name: pathname.slice(1), proxy: await startFaultProxy(origin) };
}

/**
 * Returns the output of an undisturbed run over an input. Each run is made when a round needs it.
 */
async function undisturbed(input: number): Promise<string> {
  const directory = path.join(root, `undisturbed-${input}`);
  if (fs.existsSync(directory)) return directory;
  fs.mkdirSync(directory);
  writePayments(path.join(directory, 'payments.jsonl'), Number(values.rows), seed * 10 + input);
  const { code, errors } = await endOf(startRun({ cli: values.cli, sql: writeSql(directory), checkpoints: null }));
  if (code !== 0) throw new Error(`the undisturbed run failed: ${errors}`);
  return directory;
}

const bucket = values.s3 === undefined ? null : await openBucket(values.s3);
const possible: Record<string, Fault> = { ...FAULTS, ...diskFaults(), ...(bucket === null ? {} : NETWORK_FAULTS) };
const chosen = values.only?.split(',') ?? Object.keys(possible);
const numbers =
  values.round === undefined ? Array.from({ length: Number(values.rounds) }, (_, n) => n) : [Number(values.round)];
console.log(`chaos: ${numbers.length} rounds, seed ${seed}, ${chosen.join(' ')}${bucket === null ? '' : ', on S3'}`);
const count: Record<string, number> = {};
let failures = 0;
const since = performance.now();
for (const number of numbers) {
  const random = seeded(seed * 100_003 + number);
  const kind = chosen[Math.floor(random() * chosen.length)]!;
  const fault = possible[kind];
  if (fault === undefined) throw new Error(`there is no fault ${kind}; there are ${Object.keys(possible).join(', ')}`);
  const plain = await undisturbed(Math.floor(random() * INPUTS));
  const directory = path.join(root, `round-${number}`);
  fs.mkdirSync(directory);
  fs.linkSync(path.join(plain, 'payments.jsonl'), path.join(directory, 'payments.jsonl'));
  const round = new ChaosRound({
    cli: values.cli,
    sql: writeSql(directory),
    undisturbed: plain,
    bucket,
    prefix: `chaos-${seed}-${process.pid}/${number}`,
    random,
  });
  count[kind] = (count[kind] ?? 0) + 1;
  try {
    await fault(round);
    await round.finish();
    fs.rmSync(directory, { recursive: true });
  } catch (error) {
    failures++;
    console.log(`seed ${seed} round ${number}, ${kind}: ${(error as Error).message}\n  kept: ${directory}`);
  }
}
const done = Object.entries(count)
  .map(([kind, times]) => `${times} ${kind}`)
  .join(', ');
const seconds = ((performance.now() - since) / 1000).toFixed(0);
console.log(`${numbers.length - failures} of ${numbers.length} rounds right (${done}) in ${seconds} s, seed ${seed}`);
if (bucket !== null) {
  console.log(
    `requests: ${Object.entries(bucket.proxy.met)
      .map(([what, n]) => `${n} ${what}`)
      .join(', ')}`,
  );
  await bucket.proxy.close();
}
if (failures === 0) fs.rmSync(root, { recursive: true, force: true });
process.exitCode = failures === 0 ? 0 : 1;
