/**
 * Tests the packed package in an empty folder. A program is type-checked against its declarations
 * and run. `.ci/run` does the same with the package installed by npm.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-package-'));
after(() => fs.rmSync(folder, { recursive: true }));

const node = (cwd: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
};

it('type-checks and runs a program in an empty folder', () => {
  const modules = path.join(folder, 'node_modules');
  const installed = path.join(modules, 'sequitur');
  fs.mkdirSync(installed, { recursive: true });
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  node(root, tsc, '-p', 'tsconfig.build.json', '--outDir', path.join(installed, 'dist'));
  fs.copyFileSync(path.join(root, 'package.json'), path.join(installed, 'package.json'));
  for (const name of fs.readdirSync(path.join(root, 'node_modules')).filter((each) => !each.startsWith('.')))
    fs.symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  fs.copyFileSync(path.join(import.meta.dirname, 'program.ts'), path.join(folder, 'program.ts'));
  fs.copyFileSync(path.join(import.meta.dirname, 'tsconfig.user.json'), path.join(folder, 'tsconfig.json'));
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');

  node(folder, tsc, '-p', '.');
  assert.equal(node(folder, 'program.ts'), '4711 1899.00\n');

  fs.writeFileSync(path.join(folder, 'program.ts'), "import { run } from 'sequitur';\nawait run(42);\n");
  const wrong = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' });
  assert.match(wrong.stdout, /error TS2345/, 'the declarations say what `run` takes');
});
