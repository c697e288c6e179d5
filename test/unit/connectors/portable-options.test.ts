import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compileProgram } from '../../../src/index.ts';

const FILES = "'connector' = 'filesystem', 'path' = 'rows.jsonl', 'format' = 'json'";

for (const [what, options] of [
  ["option 'seed'", "'connector' = 'datagen', 'seed' = '7'"],
  ["option 'source.split-by'", `${FILES}, 'source.split-by' = 'file'`],
  ["option 'dead-letter.path'", `${FILES}, 'dead-letter.path' = 'bad.jsonl'`],
  ['standard input', "'connector' = 'filesystem', 'path' = '-', 'format' = 'json'"],
] as const) {
  it(`${what} is an extension, since Flink does not have it`, () => {
    const text = `CREATE TABLE t (n INT) WITH (${options}); SELECT n FROM t;`;
    assert.deepEqual(
      compileProgram(text).extensions.map((extension) => extension.what),
      [what],
    );
    const portable = compileProgram(text, { settings: { 'sequitur.sql.level': 'portable' } });
    assert.ok(!portable.ok && portable.diagnostics.some(({ code }) => code === 'SQL_NOT_PORTABLE'));
  });
}
