import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import { megabytesText } from '../../core/quantity.ts';

const PIECE = 1 << 16;
/** The least free space for a start. */
export const START_BYTES = 1 << 20;

/**
 * Refuses with STATE_DISK and the figures if `bytes` more bytes cannot be written below
 * `directory`. Really writes them, because a quota or a limit of the process on the size of files
 * does not show in the free space of the disk.
 */
export function requireFreeSpace(directory: string, bytes: number): void {
  const file = path.join(directory, 'space-probe.tmp');
  let written = 0;
  try {
    const fd = fs.openSync(file, 'w');
    try {
      const piece = Buffer.alloc(PIECE);
      while (written < bytes) written += fs.writeSync(fd, piece, 0, Math.min(PIECE, bytes - written));
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (cause) {
    throw tooLittleSpace(directory, bytes, written, cause);
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Does something on the disk of the data directory. Refuses as `requireFreeSpace` does. */
export function onDiskWithSpace(directory: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((cause as NodeJS.ErrnoException).code ?? '');
    throw full ? tooLittleSpace(directory, START_BYTES, 0, cause) : cause;
  }
}

function tooLittleSpace(directory: string, bytes: number, written: number, cause: unknown): EngineError {
  const { bavail, bsize } = fs.statfsSync(directory);
  return new EngineError(
    'STATE_DISK',
    `the data directory ${directory} has too little space: the start needs ${megabytesText(bytes)}, of which ${megabytesText(written)} could be written (${(cause as Error).message}); the disk has ${megabytesText(bavail * bsize)} free; nothing was changed`,
    { directory, neededBytes: bytes, writtenBytes: written },
    cause,
  );
}
