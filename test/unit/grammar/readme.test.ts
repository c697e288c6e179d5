import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { compile } from '../../../src/compiler/compile.ts';
import { formatDiagnostics } from '../../../src/compiler/format-diagnostic.ts';
import { fakeConnectors } from '../../support/fake-connectors.ts';

it('the examples of the language page compile', () => {
  const page = readFileSync(new URL('../../../grammar/README.md', import.meta.url), 'utf8');
  const text = [...page.matchAll(/```sql\n(.*?)```/gs)].map((found) => found[1]).join('\n');
  const { diagnostics, statements } = compile(text, {
    fileName: 'demo',
    catalog: { tables: new Map(), views: new Map() },
    connectors: fakeConnectors,
    settings: {},
  });
  assert.equal(formatDiagnostics(diagnostics, text, { file: 'README.md' }), '');
  assert.equal(statements.length, 23);
});
