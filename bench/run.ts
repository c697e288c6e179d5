/**
 * `npm run bench`: the workloads through the real command line, with Node's own figures in the same
 * run.
 *
 *     npm run bench -- [--workloads w1,w2,w6d] [--rows 2000000] [--reps 3] [--json FILE]
 *
 * Compare the ratios: machines are noisy, but measurements of the same run share the noise. Rates
 * are rows per second of the whole process, start included.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchInput } from './generate.ts';

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    workloads: { type: 'string', default: 'w1,w2,w6d,w7,w8,w9' },
    rows: { type: 'string', default: '2000000' },
    reps: { type: 'string', default: '2' },
    json: { type: 'string' },
    dir: { type: 'string', default: path.join(os.tmpdir(), 'sequitur-bench') },
  },
});
const rows = Number(values.rows);
const cli = fs.existsSync(path.join(here, '../dist/src/cli/main.js'))
  ? path.join(here, '../dist/src/cli/main.js')
  : path.join(here, '../src/cli/main.ts');

interface Result {
  readonly workload: string;
  readonly variant: string;
  readonly rowsPerSecond: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly checkpoints: number | null;
}

/** Runs a command under a small wrapper that reports the CPU time and memory of the process. */
function measured(args: readonly string[]): {
  ms: number;
  cpuSeconds: number;
  peakMb: number;
  stdout: string;
  stderr: string;
} {
  const since = performance.now();
  const run = spawnSync(process.execPath, [path.join(here, 'measure.ts'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const ms = performance.now() - since;
  const usage = /^usage (.*)$/m.exec(run.stderr);
  if (run.status !== 0 || usage === null) throw new Error(`${args.join(' ')}: ${run.stderr}`);
  return {
    ms,
    ...(JSON.parse(usage[1]!) as { cpuSeconds: number; peakMb: number }),
    stdout: run.stdout,
    stderr: run.stderr,
  };
}

/**
 * Finds the text and the input of a workload. `w10:1000` is workload w10 with its input of
 * parameter 1000.
 */
function templateOf(name: string): { readonly template: string; readonly table: string } {
  const [file, parameter] = name.split(':') as [string, string?];
  const template = fs.readFileSync(path.join(here, 'workloads', `${file}.sql`), 'utf8');
  const table = /-- inputs: (\w+)/.exec(template)![1]!;
  return { template, table: parameter === undefined ? table : `${table}:${parameter}` };
}

function workload(name: string, variant: string, flags: readonly string[]): Result {
  const { template, table } = templateOf(name);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-bench-run-'));
  const sql = path.join(work, 'query.sql');
  const text = template.replace(/\{\{(\w+)\}\}/g, (_, key) =>
    key === 'out' ? path.join(work, 'out') : benchInput(values.dir, key === table.split(':')[0] ? table : key, rows),
  );
  fs.writeFileSync(sql, text);
  benchInput(values.dir, table, rows);
  const { ms, cpuSeconds, peakMb, stderr } = measured([cli, 'run', sql, ...flags]);
  fs.rmSync(work, { recursive: true, force: true });
  const checkpoints = /(\d+) checkpoints? completed/.exec(stderr);
  return {
    workload: name,
    variant,
    rowsPerSecond: (rows / ms) * 1000,
    cpuSeconds,
    peakMb,
    checkpoints: checkpoints === null ? null : Number(checkpoints[1]),
  };
}

function yardstick(name: string, how: 'scan' | 'json'): Result {
  const file = benchInput(values.dir, templateOf(name).table, rows);
  const { ms, cpuSeconds, peakMb } = measured([path.join(here, 'yardstick.ts'), how, file]);
  return {
    workload: name,
    variant: how === 'scan' ? 'scan only' : 'JSON.parse, Map',
    rowsPerSecond: (rows / ms) * 1000,
    cpuSeconds,
    peakMb,
    checkpoints: null,
  };
}

const results: Result[] = [];
for (let rep = 0; rep < Number(values.reps); rep++) {
  for (const name of values.workloads.split(',')) {
    results.push(yardstick(name, 'json'), yardstick(name, 'scan'), workload(name, 'sequitur', []));
    const memory = name === 'w6d' ? ['--set', 'state.memory=96mb'] : [];
    results.push(workload(name, 'sequitur, checkpoint 1 s', ['--checkpoint-interval', '1s', ...memory]));
    process.stderr.write(`${name} #${rep} done\n`);
  }
}

const median = (numbers: number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const groups = new Map<string, Result[]>();
for (const r of results)
  groups.set(`${r.workload} ${r.variant}`, [...(groups.get(`${r.workload} ${r.variant}`) ?? []), r]);
console.log(
  `${rows.toLocaleString('en-US')} rows, ${values.reps} repetitions, Node ${process.versions.node}, ${os.cpus().length} cores\n`,
);
console.log(
  '| workload | variant | K rows/s (median) | / scan only | CPU s | peak MB | checkpoints |\n|---|---|---:|---:|---:|---:|---:|',
);
for (const list of groups.values()) {
  const { workload: name, variant, checkpoints } = list[0]!;
  const rate = median(list.map((r) => r.rowsPerSecond));
  const scale = median(groups.get(`${name} scan only`)!.map((r) => r.rowsPerSecond));
  console.log(
    `| ${name} | ${variant} | ${Math.round(rate / 1000)} | ${(rate / scale).toFixed(2)} | ${median(list.map((r) => r.cpuSeconds)).toFixed(1)} | ${Math.round(Math.max(...list.map((r) => r.peakMb)))} | ${checkpoints ?? ''} |`,
  );
}
if (values.json !== undefined)
  fs.writeFileSync(
    values.json,
    JSON.stringify({ at: new Date().toISOString(), rows, node: process.versions.node, results }, null, 1),
  );
