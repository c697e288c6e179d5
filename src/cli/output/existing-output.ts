import fs from 'node:fs';
import path from 'node:path';
import { referencesIn } from '../../core/option-reference.ts';
import type { Plan } from '../../plan/plan.ts';

/**
 * Returns a message for each filesystem table that a job writes and that already has files. The job
 * never overwrites these files.
 */
export function existingOutput(plan: Plan, baseDirectory: string): readonly string[] {
  return plan.nodes.flatMap((node) => {
    const written =
      node.kind === 'sink' && node.options['connector'] === 'filesystem' ? node.options['path'] : undefined;
    if (node.kind !== 'sink' || written === undefined || referencesIn(written).length > 0) return [];
    const files = visibleFiles(path.resolve(baseDirectory, written));
    if (files === 0) return [];
    const have = files === 1 ? '1 file' : `${files} files or folders`;
    return [
      `table ${node.table}: ${written} has ${have} of earlier runs. This run adds its rows in new files; to replace the result, stop and remove the directory first`,
    ];
  });
}

/** Returns the number of files and folders that readers of the directory see. */
function visibleFiles(directory: string): number {
  try {
    return fs.readdirSync(directory).filter((name) => !/^[._]/.test(name)).length;
  } catch {
    // The directory does not exist yet, or it cannot be read. The sink reports the second case.
    return 0;
  }
}
