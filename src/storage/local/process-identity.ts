import fs from 'node:fs';

/**
 * Returns the start time of a process in clock ticks since boot, if /proc exists. A zombie counts
 * as dead.
 */
export function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'dead' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** Returns the id that a machine gets with each boot. Null: the system has none. */
export function bootHere(): string | null {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

/** Returns the namespace in which process ids of this process are valid, if the system has any. */
export function pidNamespaceHere(): string | null {
  try {
    return fs.readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}
