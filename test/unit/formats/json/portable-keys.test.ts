import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../../src/compiler/compile.ts';
import { connectorCatalog } from '../../../../src/connectors/connector-registry.ts';

/** Returns the errors of a table with this column, at the level portable. */
function errorsOf(type: string, format = 'json'): string[] {
  const options = `'connector' = 'filesystem', 'path' = 't', 'format' = '${format}'`;
  const { diagnostics } = compile(`CREATE TABLE t (m ${type}) WITH (${options});`, {
    fileName: 'query',
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: { 'sequitur.sql.level': 'portable' },
  });
  return diagnostics.flatMap(({ severity, message }) => (severity === 'error' ? [message] : []));
}

// Flink: "JSON format doesn't support non-string as key type of map" (recorded).
test('the level portable refuses a JSON column with keys that are not texts', () => {
  for (const type of [
    'MAP<INT, STRING>',
    'MULTISET<INT>',
    'ARRAY<MAP<INT, STRING>>',
    'ROW<a INT, m MAP<DATE, INT>>',
    'MAP<STRING, MAP<BOOLEAN, INT>>',
  ])
    assert.match(errorsOf(type).join(), /Flink .*a JSON column with keys that are not texts \(`m`\)/, type);
});

test('keys that are texts are portable', () => {
  for (const type of ['MAP<STRING, INT>', 'MAP<VARCHAR(3), MAP<CHAR(1), INT>>', 'MULTISET<STRING>', 'ARRAY<INT>'])
    assert.deepEqual(errorsOf(type), [], type);
});
