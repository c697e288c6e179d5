/**
 * Checks that comments in code and prose in documentation are at most 100 columns wide. Code may
 * have 120 columns, which the formatter checks. Tables, code blocks, links and generated pages are
 * excepted.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const COLUMNS = 100;
const GENERATED = new Set([
  'grammar/cst-types.ts',
  'grammar/decision-table.ts',
  'docs/errors.md',
  'docs/configuration.md',
  'docs/cli.md',
  'docs/regular-expressions.md',
]);
const LEFT_OUT = ['node_modules', 'dist', 'test/golden', 'test/restore'];

const root = path.join(import.meta.dirname, '..');

/**
 * Returns whether a line of a comment is prose: it is no table row, no indented code block, and no
 * directive of a tool.
 */
const COMMENT = /^\s*(?:\/\/|(?:#|--)(?= )|\/?\*+(?!\/))(?! {4,})(?!\s*\|)(?!\s*biome-ignore)(?!\s*oxlint)/;
/**
 * Returns whether a line cannot be broken, because it is a link or a single word after its indent.
 */
const UNBREAKABLE = /^\s*(?:\/\/|\*|-)?\s*(?:\S+|.*\]\([^)]*\)\S*)$/;

function tooWide(file: string): string[] {
  const lines = fs.readFileSync(path.join(root, file), 'utf8').split('\n');
  const prose = file.endsWith('.md') ? proseOf(lines) : lines.map((line) => (COMMENT.test(line) ? line : ''));
  return prose.flatMap((line, i) =>
    [...line].length > COLUMNS && !UNBREAKABLE.test(line) ? [`${file}:${i + 1}: ${line}`] : [],
  );
}

/** Returns the lines of a page. The lines of code blocks and tables are empty. */
function proseOf(lines: readonly string[]): string[] {
  let code = false;
  return lines.map((line) => {
    if (line.trimStart().startsWith('```')) code = !code;
    return code || /^(\s*\||\s{4,}\S|\s*```)/.test(line) ? '' : line;
  });
}

function filesBelow(folder: string): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.name.startsWith('.') || LEFT_OUT.includes(file)) return [];
    if (entry.isDirectory()) return filesBelow(file);
    return /\.(ts|js|md|sql|ya?ml|sh)$/.test(entry.name) ? [file] : [];
  });
}

describe('line width', () => {
  it(`keeps comments and prose within ${COLUMNS} columns`, () => {
    const files = filesBelow('').filter((file) => !GENERATED.has(file));
    assert.ok(files.length > 500, `${files.length} files found`);
    assert.deepEqual(files.flatMap(tooWide), []);
  });
});
