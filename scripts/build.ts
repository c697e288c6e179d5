/** `npm run build`: compiles with tsc into dist/, then copies the files that are not TypeScript. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const tsc = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
  { cwd: root, stdio: 'inherit' },
);
if (tsc.status !== 0) process.exit(1);
const main = path.join(root, 'dist/src/cli/main.js');
fs.chmodSync(main, 0o755);
console.log(`built ${path.relative(root, main)}`);
