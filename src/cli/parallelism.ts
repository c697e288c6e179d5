import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobStatement } from '../compiler/compile-result.ts';
import { referencesIn } from '../core/option-reference.ts';
import { partitionPoint } from '../engine/subtask/partition-point.ts';
import type { ScanNode } from '../plan/nodes/scan.ts';

/** With less input, starting a thread takes longer than it saves. */
const LARGE_BYTES = 64 * 1024 * 1024;
/** The task reads and writes in its own thread, so more threads would mostly wait for it. */
const THREADS = 2;

/**
 * Returns the number of subtasks of a job whose text sets none. A SELECT has one, because the order
 * of its rows is visible.
 */
export function parallelismOf({ origin, plan }: JobStatement, baseDirectory: string): number {
  if (origin === 'select' || os.availableParallelism() < THREADS || partitionPoint(plan) === null) return 1;
  const scans = plan.nodes.filter((node) => node.kind === 'scan');
  const bytes = scans.reduce((sum, scan) => sum + inputBytes(scan, baseDirectory), 0);
  return bytes >= LARGE_BYTES ? THREADS : 1;
}

/** Returns the size of the files of a table; 0 if it is unknown, or if more files may follow. */
function inputBytes({ options }: ScanNode, baseDirectory: string): number {
  const written = options['path'];
  const endless = options['source.monitor-interval'] !== undefined;
  if (options['connector'] !== 'filesystem' || written === undefined || endless) return 0;
  if (referencesIn(written).length > 0) return 0;
  const place = path.resolve(baseDirectory, written);
  try {
    const status = fs.statSync(place);
    if (!status.isDirectory()) return status.size;
    return fs.readdirSync(place).reduce((sum, name) => sum + fs.statSync(path.join(place, name)).size, 0);
  } catch {
    // The source reports a file that cannot be read.
    return 0;
  }
}
