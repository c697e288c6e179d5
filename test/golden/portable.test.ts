/**
 * Tests that the level `portable` refuses every text that Flink refuses. Faults of the data are not
 * part of a text.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog } from '../../src/connectors/connector-registry.ts';
import { findCases } from '../../src/service/golden/golden-case.ts';

it('the level portable refuses what Flink refuses', () => {
  const refused = findCases([path.join(import.meta.dirname, 'sql'), path.join(import.meta.dirname, 'cep')]).filter(
    ({ error }) => error !== null && error.stage !== 'run',
  );
  assert.ok(refused.length > 40, `${refused.length} cases`);
  const accepted = refused.filter(({ sqlFile }) => {
    const { diagnostics } = compile(fs.readFileSync(sqlFile, 'utf8'), {
      fileName: 'query',
      catalog: { tables: new Map(), views: new Map() },
      connectors: connectorCatalog,
      settings: { 'sequitur.sql.level': 'portable' },
    });
    return !diagnostics.some(({ severity }) => severity === 'error');
  });
  assert.deepEqual(
    accepted.map(({ name }) => name),
    [],
  );
});
