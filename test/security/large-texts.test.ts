/**
 * Texts that are small to send and large to compile. Each is refused with its place, in a time that
 * grows with its size. The time-outs are far above that time; without the bounds the compiler needs
 * minutes or gigabytes.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../../src/compiler/compile.ts';
import type { CompileResult } from '../../src/compiler/compile-result.ts';
import { locate } from '../../src/core/located-diagnostic.ts';
import { fakeConnectors } from '../support/fake-connectors.ts';

const LIMIT = { timeout: 60_000 };
const LISTED_MAX = 100;

function compileText(text: string): CompileResult {
  return compile(text, {
    fileName: 'large',
    catalog: { tables: new Map(), views: new Map() },
    connectors: fakeConnectors,
    settings: {},
  });
}

const errors = ({ diagnostics }: CompileResult) => diagnostics.filter(({ severity }) => severity === 'error');

const TABLE = `CREATE TABLE t (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');\n`;

const pattern = (text: string): string => `${TABLE}SELECT * FROM t MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts MEASURES B.v AS v PATTERN (${text}) DEFINE A AS A.v > 1, B AS B.v > 2);`;

describe('a large text', () => {
  for (const text of ['A{10000000} B', 'A{1,1000000} B', '(A{2000}){2000} B']) {
    it(`pattern ${text}`, LIMIT, () => {
      const source = pattern(text);
      const [first] = errors(compileText(source));
      assert.match(first!.message, /steps when its repeats are written out, and at most 20000 are possible/);
      assert.equal(source.slice(first!.span.start, first!.span.end), text);
    });
  }

  it('of 15,000 statements with a mistake each lists some and counts the others', LIMIT, () => {
    const text = 'SELECT zz FROM q;\n'.repeat(14_500);
    const found = locate(compileText(text).diagnostics, text, 'large');
    assert.equal(found.length, LISTED_MAX + 1);
    assert.deepEqual([found[0]!.line, found[LISTED_MAX - 1]!.line], [1, LISTED_MAX]);
    assert.equal(found.at(-1)!.message, 'from here on, 14400 more errors are not listed');
    assert.equal(found.at(-1)!.line, LISTED_MAX + 1);
  });

  it('with 3,500 misspelt columns over 3,000 columns', LIMIT, () => {
    const columns = Array.from({ length: 3000 }, (_, i) => `measurement_${i}_of_sensor INT`).join(', ');
    const written = Array.from({ length: 3500 }, (_, i) => `measurment_${i}_of_senzor`).join(', ');
    const result = compileText(
      `CREATE TABLE w (${columns}) WITH ('connector' = 'filesystem', 'path' = 'w', 'format' = 'json');\nSELECT ${written} FROM w;`,
    );
    assert.equal(errors(result).length, LISTED_MAX + 1);
    assert.match(errors(result)[0]!.hint!, /did you mean `measurement_0_of_sensor`/);
  });

  it('with a name of 100,000 letters gets no suggestion', LIMIT, () => {
    const [first] = errors(compileText(`${TABLE}SELECT ${'x'.repeat(100_000)} FROM t;`));
    assert.equal(first!.code, 'SQL_UNKNOWN_COLUMN');
  });

  it('with 8,000 statements that use an extension', LIMIT, () => {
    const text = `${TABLE}${'SELECT k FROM t LIMIT 1;\n'.repeat(8000)}`;
    assert.deepEqual(errors(compileText(text)), []);
  });
});
