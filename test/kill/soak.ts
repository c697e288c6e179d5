/**
 * `npm run soak`: the service under mixed, light load for a long time. Rows arrive at a steady
 * rate. Followers come and go, pattern files change, jobs go back to savepoints, statements and
 * wrong tokens arrive, and the process is killed now and then.
 *
 *     npm run soak -- [--minutes 10] [--seed N] [--output DIRECTORY] [--rate 60]
 *
 * `samples.jsonl` in the output directory has the figures of each ten seconds, and `soak.svg` shows
 * them. At the end every sink must contain exactly the output of an undisturbed `run`, /health must
 * have answered within 100 ms, and memory, descriptors, threads and disk must not have grown.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SeededRandom } from '../fuzz/seeded-random.ts';
import { Disturbances } from './soak/disturbances.ts';
import { END, Feed } from './soak/feed.ts';
import { Followers } from './soak/followers.ts';
import { growths } from './soak/growth.ts';
import { HEALTH_MAX_MS, HealthProbe } from './soak/health-probe.ts';
import { killAt, killTimes } from './soak/kills.ts';
import { PatternPlace } from './soak/pattern-changes.ts';
import { expectStatus } from './soak/persistent-request.ts';
import { drawSamples, SampleFile } from './soak/sample-file.ts';
import { httpText, SOAK_SINKS, undisturbedText } from './soak/soak-jobs.ts';
import { SoakService } from './soak/soak-service.ts';
import { KnownTables, writeShortInput } from './soak/statements.ts';
import { visibleLines } from './workload.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rate: { type: 'string', default: '60' },
    output: { type: 'string' },
    cli: { type: 'string', default: path.join(import.meta.dirname, '../../dist/src/cli/main.js') },
  },
});
if (!fs.existsSync(values.cli)) throw new Error(`${values.cli} is missing: run npm run build first`);
const seconds = Number(values.minutes) * 60;
const seed = Number(values.seed);
const results = path.resolve(values.output ?? fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-soak-')));
fs.mkdirSync(results, { recursive: true });
const work = path.join(results, 'work');
fs.rmSync(work, { recursive: true, force: true });
fs.mkdirSync(path.join(work, 'data'), { recursive: true });

const began = performance.now();
const now = (): number => (performance.now() - began) / 1000;
const problems: string[] = [];
function report(problem: string): void {
  problems.push(problem);
  console.log(`${(now() / 60).toFixed(1)} min: ${problem}`);
}

const DATA = 'service';
const output = path.join(work, 'data');
const input = path.join(output, 'payments.jsonl');
writeShortInput(path.join(output, 'short.jsonl'));
const service = new SoakService({
  cli: path.resolve(values.cli),
  directory: work,
  flags: ['--data-dir', DATA, '--patterns', 'patterns', '--checkpoint-interval', '5s', '--set', 'state.memory=96mb'],
  onDeath: (how) => report(`the service ended by itself: ${how}`),
});
const random = (number: number): SeededRandom => new SeededRandom(seed, number);
const feed = new Feed(input, random(1));
const patterns = new PatternPlace(path.join(work, 'patterns'), input, output);
const followers = new Followers(service, random(2), report);
const health = new HealthProbe(service, report);
const disturbances = new Disturbances({
  service,
  random: random(3),
  patterns,
  output,
  tables: new KnownTables(),
  report,
});
const samples = new SampleFile(path.join(results, 'samples.jsonl'), {
  service,
  dataDirectory: path.join(work, DATA),
  now,
  counts: () => ({ healthMs: health.recentMs(), followers: followers.present, rows: feed.rows }),
});

console.log(`soak: ${values.minutes} minutes, seed ${seed}, ${values.rate} rows a second, results in ${results}`);
process.on('exit', () => service.kill());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
await service.start();
const statement = { sql: httpText(input, output) };
expectStatus('the jobs over HTTP', await service.request('POST', '/v1/statements', statement), 200);
feed.start(Number(values.rate));
followers.start();
health.start();
samples.start();
const disturbing = disturbances.run();
const kills: number[] = [];
const killing = killAt(killTimes(seconds, random(4)), service, now, kills);
const progress = setInterval(showProgress, process.stdout.isTTY ? 2_000 : 60_000);
await sleep(seconds * 1000);
clearInterval(progress);
disturbances.end();
await Promise.all([killing, disturbing]);
followers.end();
feed.end();
const complete = await outputOf(undisturbedText(input, path.join(work, 'undisturbed')));
samples.end();
health.end();
const exitCode = await service.stop();
if (exitCode !== 0) report(`the service ended with ${exitCode} after SIGTERM`);
const rows = compareOutput(complete);
for (const growth of growths(samples.all)) {
  console.log(growth.text);
  if (growth.tooMuch) report(`too much growth: ${growth.text}`);
}
if (health.slow > 0)
  report(`${health.slow} of ${health.answers} answers of /health took more than ${HEALTH_MAX_MS} ms`);
const title = `Soak of ${values.minutes} minutes, seed ${seed}: ${kills.length} kills, ${followers.come} followers, ${feed.rows} rows`;
fs.writeFileSync(path.join(results, 'soak.svg'), drawSamples(title, samples.all, kills));
console.log(summary());
process.exitCode = problems.length > 0 ? 1 : 0;
if (problems.length === 0) fs.rmSync(work, { recursive: true, force: true });
else console.log(`kept: ${work}`);

/** Runs the same jobs over the complete file, and waits until the service has as much output. */
async function outputOf(text: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const file = path.join(work, 'undisturbed.sql');
  fs.writeFileSync(file, text);
  const run = spawnSync(process.execPath, [values.cli, 'run', file], { encoding: 'utf8', cwd: work });
  if (run.status !== 0) throw new Error(`the undisturbed run failed: ${run.stderr}`);
  const wanted = new Map(SOAK_SINKS.map((sink) => [sink, counted(path.join(work, 'undisturbed', sink))]));
  const deadline = now() + 60;
  const missing = (): boolean =>
    [...wanted].some(([sink, lines]) => counted(path.join(output, sink)).length < lines.length);
  while (missing() && now() < deadline) await sleep(500);
  return wanted;
}

/** The row that moves the watermark to the end does not count. */
function counted(directory: string): readonly string[] {
  return visibleLines(directory).filter((line) => !line.includes(END));
}

/** Compares each sink with that of the undisturbed run; returns the number of rows. */
function compareOutput(wanted: ReadonlyMap<string, readonly string[]>): number {
  let number = 0;
  for (const [sink, lines] of wanted) {
    const actual = counted(path.join(output, sink));
    const at = lines.findIndex((line, i) => line !== actual[i]);
    number += lines.length;
    if (lines.length === 0) report(`${sink} is empty: the load tests nothing`);
    if (at < 0 && actual.length === lines.length) continue;
    report(
      `${sink}: ${actual.length} rows instead of ${lines.length}; row ${at}: ${actual[at]} instead of ${lines[at]}`,
    );
  }
  return number;
}

function showProgress(): void {
  const last = samples.all.at(-1);
  const figures = last === undefined ? '' : `, RSS ${last.rssMb?.toFixed(0)} MB, ${last.descriptors} descriptors`;
  const text = `${(now() / 60).toFixed(1)} min: ${feed.rows} rows, ${kills.length} kills, ${followers.come} followers${figures}, ${problems.length} problems`;
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
}

function summary(): string {
  const own = process.cpuUsage();
  const driver = (own.user + own.system) / 1e6;
  const share = (cpu: number): string => `${((cpu / now()) * 100).toFixed(0)} %`;
  const counts = [...disturbances.counts].map(([name, count]) => `${count} ${name}`).join(', ');
  return [
    // The line of progress has no end.
    ...(process.stdout.isTTY ? [''] : []),
    `${kills.length} kills, ${counts}`,
    `${followers.come} followers (${followers.rows} rows, ${followers.refused} refused)`,
    `/health: ${health.answers} answers, the slowest after ${health.maxMs.toFixed(0)} ms; in the first seconds of a life after ${health.startMaxMs.toFixed(0)} ms; with the waiting for a processor after ${health.wholeMaxMs.toFixed(0)} ms`,
    `processor: ${share(samples.cpuSeconds)} of a core for the service, ${share(driver)} for the test`,
    `${rows} rows of ${SOAK_SINKS.length} sinks compared, ${problems.length} problems, seed ${seed}`,
  ].join('\n');
}
