import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { HookOrders } from './savepoint-hook.ts';

/** The storage of a round's checkpoints, and the settings with which `run` reaches it. */
export interface CheckpointPlace {
  readonly directory: string;
  readonly flags: readonly string[];
}

export interface RunOptions {
  /** `main.ts`, or the built `main.js`. */
  readonly cli: string;
  readonly sql: string;
  /** null: an undisturbed run without checkpoints. */
  readonly checkpoints: CheckpointPlace | null;
  /** Modules that are loaded before the program. */
  readonly imports?: readonly string[];
  /** The orders for `savepoint-hook.ts`; absent: it is not loaded. */
  readonly hook?: Omit<HookOrders, 'jobModule' | 'leaseModule'>;
  /** A program that starts the process, with its arguments. */
  readonly under?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard error. */
  readonly errors: string;
}

/** Time between checkpoints. It is short, so kills happen in every phase of a checkpoint. */
export const INTERVAL = '60ms';

/**
 * Time between two checkpoints that are read back. Without damage none may be reported.
 */
const SCRUB_INTERVAL = '150 ms';

/** A small number, so many barriers can come between batches. */
const BATCH_ROWS = '256';

/** Starts `sequitur run` as a separate process. */
export function startRun(options: RunOptions): ChildProcess {
  const { cli, sql, checkpoints, imports = [], hook, under = [], environment = {} } = options;
  const modules = hook === undefined ? imports : [...imports, path.join(import.meta.dirname, 'savepoint-hook.ts')];
  const flags =
    checkpoints === null
      ? []
      : [
          '--checkpoint-dir',
          checkpoints.directory,
          '--checkpoint-interval',
          INTERVAL,
          '--batch-rows',
          BATCH_ROWS,
          '--set',
          `sequitur.checkpoint.scrub-interval=${SCRUB_INTERVAL}`,
          ...checkpoints.flags,
        ];
  const orders: HookOrders | null = hook === undefined ? null : { ...hook, ...modulesOf(cli) };
  const [program, ...args] = [
    ...under,
    process.execPath,
    ...modules.flatMap((module) => ['--import', module]),
    cli,
    'run',
    sql,
    ...flags,
  ];
  return spawn(program!, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment, ...(orders === null ? {} : { SEQUITUR_KILL_HOOK: JSON.stringify(orders) }) },
  });
}

export function endOf(child: ChildProcess): Promise<RunEnd> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal, errors })));
}

/**
 * Resolves when the first job of a process with the hook reads its input, or when the process has
 * ended.
 */
export function atWork(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.includes('kill hook: a job is open')) resolve();
    });
    child.on('exit', () => resolve());
  });
}

/** The hook must patch the same modules that the program runs, built or not. */
function modulesOf(cli: string): Pick<HookOrders, 'jobModule' | 'leaseModule'> {
  const source = path.join(path.dirname(path.resolve(cli)), '..');
  const kind = path.extname(cli);
  return {
    jobModule: path.join(source, `engine/job/job${kind}`),
    leaseModule: path.join(source, `storage/remote/job-lease${kind}`),
  };
}
