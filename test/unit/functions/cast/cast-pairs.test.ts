/** Compares the casts that the level portable accepts with those that Flink accepts (recorded). */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compileProgram } from '../../../../src/index.ts';

const TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT: 'INT',
  BIGINT: 'BIGINT',
  DECIMAL: 'DECIMAL(10, 2)',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  CHAR: 'CHAR(3)',
  STRING: 'STRING',
  BINARY: 'BINARY(3)',
  BYTES: 'BYTES',
  DATE: 'DATE',
  TIME: 'TIME(0)',
  TIMESTAMP: 'TIMESTAMP(3)',
  TIMESTAMP_LTZ: 'TIMESTAMP_LTZ(3)',
  ARRAY: 'ARRAY<INT>',
  MAP: 'MAP<STRING, INT>',
  MULTISET: 'MULTISET<STRING>',
  ROW: 'ROW<a INT>',
};

const NUMBERS = 'TINYINT SMALLINT INT BIGINT DECIMAL FLOAT DOUBLE BOOLEAN';
const TIMES = 'DATE TIME TIMESTAMP TIMESTAMP_LTZ';

/** The results of casts beside CHAR and STRING, which every type can become. */
const RECORDED: Readonly<Record<string, string>> = {
  BOOLEAN: NUMBERS,
  TINYINT: NUMBERS,
  SMALLINT: NUMBERS,
  INT: NUMBERS,
  BIGINT: NUMBERS,
  DECIMAL: NUMBERS,
  FLOAT: NUMBERS,
  DOUBLE: NUMBERS,
  CHAR: `${NUMBERS} BINARY BYTES ${TIMES}`,
  STRING: `${NUMBERS} BINARY BYTES ${TIMES}`,
  BINARY: 'BINARY BYTES',
  BYTES: 'BINARY BYTES',
  DATE: 'DATE TIMESTAMP TIMESTAMP_LTZ',
  TIME: 'TIME TIMESTAMP TIMESTAMP_LTZ',
  TIMESTAMP: TIMES,
  TIMESTAMP_LTZ: TIMES,
  ARRAY: 'ARRAY',
  MAP: 'MAP',
  MULTISET: 'MULTISET',
  ROW: 'ROW',
  "INTERVAL '90' MINUTE": '',
  "INTERVAL '1 02:03:04' DAY TO SECOND": '',
  "INTERVAL '3' MONTH": '',
  "INTERVAL '1-6' YEAR TO MONTH": '',
};

for (const [from, results] of Object.entries(RECORDED)) {
  it(`casts ${from} to the types that Flink casts it to`, () => {
    const type = TYPES[from];
    const table = `CREATE TABLE t (c ${type ?? 'INT'}) WITH ('connector' = 'datagen');`;
    const accepted = Object.entries(TYPES).filter(([, to]) => {
      const cast = `CAST(${type === undefined ? from : 'c'} AS ${to})`;
      return compileProgram(`${table} SELECT ${cast} AS r FROM t;`, {
        settings: { 'sequitur.sql.level': 'portable' },
      }).ok;
    });
    const expected = [...results.split(' ').filter((name) => name !== ''), 'CHAR', 'STRING'];
    assert.deepEqual(accepted.map(([name]) => name).sort(), expected.sort());
  });
}
