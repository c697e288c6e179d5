import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadCase } from '../../src/service/golden/golden-case.ts';
import { MATRIX, runGoldenCase } from '../../src/service/golden/golden-run.ts';

const NAMES = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', '__defineGetter__'];

/** Writes a row as JSON text, because an object literal would set the prototype. */
const line = (values: readonly unknown[]): string =>
  `{${NAMES.map((name, i) => `${JSON.stringify(name)}:${JSON.stringify(values[i])}`).join(',')}}`;

test('names of Object.prototype are ordinary names of tables, columns, sinks and fields', async (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-names-'));
  t.after(() => fs.rmSync(directory, { recursive: true }));
  for (const folder of ['input', 'expected']) fs.mkdirSync(path.join(directory, folder));
  const columns = NAMES.map((name) => `\`${name}\``);
  fs.writeFileSync(
    path.join(directory, 'query.sql'),
    `CREATE TABLE \`constructor\` (${columns.map((c) => `${c} BIGINT`).join(', ')})
     WITH ('connector' = 'filesystem', 'path' = 'input/constructor.jsonl', 'format' = 'json');
     SELECT ${columns.join(', ')} FROM \`constructor\` WHERE \`__proto__\` > 0;`,
  );
  const rows = [1, 2, 0, 3].map((n) => line(NAMES.map((_, i) => n * 10 + (n === 0 ? 0 : i))));
  // The last row has another order, so that the exact reader reads it, and a name that no column
  // has.
  rows.push(`{"x":{"__proto__":{"y":1}},${rows[1]!.slice(1)}`);
  fs.writeFileSync(path.join(directory, 'input', 'constructor.jsonl'), `${rows.join('\n')}\n`);
  const expected = [rows[0], rows[1], rows[3], rows[1]].map((row) => `{"op":"+I","row":${row}}\n`);
  fs.writeFileSync(path.join(directory, 'expected', 'result.jsonl'), expected.join(''));
  const golden = loadCase(directory);
  assert.ok(golden);
  for (const mode of MATRIX.filter((m) => m.backend === 'memory')) {
    const { failure } = await runGoldenCase(golden, mode);
    assert.equal(failure, null, mode.name);
  }
  assert.equal(({} as { y?: number }).y, undefined);
});
