import fs from 'node:fs';
import { clearProgress } from './progress.ts';

/** Writes to standard error. */
export function say(text: string): void {
  clearProgress();
  process.stderr.write(text);
}

/**
 * Writes to standard output without loss. The writer waits if the pipe is full. A closed pipe ends
 * the command without an error.
 */
export function writeOut(text: string): void {
  clearProgress();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(1, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
