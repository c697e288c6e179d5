import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Fault } from './chaos-faults.ts';
import { endOf } from './engine-run.ts';

/**
 * Mounts a file system of `$1` bytes on the directory `$2`. The first run has this space, the
 * second one has more. The content is kept in `$2.copy`.
 */
const IN_SMALL_DISK = `
mount -t tmpfs -o size=$1 tmpfs "$2" || exit 99
full=$2; shift 2
"$@"; first=$?
echo "the first ended with $first" >&2
mount -o remount,size=1g "$full"
"$@"; second=$?
mkdir "$full.copy" && cp -a "$full/." "$full.copy"
exit $second`;

/**
 * Fills a disk: that of checkpoints and live state, or that of one sink. The first run stops with a
 * message. The second run has more space and continues.
 */
const diskFull: Fault = async (round) => {
  const inStore = round.bucket !== null;
  const place = round.random() < 0.6 ? (inStore ? 'state' : 'checkpoints') : 'totals';
  const full = path.join(round.directory, place);
  const size = Math.floor((0.3 + 12 * round.random()) * 1024) * 1024;
  fs.mkdirSync(full);
  const flags = ['--set', 'state.disk.low-water-mark=0 mb', ...(place === 'state' ? ['--state-dir', full] : [])];
  const under = ['unshare', '-Urm', 'bash', '-c', IN_SMALL_DISK, 'bash', String(size), full];
  const { code, errors } = round.said(
    `${place} with ${size} bytes`,
    await endOf(await round.start(0, { under, flags })),
  );
  const first = Number(/the first ended with (\d+)/.exec(errors)?.[1] ?? 99);
  round.steps.push(`first ${first}`);
  if (first > 1) round.fail(`on the full disk it ended with ${first}: ${errors}`);
  if (
    first === 1 &&
    !/error\[(CHECKPOINT_FAILED|STATE_STORE|CONNECTOR_WRITE|CHECKPOINT_STORE|STATE_DISK)\]/.test(errors)
  ) {
    round.fail(`the full disk is not named: ${errors}`);
  }
  if (code !== 0) round.fail(`with more space it ended with ${code}: ${errors}`);
  fs.rmSync(full, { recursive: true });
  fs.renameSync(`${full}.copy`, full);
};

const CALLS = ['fsync', 'fdatasync', 'rename', 'link', 'pwrite64', 'ftruncate', 'unlink'];

/** Makes the operating system refuse one call, or all calls from a certain one on. */
const diskError: Fault = async (round) => {
  const call = CALLS[Math.floor(round.random() * CALLS.length)]!;
  const error = round.random() < 0.7 ? 'EIO' : 'ENOSPC';
  const when = `${1 + Math.floor(round.random() * 40)}${round.random() < 0.3 ? '+' : ''}`;
  const { code, errors } = round.said(
    `${error} at ${call} ${when}`,
    await endOf(await round.start(0.1, { under: underStrace(`${call}:error=${error}:when=${when}`, call) })),
  );
  if (code !== 0 && code !== 1) round.fail(`it ended with ${code}: ${errors}`);
};

/**
 * Returns the arguments of a quiet `strace` with an injection. Does not use --seccomp-bpf, because
 * with it strace injects errors but no signals.
 */
export function underStrace(inject: string, calls: string): readonly string[] {
  return ['strace', '-f', '-qqq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${inject}`];
}

export const hasStrace = (): boolean => spawnSync('strace', ['-V']).status === 0;

const canMount = (): boolean =>
  spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt']).status === 0;

/** Returns the disk faults that this machine can produce. */
export function diskFaults(): Readonly<Record<string, Fault>> {
  return { ...(canMount() ? { diskFull } : {}), ...(hasStrace() ? { diskError } : {}) };
}
