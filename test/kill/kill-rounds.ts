/**
 * kill -9 at random moments with the real process: each round runs the jobs with frequent checkpoints, kills the process again and again, lets the last start finish, and
 * compares every sink, line by line and in order, with an undisturbed run.
 *
 *     node test/kill/kill-rounds.ts [--rounds 50] [--seed N] [--rows 60000] [--broken] [--s3 http://host:port/bucket]
 *
 * `--s3` puts the checkpoints into that bucket (which must exist; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say who asks), so that every start has nothing but the bucket to go on from.
 * `--broken` makes the sinks commit before the checkpoint stands; then the rounds must find a difference (exit 0 when they do).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SINKS, seeded, visibleLines, writePayments, writeSql } from './workload.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rows: { type: 'string', default: '60000' },
    broken: { type: 'boolean', default: false },
    s3: { type: 'string' },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../src/cli/main.ts') },
  },
});
const seed = Number(values.seed);
const random = seeded(seed);
const bucket = values.s3 === undefined ? null : new URL(values.s3);
const s3Flags = bucket === null ? [] : ['--set', `s3.endpoint=${bucket.origin}`, '--set', 's3.path-style-access=true'];
/** Loading the SDK and taking the job take longer than starting on a directory. */
const s3StartMs = bucket === null ? 0 : 500;
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-kill-'));
console.log(
  `kill rounds: ${values.rounds}, seed ${seed}, ${values.rows} rows${values.broken ? ', with a broken commit' : ''}`,
);

function start(sql: string, checkpoints: string | null): ChildProcess {
  const hook =
    values.broken && checkpoints !== null ? ['--import', path.join(import.meta.dirname, 'break-commit.ts')] : [];
  const flags =
    checkpoints === null ? [] : ['--checkpoint-dir', checkpoints, '--checkpoint-interval', '60ms', ...s3Flags];
  return spawn(process.execPath, [...hook, values.cli, 'run', sql, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function ended(child: ChildProcess): Promise<{ code: number | null; errors: string }> {
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, errors })));
}

function prepare(name: string, rows: number, dataSeed: number): string {
  const directory = path.join(root, name);
  fs.mkdirSync(directory);
  writePayments(path.join(directory, 'payments.jsonl'), rows, dataSeed);
  return writeSql(directory);
}

/** One round; returns what differs, or null. */
async function round(number: number): Promise<string | null> {
  const dataSeed = Math.floor(random() * 1e9);
  const plainSql = prepare(`plain-${number}`, Number(values.rows), dataSeed);
  const plain = await ended(start(plainSql, null));
  if (plain.code !== 0) return `the undisturbed run failed: ${plain.errors}`;
  const sql = prepare(`killed-${number}`, Number(values.rows), dataSeed);
  const checkpoints =
    bucket === null ? path.join(path.dirname(sql), 'checkpoints') : `s3:/${bucket.pathname}/kill-${seed}/${number}`;
  let kills = 0;
  for (let attempt = 0; attempt < 6; attempt++) {
    const child = start(sql, checkpoints);
    const end = ended(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), s3StartMs + 120 + random() * 900);
    const { code, errors } = await end;
    clearTimeout(timer);
    if (code === 0) break;
    if (code !== null) return `exit ${code} after ${kills} kills: ${errors}`;
    kills++;
  }
  const last = await ended(start(sql, checkpoints));
  if (last.code !== 0) return `the last start failed with ${last.code}: ${last.errors}`;
  totalKills += kills;
  for (const sink of SINKS) {
    const want = visibleLines(path.join(path.dirname(plainSql), sink));
    const got = visibleLines(path.join(path.dirname(sql), sink));
    const at = want.findIndex((line, i) => line !== got[i]);
    if (at >= 0 || got.length !== want.length) {
      return `${sink} after ${kills} kills: ${got.length} lines instead of ${want.length}; line ${at + 1}: ${got[at]} instead of ${want[at]}`;
    }
    if (want.length === 0) return `${sink} is empty: the workload tests nothing`;
  }
  for (const name of [`plain-${number}`, `killed-${number}`]) fs.rmSync(path.join(root, name), { recursive: true });
  return null;
}

let totalKills = 0;
let differences = 0;
for (let n = 0; n < Number(values.rounds); n++) {
  const problem = await round(n);
  if (problem !== null) {
    differences++;
    console.log(`round ${n}: ${problem.slice(0, 600)}`);
    if (values.broken) break;
  }
}
const passed = Number(values.rounds) - differences;
if (values.broken) {
  console.log(differences > 0 ? 'the broken commit was found' : 'the broken commit was NOT found');
  process.exitCode = differences > 0 ? 0 : 1;
} else {
  console.log(`${passed} of ${values.rounds} rounds identical, ${totalKills} kills`);
  process.exitCode = differences === 0 ? 0 : 1;
}
if (process.exitCode === 0) fs.rmSync(root, { recursive: true, force: true });
else console.log(`kept: ${root}`);
