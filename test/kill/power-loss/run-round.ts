import fs from 'node:fs';
import path from 'node:path';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { endOf, type RunEnd, startRun } from '../engine-run.ts';
import { difference } from '../verdict.ts';
import { writePayments, writeSql } from '../workload.ts';
import type { PoweredDisk } from './powered-disk.ts';

const ROWS = 12_000;
const LIVES_MAX = 4;
const SAVEPOINT_EVERY_MS = 150;
/** The share of lives that end by a kill, after which the power stays. */
export const KILL_ONLY = 0.3;

/** Runs the jobs without a loss of power; returns the directory of the output. */
export async function undisturbedRun(cli: string, directory: string, seed: number): Promise<string> {
  fs.mkdirSync(directory);
  writePayments(path.join(directory, 'payments.jsonl'), ROWS, seed);
  const { code, errors } = await endOf(startRun({ cli, sql: writeSql(directory), checkpoints: null }));
  if (code !== 0) throw new Error(`the undisturbed run failed: ${errors}`);
  return directory;
}

/** Starts the jobs on a disk. */
function startOn(cli: string, { directory }: PoweredDisk, environment: Record<string, string>): Promise<RunEnd> {
  const checkpoints = { directory: path.join(directory, 'checkpoints'), flags: [] };
  const hook = { savepointEveryMs: SAVEPOINT_EVERY_MS, restore: {} };
  return endOf(startRun({ cli, sql: path.join(directory, 'jobs.sql'), checkpoints, hook, environment }));
}

function writeInput(disk: PoweredDisk, undisturbed: string): void {
  fs.copyFileSync(path.join(undisturbed, 'payments.jsonl'), path.join(disk.directory, 'payments.jsonl'));
  writeSql(disk.directory);
}

/** Returns the number of recorded calls of a life that ends by itself. */
export async function countCalls(cli: string, disk: PoweredDisk, undisturbed: string): Promise<number> {
  writeInput(disk, undisturbed);
  const { code, errors } = await startOn(cli, disk, disk.environment(0));
  if (code !== 0) throw new Error(`the run under the recorder ended with ${code}: ${errors}`);
  return disk.losePower(new SeededRandom(1));
}

interface RunRound {
  readonly cli: string;
  readonly disk: PoweredDisk;
  readonly random: SeededRandom;
  readonly undisturbed: string;
  /** The number of recorded calls of a life that ends by itself. */
  readonly calls: number;
}

/** `sequitur run` under losses of power. Returns what is wrong, or null. */
export async function runRound({ cli, disk, random, undisturbed, calls }: RunRound): Promise<string | null> {
  writeInput(disk, undisturbed);
  const lives = random.between(1, LIVES_MAX);
  for (let life = 1; life <= lives; life++) {
    const at = random.between(1, Math.ceil(calls * 1.2));
    const { code, signal, errors } = await startOn(cli, disk, disk.environment(at));
    // A process that ended by itself must not lose anything either.
    if (code !== 0 && signal !== 'SIGKILL') return `start ${life} ended with ${code}: ${errors}`;
    if (life < lives && random.chance(KILL_ONLY)) disk.keepPower();
    else disk.losePower(random);
  }
  const last = await startOn(cli, disk, {});
  if (last.code !== 0) return `the start after ${lives} lives ended with ${last.code}: ${last.errors}`;
  return difference(undisturbed, disk.directory);
}
