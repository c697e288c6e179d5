import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NAME = /^sequitur-run-(\d+)-/;

/** A directory for live state that goes with the process, however it ends; what killed processes left is removed here. */
export function temporaryDirectory(): string {
  const root = os.tmpdir();
  for (const name of fs.readdirSync(root)) {
    const pid = NAME.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) fs.rmSync(path.join(root, name), { recursive: true, force: true });
  }
  const made = fs.mkdtempSync(path.join(root, `sequitur-run-${process.pid}-`));
  process.once('exit', () => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
