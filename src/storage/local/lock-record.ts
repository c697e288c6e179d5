import os from 'node:os';
import { bootHere, pidNamespaceHere, startOf } from './process-identity.ts';

/** The owner of a lock, as its file names it. */
export interface LockRecord {
  readonly pid: number;
  /** Start time of the process; null: unknown. */
  readonly started: string | null;
  /** A random name of this ownership. */
  readonly nonce?: string;
  readonly host?: string;
  /** The boot and the process id namespace in which `pid` is valid; absent in older versions. */
  readonly boot?: string | null;
  readonly namespace?: string | null;
  /** Whether the owner also has the lock of the kernel. */
  readonly kernel?: boolean;
  /** Grows with each heartbeat. */
  readonly beat?: number;
}

export function recordHere(nonce: string, kernel: boolean, beat: number): LockRecord {
  return {
    pid: process.pid,
    started: startOf(process.pid),
    nonce,
    host: os.hostname(),
    boot: bootHere(),
    namespace: pidNamespaceHere(),
    kernel,
    beat,
  };
}

/** Reads the owner of a lock. Null: there is no owner, because a crash left an incomplete text. */
export function parseRecord(text: string): LockRecord | null {
  try {
    const record = JSON.parse(text) as LockRecord | null;
    return typeof record?.pid === 'number' ? record : null;
  } catch {
    return null;
  }
}

/** Describes the owner in a message. */
export function ownerText({ pid, host, namespace }: LockRecord): string {
  const elsewhere = host !== undefined && (host !== os.hostname() || namespace !== pidNamespaceHere());
  return elsewhere ? `process ${pid} on ${host}` : `process ${pid}`;
}

/**
 * Judges the owner of a lock, apart from any lock of the kernel. `unknown`: its process is on
 * another machine or in another process id namespace; only its heartbeat tells.
 */
export function judgeOwner({ pid, started, boot, namespace }: LockRecord): 'alive' | 'dead' | 'unknown' {
  const known = boot === undefined || (boot === bootHere() && namespace === pidNamespaceHere());
  if (!known) return 'unknown';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'dead';
  }
  const now = startOf(pid);
  return now === null || started === null || started === now ? 'alive' : 'dead';
}
