/**
 * Attacks the service in every way that it must withstand, and measures the health checks
 * meanwhile. Prints a table. Fails if a health check was refused or took longer than the bound.
 * Time during which other processes had all cores does not count.
 *
 *     npm run attacks -- [--only TEXT] [--checks 100] [--most-ms 100]
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ATTACKS, type Attack } from './attacks.ts';
import type { Probe } from './health-prober.ts';

const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../../src/cli/main.ts');
const TOKEN = 'a-token-for-attacks-only';
const PAUSE_MS = 30;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    checks: { type: 'string', default: '100' },
    'most-ms': { type: 'string', default: '100' },
  },
});
const checks = Number(values.checks);
const mostMs = Number(values['most-ms']);

interface Outcome {
  readonly attack: string;
  readonly answered: string;
  readonly median: number;
  readonly most: number;
  /** See `Probe.ownMs`. */
  readonly own: number;
  readonly late: number;
  readonly refused: number;
}

function startProber(port: number, pid: number): Promise<readonly Probe[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./health-prober.ts', import.meta.url), {
      workerData: { port, pid, times: checks, pauseMs: PAUSE_MS },
    });
    worker.on('message', resolve);
    worker.on('error', reject);
  });
}

/** Runs one attack on a new service. */
async function withstand(attack: Attack): Promise<Outcome> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-attack-'));
  for (const name of ['data', 'patterns']) fs.mkdirSync(path.join(directory, name));
  fs.writeFileSync(path.join(directory, 'token'), TOKEN, { mode: 0o600 });
  const service = spawn(
    process.execPath,
    [CLI, 'serve', '--port', '0', '--patterns', 'patterns', '--token-file', 'token'],
    {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  try {
    const port = await new Promise<number>((resolve, reject) => {
      let out = '';
      service.on('exit', (code) => reject(new Error(`the service ended with ${code}`)));
      service.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        const found = /running at http:\S+:(\d+)\n/.exec(out);
        if (found !== null) resolve(Number(found[1]));
      });
    });
    const probes = startProber(port, service.pid!);
    const answered = await attack.run({ port, token: TOKEN, directory });
    const measured = await probes;
    const ascending = (a: number, b: number): number => a - b;
    const sorted = measured.map(({ ms }) => ms).sort(ascending);
    const own = measured.map(({ ownMs }) => ownMs).sort(ascending);
    return {
      attack: attack.name,
      answered,
      median: sorted[sorted.length >> 1]!,
      most: sorted.at(-1)!,
      own: own.at(-1)!,
      late: own.filter((ms) => ms > mostMs).length,
      refused: measured.filter(({ problem }) => problem !== null).length,
    };
  } finally {
    service.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

let failed = false;
process.stdout.write(
  '| attack | answers | median ms | most ms | own most ms | late | refused |\n|---|---|---|---|---|---|---|\n',
);
for (const attack of ATTACKS.filter(({ name }) => name.includes(values.only))) {
  const { answered, median, most, own, late, refused } = await withstand(attack);
  const figures = [median.toFixed(0), most.toFixed(0), own.toFixed(0), late, refused].join(' | ');
  process.stdout.write(`| ${attack.name} | ${answered} | ${figures} |\n`);
  failed ||= late > 0 || refused > 0;
}
process.exitCode = failed ? 1 : 0;
