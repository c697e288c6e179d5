import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NAME = /^sequitur-run-(\d+)-/;

/**
 * Creates a directory for live state that is removed when the process exits. Also removes the
 * directories of killed processes.
 */
export function temporaryDirectory(): string {
  const root = os.tmpdir();
  for (const name of fs.readdirSync(root)) {
    const pid = NAME.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeWorthless(path.join(root, name));
  }
  const made = fs.mkdtempSync(path.join(root, `sequitur-run-${process.pid}-`));
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
