/**
 * Kills a short run at each call that writes, syncs, names or removes files, one call after the
 * other. After each kill the next start must finish with the output of an undisturbed run.
 *
 *     npm run crash-points -- [--points N] [--seed N] [--calls fsync,rename,…] [--rows 4000]
 *
 * `--points` is the number of calls to try, chosen by the seed; the default is all. strace counts
 * calls by thread, so the Nth call is that of the first thread that reaches its Nth. With one
 * thread in the pool it is nearly always the same call. Needs strace. Exit code 1 when a point
 * failed.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hasStrace, underStrace } from './chaos-disk.ts';
import { endOf, type RunEnd, startRun } from './engine-run.ts';
import { difference, strayOutput } from './verdict.ts';
import { seeded, writePayments, writeSql } from './workload.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rows: { type: 'string', default: '4000' },
    calls: { type: 'string', default: 'fsync,fdatasync,rename,link,unlink,mkdir,write,pwrite64' },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../src/cli/main.ts') },
  },
});
if (!hasStrace()) {
  console.log('strace is not installed: no crash point was tried');
  process.exit(0);
}
const { cli } = values;
const seed = Number(values.seed);
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-crash-'));
const hook = { savepointEveryMs: 60, restore: {} };
const environment = { UV_THREADPOOL_SIZE: '1' };

function directoryOf(name: string): string {
  const directory = path.join(root, name);
  fs.mkdirSync(directory);
  if (name === 'plain') writePayments(path.join(directory, 'payments.jsonl'), Number(values.rows), seed);
  else fs.linkSync(path.join(root, 'plain/payments.jsonl'), path.join(directory, 'payments.jsonl'));
  writeSql(directory);
  return directory;
}

function run(directory: string, under: readonly string[]): Promise<RunEnd> {
  const checkpoints = { directory: path.join(directory, 'checkpoints'), flags: [] };
  return endOf(startRun({ cli, sql: path.join(directory, 'jobs.sql'), checkpoints, hook, under, environment }));
}

/** Returns the number of times that the busiest thread makes each call. */
async function countCalls(): Promise<Map<string, number>> {
  const directory = directoryOf('counted');
  const log = path.join(root, 'calls');
  await run(directory, ['strace', '-f', '-qqq', '-o', log, '--seccomp-bpf', '-e', `trace=${values.calls}`]);
  const byThread = new Map<string, number>();
  for (const line of fs.readFileSync(log, 'utf8').split('\n')) {
    const [, thread, call] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (call !== undefined) byThread.set(`${thread} ${call}`, (byThread.get(`${thread} ${call}`) ?? 0) + 1);
  }
  const most = new Map<string, number>();
  for (const [key, times] of byThread) {
    const call = key.split(' ')[1]!;
    most.set(call, Math.max(times, most.get(call) ?? 0));
  }
  return most;
}

const plain = directoryOf('plain');
const undisturbed = await endOf(startRun({ cli, sql: path.join(plain, 'jobs.sql'), checkpoints: null }));
if (undisturbed.code !== 0) throw new Error(`the undisturbed run failed: ${undisturbed.errors}`);
const calls = await countCalls();
let points = [...calls].flatMap(([call, times]) => Array.from({ length: times }, (_, i) => ({ call, at: i + 1 })));
const all = points.length;
if (values.points !== undefined) {
  const random = seeded(seed);
  const drawn = points.map((point) => ({ point, rank: random() })).sort((a, b) => a.rank - b.rank);
  points = drawn.slice(0, Number(values.points)).map(({ point }) => point);
}
console.log(
  `crash points: ${points.length} of ${all}, seed ${seed} (${[...calls].map(([call, n]) => `${n} ${call}`).join(', ')})`,
);
let failures = 0;
let died = 0;
for (const { call, at } of points) {
  const directory = directoryOf(`${call}-${at}`);
  const first = await run(directory, underStrace(`${call}:signal=SIGKILL:when=${at}`, call));
  if (first.code !== 0) died++;
  const stray = strayOutput(plain, directory);
  const second = await run(directory, []);
  const problem =
    stray ??
    (second.code === 0 ? difference(plain, directory) : `the next start ended with ${second.code}: ${second.errors}`);
  if (problem === null) fs.rmSync(directory, { recursive: true });
  else {
    failures++;
    console.log(`seed ${seed}, killed at ${call} ${at}: ${problem.slice(0, 800)}\n  kept: ${directory}`);
  }
}
console.log(
  `${points.length - failures} of ${points.length} crash points right, ${died} of them reached, seed ${seed}`,
);
if (failures === 0) fs.rmSync(root, { recursive: true, force: true });
process.exitCode = failures === 0 && died > 0 ? 0 : 1;
