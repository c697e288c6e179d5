import fs from 'node:fs';
import path from 'node:path';
import { irregularKind } from '../../core/file-kind.ts';

/**
 * Reads the text of a file of at most `bytesMax` bytes, or returns why it is refused. Never waits:
 * opening a named pipe without a writer would block the thread for ever.
 */
export function readRegularFile(
  file: string,
  bytesMax: number,
): { readonly text: string } | { readonly problem: string } {
  const refusal = (kind: string): { problem: string } => ({ problem: `${path.basename(file)} is ${kind}, not a file` });
  // Opening a device can have an effect, so the file is looked at first.
  const kind = irregularKind(fs.statSync(file));
  if (kind !== null) return refusal(kind);
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    // The name may belong to another file by now.
    const stat = fs.fstatSync(descriptor);
    const opened = irregularKind(stat);
    if (opened !== null) return refusal(opened);
    if (stat.size > bytesMax) return { problem: `the file has ${stat.size} bytes; at most ${bytesMax} are read` };
    return { text: fs.readFileSync(descriptor, 'utf8') };
  } finally {
    fs.closeSync(descriptor);
  }
}
