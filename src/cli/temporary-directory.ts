import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pidNamespaceHere } from '../storage/local/process-identity.ts';

const NAME = /^sequitur-run-(\d+)-([0-9a-f]{8})-/;

/**
 * Creates a directory for live state that is removed when the process exits. Also removes the
 * directories of killed processes. A process id only means something in its own namespace, so the
 * directories of other containers on the same volume are kept.
 */
export function temporaryDirectory(): string {
  const root = os.tmpdir();
  const here = namespaceHere();
  for (const name of fs.readdirSync(root)) {
    const [, pid, namespace] = NAME.exec(name) ?? [];
    if (namespace === here && !isAlive(Number(pid))) removeWorthless(path.join(root, name));
  }
  const made = fs.mkdtempSync(path.join(root, `sequitur-run-${process.pid}-${here}-`));
  process.once('exit', () => removeWorthless(made));
  return made;
}

/**
 * Removes a directory that is no longer needed. Prints a warning if this fails. The exit code does
 * not change.
 */
export function removeWorthless(directory: string): void {
  try {
    fs.rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    process.stderr.write(`warning: ${directory} stays behind: ${(error as Error).message}\n`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Returns eight hexadecimal digits for the machine and the namespace of process ids. */
export function namespaceHere(): string {
  return createHash('sha256').update(`${os.hostname()} ${pidNamespaceHere()}`).digest('hex').slice(0, 8);
}
