import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compile } from '../../../src/compiler/compile.ts';
import { fakeConnectors } from '../../support/fake-connectors.ts';

const mistakes = (text: string, level: string): string[] =>
  compile(text, {
    fileName: 'demo',
    catalog: { tables: new Map(), views: new Map() },
    connectors: fakeConnectors,
    settings: { 'sequitur.sql.level': level },
  }).diagnostics.map((d) => `${d.code} ${text.slice(d.span.start, d.span.end)}`);

const table = (column: string, extra = ''): string =>
  `CREATE TABLE t (id INT, ${column} INT${extra}) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'json'); `;

it('a word that Flink reserves cannot be a name in portable text, but can in extended text or in back quotes', () => {
  for (const [text, word] of [
    [table('large'), 'large'],
    [table('v', ', r ROW<day INT>'), 'day'],
    [`${table('v')}CREATE VIEW w AS SELECT id AS start FROM t;`, 'start'],
    [`${table('v')}CREATE VIEW sum AS SELECT id FROM t;`, 'sum'],
    [`${table('v')}CREATE VIEW w (result) AS SELECT id FROM t;`, 'result'],
  ] as const) {
    assert.deepEqual(mistakes(text, 'portable'), [`SQL_NOT_PORTABLE ${word}`], text);
    assert.deepEqual(mistakes(text, 'extended'), [], text);
    assert.deepEqual(mistakes(text.replace(word, `\`${word}\``), 'portable'), [], text);
  }
});

it('texts that Flink accepts are accepted', () => {
  assert.deepEqual(
    mistakes(`${table('data')}CREATE VIEW w AS SELECT id AS name, data AS amount FROM t;`, 'portable'),
    [],
  );
});
