import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { skipJson, skipMember } from '../../../../src/formats/json/skip-json.ts';

const skipped = (text: string): number => skipJson(Buffer.from(`${text}\n`), 0);
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('skipping a JSON value by its bytes', () => {
  it('reaches the end of any document', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('', ' '), (value, blank) => {
        const text = JSON.stringify(value).replaceAll(/(?<=[[{,:])(?=["[{0-9])/g, blank);
        assert.equal(skipped(text), isJson(text) ? Buffer.byteLength(text) : -1);
      }),
    );
  });

  it('never takes a malformed value for a value', () => {
    const piece = fc.constantFrom(...'{}[],:"\\ 01-.eE+', '"a"', '"k":', 'null', 'true', 'fals', '12', '\\u00e4', '\t');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const end = skipped(text);
        if (end >= 0) assert.ok(isJson(text.slice(0, end)), text);
      }),
      { numRuns: 20_000 },
    );
  });

  it('leaves rare forms to the exact reader', () => {
    for (const text of ['"\t"', '[\t1]']) assert.equal(skipped(text), -1);
    assert.equal(skipped('['.repeat(32) + ']'.repeat(32)), -1);
    assert.equal(skipped('['.repeat(31) + ']'.repeat(31)), 62);
  });

  it('skips a key and its value', () => {
    assert.equal(skipMember(Buffer.from('"a" : [1]\n'), 0), 9);
    assert.equal(skipMember(Buffer.from('"a" 1\n'), 0), -1);
    assert.equal(skipMember(Buffer.from('1:1\n'), 0), -1);
  });
});
