import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { compile } from '../../src/compiler/compile.ts';
import type { CompileResult } from '../../src/compiler/compile-result.ts';
import { formatDiagnostics, maskSecrets } from '../../src/compiler/format-diagnostic.ts';
import { ERROR_CODES } from '../../src/core/error-codes.ts';
import { fakeConnectors } from '../support/fake-connectors.ts';

/**
 * Tests the messages of mistakes. Each folder contains query.sql and the message that the user
 * sees, expected.txt. UPDATE=1 writes the expected texts. Read the difference before you commit it.
 * A first line `-- level: portable` compiles at that level.
 */
const ROOT = join(import.meta.dirname, 'errors');

function check(text: string): CompileResult {
  const level = /^-- level: (\w+)/.exec(text)?.[1];
  const settings: Record<string, string> = level === undefined ? {} : { 'sequitur.sql.level': level };
  return compile(text, { fileName: 'query', catalog: { tables: new Map(), views: new Map() }, connectors: fakeConnectors, settings });
}

describe('messages of mistakes', () => {
  const seen = new Set<string>();
  for (const name of readdirSync(ROOT).sort()) {
    it(name, () => {
      const text = readFileSync(join(ROOT, name, 'query.sql'), 'utf8');
      const { diagnostics, secrets } = check(text);
      for (const diagnostic of diagnostics) seen.add(diagnostic.code);
      const printed = `${formatDiagnostics(diagnostics, maskSecrets(text, secrets), { file: 'query.sql' })}\n`;
      const file = join(ROOT, name, 'expected.txt');
      if (process.env['UPDATE'] === '1') writeFileSync(file, printed);
      assert.ok(existsSync(file), `${file} is missing; UPDATE=1 writes it`);
      assert.equal(printed, readFileSync(file, 'utf8'));
      assert.ok(diagnostics.length > 0, 'the query has no mistake');
    });
  }

  it('covers every code that the compiler can give', () => {
    const others = new Set(['CONFIG_USAGE', 'CONFIG_NODE_VERSION', 'CONFIG_PROCESS_LIMIT', 'SQL_IN_USE']);
    const codes = Object.keys(ERROR_CODES).filter((code) => /^(SQL|CONFIG)_/.test(code) && !others.has(code));
    assert.deepEqual(codes.filter((code) => !seen.has(code)), []);
  });
});

describe('limits', () => {
  it('finds the bracket that is nested too deeply among 5,000', () => {
    const text = `SELECT\n${'('.repeat(5000)}1${')'.repeat(5000)} FROM t`;
    const { diagnostics } = check(text);
    assert.equal(
      formatDiagnostics(diagnostics, text, { file: 'query.sql' }).split('\n')[0],
      'query.sql:2:201: error[SQL_LIMIT]: nested deeper than 200 levels',
    );
  });

  it('says so where queries, calls, CASE, NOT, signs and types are nested 5,000 deep', () => {
    const deep: Record<string, string> = {
      queries: `SELECT * FROM ${'(SELECT * FROM '.repeat(5000)}t${')'.repeat(5000)}`,
      calls: `SELECT ${'ABS('.repeat(5000)}1${')'.repeat(5000)} FROM t`,
      cases: `SELECT ${'CASE WHEN TRUE THEN '.repeat(5000)}1${' END'.repeat(5000)} FROM t`,
      not: `SELECT ${'NOT '.repeat(5000)}TRUE FROM t`,
      signs: `SELECT ${'- '.repeat(5000)}1 FROM t`,
      types: `SELECT CAST(NULL AS ${'ARRAY<'.repeat(5000)}INT${'>'.repeat(5000)}) FROM t`,
      sums: `SELECT ${'1 + '.repeat(5000)}1 FROM t`,
      items: `SELECT a${'[1]'.repeat(5000)} FROM t`,
    };
    for (const [name, text] of Object.entries(deep)) {
      const codes = check(text).diagnostics.map((diagnostic) => diagnostic.code);
      assert.ok(codes.includes('SQL_LIMIT') || codes.includes('SQL_UNKNOWN_TABLE'), `${name}: ${codes.join()}`);
    }
  });

  it('does not exhaust the stack at 150 levels of anything', () => {
    const nested: string[] = [
      `SELECT * FROM ${'(SELECT * FROM '.repeat(150)}t${')'.repeat(150)}`,
      `SELECT ${'ABS('.repeat(150)}1${')'.repeat(150)} FROM t`,
      `SELECT ${'CASE WHEN TRUE THEN '.repeat(150)}1${' END'.repeat(150)} FROM t`,
    ];
    for (const text of nested) assert.doesNotThrow(() => check(text));
  });

  it('refuses a text of 1 MB', () => {
    const text = `-- ${'x'.repeat(1024 * 1024)}`;
    const [diagnostic] = check(text).diagnostics;
    assert.equal(diagnostic?.code, 'SQL_LIMIT');
    assert.equal(diagnostic.message, 'the text has 1048579 bytes, at most 262144 are accepted');
  });

  it('refuses more than 20,000 expressions', () => {
    const text = `SELECT ${Array.from({ length: 20_100 }, () => '1').join(',')} FROM t`;
    assert.ok(check(text).diagnostics.some((diagnostic) => diagnostic.code === 'SQL_LIMIT'));
  });
});
