import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { bundle } from './bundle.ts';

/**
 * Builds the repository `root` into the folder `output`: tsc checks the sources and writes the
 * declarations, esbuild writes the code.
 */
export async function buildInto(root: string, output: string): Promise<void> {
  fs.rmSync(output, { recursive: true, force: true });
  const tsc = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', output],
    { cwd: root, stdio: 'inherit' },
  );
  if (tsc.status !== 0) throw new Error('the sources cannot be compiled');
  await bundle(root, output);
  fs.chmodSync(path.join(output, 'src/cli/main.js'), 0o755);
}
