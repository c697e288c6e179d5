/**
 * kill -9 at random moments with the real process. Each round runs the jobs with frequent
 * checkpoints and savepoints. It kills the process repeatedly and sometimes restores a savepoint.
 * The last start runs to its end. Then the round compares every sink, line by line and in order,
 * with an undisturbed run.
 *
 *     node test/kill/kill-rounds.ts [--rounds 50] [--seed N] [--rows 40000] [--broken]
 *       [--s3 http://host:port/bucket] [--hdfs webhdfs://host:port/directory]
 *
 * `--s3` puts the checkpoints into that bucket (which must exist; the credentials are
 * AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), so every start can continue only from the bucket.
 * `--hdfs` puts them into that directory. `--broken` makes the sinks commit before the checkpoint
 * is complete; then the rounds must find a difference (exit 0 if they do).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { atWork, type CheckpointPlace, endOf, startRun } from './engine-run.ts';
import { GoingBack } from './going-back.ts';
import { difference } from './verdict.ts';
import { seeded, writePayments, writeSql } from './workload.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rows: { type: 'string', default: '40000' },
    broken: { type: 'boolean', default: false },
    s3: { type: 'string' },
    hdfs: { type: 'string' },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../src/cli/main.ts') },
  },
});
const seed = Number(values.seed);
const rounds = Number(values.rounds);
const random = seeded(seed);
const bucket = values.s3 === undefined ? null : new URL(values.s3);
const s3Flags = bucket === null ? [] : ['--set', `s3.endpoint=${bucket.origin}`, '--set', 's3.path-style-access=true'];
const GO_BACK_CHANCE = 0.15;
const SAVEPOINT_EVERY_MS = 200;
/** The share of kills that may come before any job is open. */
const EARLY = 0.15;
const KILLS_MAX = 5;
const LIFE_MS = 900;
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-kill-'));
console.log(
  `kill rounds: ${values.rounds}, seed ${seed}, ${values.rows} rows${values.broken ? ', with a broken commit' : ''}`,
);

function prepare(name: string, dataSeed: number): string {
  const directory = path.join(root, name);
  fs.mkdirSync(directory);
  writePayments(path.join(directory, 'payments.jsonl'), Number(values.rows), dataSeed);
  return writeSql(directory);
}

/** Returns the storage of a round's checkpoints. */
function place(directory: string, number: number): string {
  if (bucket !== null) return `s3:/${bucket.pathname}/kill-${seed}/${number}`;
  return values.hdfs === undefined
    ? path.join(directory, 'checkpoints')
    : `${values.hdfs}/kill-${seed}-${process.pid}/${number}`;
}

/** Runs one round; returns the difference, or null. */
async function round(number: number): Promise<string | null> {
  const dataSeed = Math.floor(random() * 1e9);
  const { cli } = values;
  const plainSql = prepare(`plain-${number}`, dataSeed);
  const plain = await endOf(startRun({ cli, sql: plainSql, checkpoints: null }));
  if (plain.code !== 0) return `the undisturbed run failed: ${plain.errors}`;
  const sql = prepare(`killed-${number}`, dataSeed);
  const directory = path.dirname(sql);
  const checkpoints: CheckpointPlace = {
    directory: place(directory, number),
    flags: s3Flags,
  };
  const back = new GoingBack({
    checkpoints: checkpoints.directory,
    s3Endpoint: bucket?.origin ?? null,
    directory,
    random,
  });
  const start = async (chance: number): Promise<ReturnType<typeof startRun>> =>
    startRun({
      cli,
      sql,
      checkpoints,
      ...(values.broken ? { imports: [path.join(import.meta.dirname, 'break-commit.ts')] } : {}),
      hook: {
        savepointEveryMs: values.broken ? null : SAVEPOINT_EVERY_MS,
        restore: values.broken ? {} : await back.orders(chance),
      },
    });
  let kills = 0;
  for (let attempt = 0; attempt < KILLS_MAX; attempt++) {
    const child = await start(GO_BACK_CHANCE);
    const end = endOf(child);
    if (random() >= EARLY) await atWork(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), random() * LIFE_MS);
    const { code, errors } = await end;
    clearTimeout(timer);
    if (code === 0) break;
    if (code !== null) return `exit ${code} after ${kills} kills: ${errors}`;
    kills++;
  }
  const last = await endOf(await start(0));
  if (last.code !== 0) return `the last start failed with ${last.code}: ${last.errors}`;
  totals.kills += kills;
  totals.savepoints += back.savepoints;
  totals.back += back.times;
  const differs = difference(path.dirname(plainSql), directory);
  if (differs !== null) return `after ${kills} kills and ${back.times} times back: ${differs}`;
  for (const name of [`plain-${number}`, `killed-${number}`]) fs.rmSync(path.join(root, name), { recursive: true });
  return null;
}

const totals = { kills: 0, savepoints: 0, back: 0 };
let differences = 0;
for (let n = 0; n < rounds; n++) {
  const problem = await round(n);
  if (problem !== null) {
    differences++;
    console.log(`round ${n}: ${problem.slice(0, 600)}`);
    if (values.broken) break;
  }
}
if (values.broken) {
  console.log(differences > 0 ? 'the broken commit was found' : 'the broken commit was NOT found');
  process.exitCode = differences > 0 ? 0 : 1;
} else {
  console.log(
    `${rounds - differences} of ${rounds} rounds identical, ${totals.kills} kills, ${totals.back} times back to a savepoint`,
  );
  if (rounds >= 10 && totals.back === 0) console.log('no job ever went back to a savepoint: that was not tested');
  process.exitCode = differences === 0 && (rounds < 10 || totals.back > 0) ? 0 : 1;
}
if (process.exitCode === 0) fs.rmSync(root, { recursive: true, force: true });
else console.log(`kept: ${root}`);
