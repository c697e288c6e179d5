import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NAME = /^sequitur-run-(\d+)-/;

/**
 * A directory for live state that goes with the process, however it ends; what killed processes
 * left is removed here.
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
 * Removes what nobody needs any more. Where the disk refuses it stays, which is said and changes
 * nothing about how the command ends.
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
