/** Tests that the README shows the actual output. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const page = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page)![1]!;

it('the example of the README runs and gives the row it shows', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-readme-'));
  try {
    fs.writeFileSync(path.join(directory, 'payments.jsonl'), block('json'));
    fs.writeFileSync(path.join(directory, 'tested-card.sql'), block('sql'));
    const sequitur = (...args: string[]) =>
      spawnSync(process.execPath, [path.join(root, 'src/cli/main.ts'), ...args], { cwd: directory, encoding: 'utf8' });
    assert.match(sequitur('check', 'tested-card.sql').stdout, /: ok, portable/);
    const why = JSON.parse(sequitur('explain-match', 'tested-card.sql', '--key', '4711').stdout);
    assert.equal(why.match, 'tested-card.result');
    const run = sequitur('run', 'tested-card.sql', '--output', 'jsonl');
    assert.equal(run.stdout, block('text'));
    assert.equal(run.status, 0);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
});

it('the README counts the patterns rightly, and links lead somewhere', () => {
  const patterns = fs.readdirSync(path.join(root, 'patterns'), { withFileTypes: true }).filter((e) => e.isDirectory());
  assert.equal(patterns.length, 13);
  assert.match(page, /the thirteen patterns/);
  for (const file of ['README.md', 'patterns/README.md', 'CONTRIBUTING.md', 'docs/architecture.md']) {
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map((m) => m[1]!);
    const dead = targets.filter((target) => !fs.existsSync(path.join(root, path.dirname(file), target)));
    assert.deepEqual(dead, [], `${file} links to what is not there`);
  }
});
