/**
 * kill -9 of the whole service. A pattern's jobs and a job over HTTP read growing files. The
 * process is killed repeatedly at random moments. At the end every sink must contain exactly the
 * output of an undisturbed `run` over the whole file.
 *
 *     node test/kill/service-kill.ts [--kills 8] [--seed N] [--rows 60000]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SINKS, seeded, visibleLines, writePayments, writeSql } from './workload.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rows: { type: 'string', default: '60000' },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../src/cli/main.ts') },
  },
});
const seed = Number(values.seed);
const random = seeded(seed);
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-service-kill-'));
console.log(`service kill: ${values.kills} kills, seed ${seed}, ${values.rows} rows`);

/**
 * The last row moves the watermark beyond all others. It has its own card, whose output does not
 * count.
 */
const LAST = '{"id":-1,"card":"end","amount":100,"ts":"2027-01-01 00:00:00.000"}\n';
const counted = (directory: string): string[] => visibleLines(directory).filter((line) => !line.includes('"end"'));

const plain = path.join(root, 'plain');
fs.mkdirSync(plain);
writePayments(path.join(plain, 'payments.jsonl'), Number(values.rows), seed);
fs.appendFileSync(path.join(plain, 'payments.jsonl'), LAST);
const plainSql = writeSql(plain);
const undisturbed = spawnSync(process.execPath, [values.cli, 'run', plainSql], { encoding: 'utf8' });
if (undisturbed.status !== 0) fail(`the undisturbed run failed: ${undisturbed.stderr}`);

const killed = path.join(root, 'killed');
const folder = path.join(killed, 'patterns/payments');
fs.mkdirSync(folder, { recursive: true });
fs.mkdirSync(path.join(killed, 'data'));
const input = path.join(folder, 'payments.jsonl');
fs.writeFileSync(input, '');
const growing = fs
  .readFileSync(plainSql, 'utf8')
  .replace("'payments.jsonl',", "'payments.jsonl', 'source.monitor-interval' = '20 ms',");
fs.writeFileSync(path.join(folder, 'pattern.sql'), growing);
const copied = path.join(killed, 'data/payments.jsonl');
fs.writeFileSync(copied, '');
const COPY = `CREATE TABLE payments (id BIGINT, card STRING) WITH ('connector' = 'filesystem', 'path' = 'data/payments.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
CREATE TABLE copy (id BIGINT, card STRING) WITH ('connector' = 'filesystem', 'path' = 'data/copy', 'format' = 'json');
INSERT INTO copy SELECT id, card FROM payments;`;

function start(): ChildProcess {
  const flags = ['--data-dir', path.join(killed, 'service'), '--patterns', path.join(killed, 'patterns')];
  const child = spawn(process.execPath, [values.cli, 'serve', ...flags, '--checkpoint-interval', '80ms'], {
    cwd: killed,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr!.on('data', (chunk: Buffer) => fs.appendFileSync(path.join(killed, 'log'), chunk));
  return child;
}

/** Waits for the address that the service prints. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /at (http:\S+)/.exec(text);
      if (found !== null) resolve(found[1]!);
    });
    child.on('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
}

const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.on('exit', resolve));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const all = fs.readFileSync(path.join(plain, 'payments.jsonl'), 'utf8').split('\n').slice(0, -1);
let fed = 0;
/** Appends the next rows, cut anywhere within a line. */
function feed(rows: number): void {
  const text = all
    .slice(fed, fed + rows)
    .map((line) => `${line}\n`)
    .join('');
  fed = Math.min(all.length, fed + rows);
  const cut = Math.floor(random() * text.length);
  for (const file of [input, copied])
    for (const part of [text.slice(0, cut), text.slice(cut)]) fs.appendFileSync(file, part);
}

const kills = Number(values.kills);
let child = start();
const response = await fetch(`${await addressOf(child)}/v1/statements`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ sql: COPY }),
});
if (response.status !== 200) fail(`the statement was refused: ${await response.text()}`);
const perKill = Math.ceil(all.length / kills);
for (let kill = 0; kill < kills; kill++) {
  const lives = 600 + random() * 900;
  const step = Math.ceil(perKill / 20);
  for (let i = 0; i < 20; i++) {
    feed(Math.min(step, Math.max(0, perKill * (kill + 1) - fed)));
    await wait(lives / 20);
  }
  const end = ended(child);
  child.kill('SIGKILL');
  await end;
  child = start();
}
feed(all.length);
const want = new Map<string, string[]>(SINKS.map((sink) => [sink, counted(path.join(plain, sink))]));
const got = (sink: string): string[] => counted(path.join(folder, sink));
const copy = (): string[] => visibleLines(path.join(killed, 'data/copy'));
const deadline = performance.now() + 30_000;
while (performance.now() < deadline) {
  if (SINKS.every((sink) => got(sink).length >= want.get(sink)!.length) && copy().length >= all.length) break;
  await wait(100);
}
const end = ended(child);
child.kill('SIGTERM');
const exitCode = await end;
if (exitCode !== 0) fail(`the last service ended with ${exitCode}`);
for (const [sink, lines] of want) compare(sink, lines, got(sink));
compare(
  'copy',
  all.map((line) => idOf(line)),
  copy().map((line) => idOf(line)),
);
console.log(
  `${kills} kills of the service: all of ${[...want].map(([sink, lines]) => `${lines.length} ${sink}`).join(', ')} and ${all.length} rows over HTTP exactly once`,
);
fs.rmSync(root, { recursive: true, force: true });

function idOf(line: string): string {
  return String((JSON.parse(line) as { id: number }).id);
}

function compare(sink: string, lines: readonly string[], actual: readonly string[]): void {
  const at = lines.findIndex((line, i) => line !== actual[i]);
  if (at < 0 && actual.length === lines.length) return;
  fail(
    `${sink}: ${actual.length} lines instead of ${lines.length}; line ${at}: expected ${lines[at]}, got ${actual[at]}`,
  );
}

function fail(message: string): never {
  console.error(`${message}\nseed ${seed}; the files are kept in ${root}`);
  process.exit(1);
}
