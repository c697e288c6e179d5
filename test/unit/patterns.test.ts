/**
 * Tests properties of the shipped patterns other than their rows, which test/golden/sql.test.ts
 * compares.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { madeInputs } from '../../scripts/generate-pattern-inputs.ts';
import { compile } from '../../src/compiler/compile.ts';
import { formatDiagnostics } from '../../src/compiler/format-diagnostic.ts';
import { connectorCatalog } from '../../src/connectors/connector-registry.ts';

const patterns = path.join(import.meta.dirname, '../../patterns');
const names = fs
  .readdirSync(patterns, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name);
const read = (...parts: string[]): string => fs.readFileSync(path.join(patterns, ...parts), 'utf8');

/** These patterns use features that Flink SQL does not have. */
const EXTENDED = ['abandoned-checkouts', 'silent-parcels'];

it('the patterns are portable but for two, without a warning', () => {
  for (const name of names) {
    const extended = EXTENDED.includes(name);
    const text = read(name, 'pattern.sql');
    const { diagnostics, statements, extensions } = compile(text, {
      fileName: 'pattern',
      catalog: { tables: new Map(), views: new Map() },
      connectors: connectorCatalog,
      settings: { 'sequitur.sql.level': extended ? 'extended' : 'portable' },
    });
    if (extended) assert.ok(extensions.length > 0, name);
    assert.equal(formatDiagnostics(diagnostics, text, { file: name }), '');
    assert.equal(statements.filter((s) => s.kind === 'job').length, 1, name);
  }
});

it('each pattern begins with a description, has at least five rows of output, and is listed', () => {
  const list = read('README.md');
  for (const name of names) {
    assert.match(read(name, 'pattern.sql'), /^-- [A-Z]/);
    assert.match(read(name, 'README.md'), /^# .*\n\n[\s\S]*## Data\n/);
    const [expected] = fs.readdirSync(path.join(patterns, name, 'expected'));
    assert.ok(read(name, 'expected', expected!).split('\n').length > 5, name);
    assert.ok(list.includes(`[${name}](${name})`), `${name} is not in patterns/README.md`);
  }
});

it('generated inputs are the output of scripts/generate-pattern-inputs.ts', () => {
  const made = madeInputs();
  assert.equal(made.size, 10);
  for (const [file, text] of made) assert.ok(read(file) === text, `${file} is stale`);
});
