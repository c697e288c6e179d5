import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BytesVector, ConstantVector, ObjectVector, type Vector } from '../../../../src/batch/vector.ts';
import { splitIndex, splitIndexVector } from '../../../../src/functions/text/split-index.ts';
import { SeededRandom } from '../../../fuzz/seeded-random.ts';

const random = new SeededRandom(20261130);
const CHARACTERS = ['a', '/', '/', ',', 'é', '😀', ' '];

/** Makes a vector of the texts as slices of one buffer, with malformed bytes between them. */
function bytesOf(texts: readonly (string | null)[]): BytesVector {
  const starts = new Int32Array(texts.length);
  const ends = new Int32Array(texts.length);
  const nulls = new Uint8Array(texts.length);
  const parts: Buffer[] = [];
  let at = 0;
  for (const [i, text] of texts.entries()) {
    const part = Buffer.from(text ?? '');
    if (text === null) nulls[i] = 1;
    starts[i] = at;
    ends[i] = at + part.length;
    parts.push(part, Buffer.from([0xff]));
    at += part.length + 1;
  }
  return new BytesVector(Buffer.concat(parts), starts, ends, nulls);
}

function expectSame(texts: readonly (string | null)[], separator: Vector, index: Vector): void {
  const rows = Int32Array.from(texts.keys()).filter((i) => i % 3 !== 1);
  for (const column of [bytesOf(texts), new ObjectVector([...texts])]) {
    for (const chosen of [null, rows]) {
      const count = chosen?.length ?? texts.length;
      const result = splitIndexVector([column, separator, index], chosen, count, texts.length);
      for (const i of chosen ?? texts.keys()) {
        const args = [texts[i]!, separator.get(i) as string | number | null, index.get(i) as number | null] as const;
        const expected = args.includes(null) ? null : splitIndex(...(args as readonly [string, string, number]));
        assert.equal(result.get(i), expected, JSON.stringify(args));
        assert.equal(result.isNull(i), expected === null, JSON.stringify(args));
      }
    }
  }
}

test('SPLIT_INDEX over columns equals SPLIT_INDEX of each text', () => {
  for (let round = 0; round < 200; round++) {
    const texts = Array.from({ length: 20 }, () =>
      random.chance(0.1) ? null : Array.from({ length: random.below(12) }, () => random.oneOf(CHARACTERS)).join(''),
    );
    for (const separator of ['/', ',', 47, 'é', 233, '//', '', null]) {
      for (const index of [-1, 0, 1, 3, null])
        expectSame(texts, new ConstantVector(separator), new ConstantVector(index));
    }
    const separators = texts.map(() => random.oneOf(['/', ',', null]));
    const indexes = texts.map(() => random.oneOf([0, 1, 2, null]));
    expectSame(texts, new ObjectVector(separators), new ObjectVector(indexes));
  }
});

test('the parts of malformed texts are the same as those of the decoded text', () => {
  const bytes = Buffer.from([0x61, 0xe2, 0x82, 0x2f, 0x80, 0x2f, 0xf0, 0x9f]);
  const text = bytes.toString();
  const column = new BytesVector(bytes, Int32Array.of(0), Int32Array.of(bytes.length));
  for (const index of [0, 1, 2, 3]) {
    const result = splitIndexVector([column, new ConstantVector('/'), new ConstantVector(index)], null, 1, 1);
    assert.equal(result.get(0), splitIndex(text, '/', index));
  }
});
