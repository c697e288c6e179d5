import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { scan } from '../../../grammar/scanner.ts';
import { splitStatements } from '../../../grammar/split-statements.ts';

const images = (text: string): string[] => scan(text).tokens.map((token) => token.image);

describe('scanner', () => {
  it('drops comments and white space, keeps hints', () => {
    assert.deepEqual(images('a -- b\n/* c\n*/ d /*+ e */ f--'), ['a', 'd', '/*+ e */', 'f']);
  });

  it('reads quotes that are doubled inside', () => {
    assert.deepEqual(images("'it''s' `a``b` ''"), ["'it''s'", '`a``b`', "''"]);
  });

  it('tells numbers apart', () => {
    const names = scan('1 1.5 .5 1. 1E0 2.345e-3').tokens.map((token) => token.tokenType.name);
    assert.deepEqual(names, [
      'IntegerLiteral',
      'DecimalLiteral',
      'DecimalLiteral',
      'DecimalLiteral',
      'ApproximateLiteral',
      'ApproximateLiteral',
    ]);
  });

  it('finds keywords in any case, and names in any script', () => {
    assert.deepEqual(
      scan('select Größe `select`').tokens.map((token) => token.tokenType.name),
      ['SELECT', 'Identifier', 'QuotedIdentifier'],
    );
  });

  it('covers the text: tokens never overlap, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        let end = -1;
        for (const token of scan(text).tokens) {
          assert.equal(text.slice(token.startOffset, token.endOffset! + 1), token.image);
          assert.ok(token.startOffset > end);
          end = token.endOffset!;
        }
      }),
    );
  });
});

describe('splitStatements', () => {
  const split = (text: string) =>
    splitStatements(scan(text).tokens, text.length).units.map((unit) =>
      unit.kind === 'single'
        ? text.slice(unit.statement.span.start, unit.statement.span.end)
        : unit.statements.map(({ span }) => text.slice(span.start, span.end)),
    );

  it('splits at semicolons, also without the last one', () => {
    assert.deepEqual(split("a; b ';' c;; d"), ['a', "b ';' c", 'd']);
  });

  it('keeps statement sets together, CASE … END inside', () => {
    assert.deepEqual(split('EXECUTE STATEMENT SET BEGIN a CASE b END c; d; END; e'), [['a CASE b END c', 'd'], 'e']);
    assert.deepEqual(split('BEGIN STATEMENT SET; a; b; END; c'), [['a', 'b'], 'c']);
    assert.deepEqual(split('EXPLAIN STATEMENT SET BEGIN a; END'), [['a']]);
  });
});
