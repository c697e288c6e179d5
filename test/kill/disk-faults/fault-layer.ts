import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Compiles a layer between a program and the C library, such as `shim.c`, into a directory. Null:
 * this system has no C compiler, or other names for the calls.
 */
export function compileLayer(source: string, directory: string): string | null {
  if (process.platform !== 'linux') return null;
  const library = path.join(directory, `${path.basename(source, '.c')}.so`);
  for (const compiler of ['cc', 'gcc', 'clang']) {
    const run = spawnSync(compiler, ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl', '-lpthread'], {
      encoding: 'utf8',
    });
    if (run.status === 0) return library;
    if (run.error === undefined) throw new Error(`${compiler} cannot compile ${source}: ${run.stderr}`);
  }
  return null;
}

/** Compiles the layer that makes calls fail (`shim.c`). */
export const compileFaultLayer = (directory: string): string | null =>
  compileLayer(path.join(import.meta.dirname, 'shim.c'), directory);

/** The faults of `shim.c`, which says what each of them does. */
export const FAULT_KINDS = ['crash', 'after', 'torn', 'power', 'short', 'eio', 'eread', 'enospc', 'flip'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface DiskFault {
  readonly kind: FaultKind | 'count';
  readonly at: number;
  readonly seed: number;
  /** With `enospc`: the number of calls for which the disk is full. */
  readonly calls: number;
}

/** The exit code of a process that a fault has ended. */
export const ENDED_BY_FAULT = 77;

/** Returns the environment of a program with a fault on the files of a directory. */
export const faultEnvironment = (
  library: string,
  directory: string,
  { kind, at, seed, calls }: DiskFault,
  report = '',
): NodeJS.ProcessEnv => ({
  ...process.env,
  LD_PRELOAD: library,
  NODE_COMPILE_CACHE: path.join(path.dirname(library), 'compiled'),
  // Paths that the layer sees are without links.
  FAULT_DIR: fs.realpathSync(directory),
  FAULT_KIND: kind,
  FAULT_AT: String(at),
  FAULT_SEED: String(seed),
  FAULT_CALLS: String(calls),
  ...(report === '' ? {} : { FAULT_REPORT: report }),
});
