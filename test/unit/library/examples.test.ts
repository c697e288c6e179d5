/**
 * Runs the examples of docs/library.md, and those in the docstrings of the library, as programs.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

const root = path.join(import.meta.dirname, '../../..');
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-examples-'));
after(() => fs.rmSync(directory, { recursive: true }));

/** The lines that a docstring's example omits. */
const AROUND = `import { compileProgram, InputTable, run } from 'sequitur';
const sql = "CREATE TABLE payments (card STRING, amount DOUBLE) WITH ('connector' = 'datagen'); SELECT card FROM payments;";
const rows = [{ card: '4711', amount: 1.2 }];
`;

function runProgram(text: string): string {
  const file = path.join(directory, 'example.ts');
  const library = pathToFileURL(path.join(root, 'src/index.ts')).href;
  fs.writeFileSync(file, text.replaceAll("'sequitur'", `'${library}'`));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: directory, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

const page = fs.readFileSync(path.join(root, 'docs/library.md'), 'utf8');
const blocks = [...page.matchAll(/## ([^\n]+)\n(?:(?!\n## )[\s\S])*?```ts\n([\s\S]*?)```/g)];

/** The output of each program of the page. */
const PRINTED: readonly RegExp[] = [
  /^4711 1899\n$/,
  /\+I \{ page: 'home', many: 1 \}[\s\S]*\+U \{ page: 'home', many: 2 \}/,
  /^error 1 22 .*nowhere/,
  /^$/,
  /window_start: '2026-11-02 09:00:00', many: 1/,
];

describe('examples of the library', () => {
  it('are all known', () => assert.equal(blocks.length, PRINTED.length));
  for (const [i, [, title, text]] of blocks.entries())
    it(`docs/library.md: ${title}`, () => assert.match(runProgram(text!), PRINTED[i]!));

  const docstrings = fs
    .readdirSync(path.join(root, 'src/library'))
    .flatMap((name) =>
      [...fs.readFileSync(path.join(root, 'src/library', name), 'utf8').matchAll(/@example\n([\s\S]*?)\*\//g)].map(
        (found) => ({ name, text: found[1]!.replace(/^ *\* ?/gm, '') }),
      ),
    );
  it('are found in docstrings', () => assert.ok(docstrings.length >= 3, `${docstrings.length} examples`));
  for (const { name, text } of docstrings)
    it(`src/library/${name}`, () => void runProgram(`${AROUND}${text.replace(/^import .*$/gm, '')}`));
});
