import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ScanField, type ScanKind, scannerSource } from '../../src/formats/json/scanner-code.ts';

/**
 * Flink once printed texts of SQL into generated Java, so it ran code that a user submitted. Here
 * one module generates code, and its output consists only of these tokens: words of a closed list,
 * one-letter names with a number, numbers, operators. There is no string literal, so no text can be
 * in the code.
 */
const WORDS =
  'const return function let while for switch case if else continue break true false nulls numbers bits starts ends hasNulls count view length getInt32 set ms';
const TOKEN = new RegExp(
  `(?:${WORDS.split(' ').join('|')})(?![A-Za-z0-9_$])|[A-Za-z][0-9]*(?![A-Za-z0-9_$])|\\d+(?![A-Za-z0-9_$.])|[-+*/%=!<>&|?:;,.(){}[\\]]|\\n`,
  'y',
);

function foreignText(source: string): string | null {
  const rest = source.replace(/ /g, '');
  const spaced = source;
  for (let at = 0; at < spaced.length; ) {
    if (spaced[at] === ' ') {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(spaced)?.[0];
    if (token === undefined) return spaced.slice(at, at + 40);
    at += token.length;
  }
  return /\/\/|\/\*/.test(rest) ? 'a comment' : null;
}

const KINDS: readonly ScanKind[] = [
  'skip',
  'long',
  'int',
  'smallint',
  'tinyint',
  'double',
  'boolean',
  'text',
  'timestamp',
  'timestamp-ltz',
  'exact',
];
const EVIL = [
  '"',
  "'",
  '`',
  '\\',
  '\u2028',
  '\u2029',
  '*/',
  '/*',
  '//',
  '$',
  '{',
  '}',
  ');',
  'process.exit()',
  '\0',
  '\n',
  '__proto__',
];

test('the generated code follows a small grammar, for any keys', () => {
  const key = fc.array(fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 5,
  });
  const keyBytes = key.map((parts) => new TextEncoder().encode(parts.join('')));
  const { fields } = fc.letrec<{ fields: ScanField[] }>((tie) => ({
    fields: fc.array(
      fc.oneof(
        { depthIdentifier: 'row', maxDepth: 3 },
        fc.record({ keyBytes, kind: fc.constantFrom(...KINDS) }),
        fc.record({
          keyBytes,
          kind: fc.constant<ScanKind>('decimal'),
          decimal: fc.record({ precision: fc.integer({ min: 1, max: 15 }), scale: fc.nat(15) }),
        }),
        fc.record({ keyBytes, kind: fc.constant<ScanKind>('row'), fields: tie('fields') }),
      ),
      { maxLength: 5, depthIdentifier: 'row' },
    ),
  }));
  fc.assert(
    fc.property(fields, fc.boolean(), (drawn, isStrict) => {
      const source = scannerSource(drawn, isStrict);
      assert.equal(foreignText(source), null);
    }),
    { numRuns: 500 },
  );
});

test('the check would find a text', () => {
  for (const bad of [
    'const a="x";',
    "b[p]!=='x'",
    '`$`',
    'process.exit()',
    'p/*x*/',
    'p//x',
    'constructor',
    'é',
    '\u2028',
  ]) {
    assert.notEqual(foreignText(bad), null, bad);
  }
});

test('no other module makes code from text', () => {
  const root = path.join(import.meta.dirname, '../..');
  for (const folder of ['src', 'grammar']) {
    for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!/\.(ts|js)$/.test(file) || file.endsWith('formats/json/scanner-code.ts')) continue;
      const text = fs.readFileSync(file, 'utf8');
      assert.doesNotMatch(text, /\bnew Function\b|\beval\(|['"]node:vm['"]|\bFunction\(/, path.relative(root, file));
    }
  }
});
