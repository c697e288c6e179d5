/**
 * Finds limits of the operating system that are too low for the process. With too few file
 * descriptors or too little address space, Node and V8 end the process with their own stack trace,
 * often much later. In the built program, a shell line before Node checks the lowest limits too
 * (`scripts/launcher.ts`), because Node cannot start with them.
 *
 * This module is loaded before the check of the Node version, so it has no import statement.
 */
interface Needs {
  readonly files: number;
  readonly addressBytes: number;
}

const GB = 2 ** 30;
/** Measured: `run` of a small file opens 24 files and reserves 1.2 GB of addresses. */
export const NEEDS_OF_COMMANDS: Needs = { files: 40, addressBytes: 1.4 * GB };
/**
 * 496 connections, and the files of jobs. Measured with the built program: 1.6 GB of addresses for
 * the process and 0.6 GB for each thread, of which there are at most eight for jobs, texts, golden
 * cases and questions.
 */
const NEEDS_OF_SERVE: Needs = { files: 640, addressBytes: 8 * GB };
/** From sources, each thread removes types with WebAssembly, for which V8 reserves 8 GB. */
const NEEDS_FROM_SOURCES: Needs = { ...NEEDS_OF_SERVE, addressBytes: 64 * GB };
const FROM_SOURCES = import.meta.url.endsWith('.ts');

/**
 * Returns the message about a limit that is too low for the command, or null. `limits`: the text of
 * `/proc/self/limits`.
 */
export function limitMessage(
  command: string | undefined,
  limits: string,
  fromSources: boolean = FROM_SOURCES,
): string | null {
  const ofServe = fromSources ? NEEDS_FROM_SOURCES : NEEDS_OF_SERVE;
  const needs = command === 'serve' ? ofServe : NEEDS_OF_COMMANDS;
  const files = softLimit(limits, 'Max open files');
  if (files < needs.files) {
    return `the process may open ${files} files, but needs at least ${needs.files} file descriptors; raise the limit (ulimit -n)`;
  }
  const bytes = softLimit(limits, 'Max address space');
  if (bytes < needs.addressBytes) {
    const [has, least] = [bytes, needs.addressBytes].map((each) => `${(each / GB).toFixed(1)} GB`);
    return `the process may use ${has} of virtual memory, but V8 reserves up to ${least}; raise the limit (ulimit -v), and bound the memory with state.memory or a container instead`;
  }
  return null;
}

/** Returns Infinity for a limit that is not set or not known. */
function softLimit(limits: string, name: string): number {
  const value = new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(limits)?.[1];
  return value === undefined ? Number.POSITIVE_INFINITY : Number(value);
}

/** Returns the text of `/proc/self/limits`; it is empty on systems without this file. */
export function readLimits(): string {
  try {
    return process.getBuiltinModule('node:fs').readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
