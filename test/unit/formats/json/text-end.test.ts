import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textEnd } from '../../../../src/formats/json/text-end.ts';

const isEnd = (byte: number): boolean => byte === 34 || byte === 92 || byte < 32;
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

test('every pair of bytes at every place of a word', () => {
  for (let at = 0; at < 6; at++) {
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        const bytes = new Uint8Array(9).fill(97);
        bytes[at] = first;
        bytes[at + 1] = second;
        const expected = bytes.findIndex(isEnd);
        assert.equal(textEnd(bytes, viewOf(bytes), 0), expected < 0 ? bytes.length : expected);
      }
    }
  }
});

test('every start and length, in a part of a larger buffer', () => {
  const whole = new Uint8Array(32).fill(34);
  for (let length = 0; length < 12; length++) {
    const bytes = whole.subarray(3, 3 + length).fill(0xc3);
    for (let from = 0; from <= length; from++) {
      assert.equal(textEnd(bytes, viewOf(bytes), from), length);
      for (let at = from; at < length; at++) {
        bytes[at] = 10;
        assert.equal(textEnd(bytes, viewOf(bytes), from), at);
        bytes[at] = 0xc3;
      }
    }
  }
});
