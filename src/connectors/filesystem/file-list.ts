import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import { irregularKind } from '../../core/file-kind.ts';

/**
 * Returns the files of a path: the file itself, or the files of a directory and its
 * sub-directories, in the order of their names. Hidden files (`.`, `_`) are left out.
 */
export function listFiles(root: string): readonly string[] {
  const stat = fs.statSync(root, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new EngineError('CONNECTOR_READ', `there is no file or directory ${root}`, { path: root });
  // Opening a pipe would stop the thread until somebody writes to it.
  if (stat.isFIFO() || stat.isSocket())
    throw new EngineError('CONNECTOR_READ', `${root} is ${irregularKind(stat)}, not a file`, { path: root });
  if (!stat.isDirectory()) return [root];
  const files: string[] = [];
  const walk = (directory: string): void => {
    for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name.startsWith('_')) continue;
      const full = path.join(directory, entry.name);
      if (entry.isDirectory()) walk(full);
      else if (entry.isFile()) files.push(full);
    }
  };
  walk(root);
  return files.sort();
}
