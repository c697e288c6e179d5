/**
 * Checks that all things that the deployment files use exist: each flag of `serve`, each setting,
 * and the exit code in the unit file.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SETTINGS } from '../../../src/core/settings.ts';

const root = path.join(import.meta.dirname, '../../..');
const files = ['Dockerfile', 'deploy/kubernetes.yaml', 'deploy/sequitur.service'];

for (const file of files) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  test(`${file} uses flags that serve has`, () => {
    const help = execFileSync(process.execPath, [path.join(root, 'src/cli/main.ts'), 'serve', '--help'], {
      encoding: 'utf8',
    });
    const known = [...help.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag);
    const command = text.slice(text.lastIndexOf('serve'));
    const given = [...`${text.includes('args:') ? text : command}`.matchAll(/(?<=["\s-])--[a-z][a-z-]+/g)].map(
      (m) => m[0],
    );
    const flags = given.filter((flag) => !['--from-literal', '--from-file', '--global'].includes(flag));
    assert.ok(flags.length >= 3, flags.join(' '));
    for (const flag of flags) assert.ok(known.includes(flag), flag);
  });

  test(`${file} names settings that exist`, () => {
    const variables = new Set(SETTINGS.map(({ key }) => `SEQUITUR_${key.toUpperCase().replace(/[.-]/g, '_')}`));
    for (const [name] of text.matchAll(/SEQUITUR_[A-Z_]+/g)) assert.ok(variables.has(name), name);
  });
}
