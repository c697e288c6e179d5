/** Lines that are small to send and large to read. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { INT } from '../../src/core/data-type.ts';
import { JsonDecoder } from '../../src/formats/json/json-decoder.ts';

const NOTHING_MALFORMED = (reason: string): never => assert.fail(reason);

/** The values of column `v`, and the greatest growth of memory in bytes. */
function read(text: string): { values: unknown[]; grownBytes: number } {
  const buffer = Buffer.from(text);
  const decoder = new JsonDecoder([{ name: 'v', type: INT }], 100, NOTHING_MALFORMED);
  const before = process.memoryUsage().rss;
  const values: unknown[] = [];
  for (let at = 0; at < buffer.length; ) {
    const { batch, next } = decoder.decode(buffer, at, buffer.length, 100);
    for (let row = 0; row < batch.size; row++) values.push(batch.columns[0]!.get(row));
    at = next;
  }
  return { values, grownBytes: process.memoryUsage().rss - before };
}

describe('a line', () => {
  it('with 400,000 keys is read without a scanner of its own', { timeout: 120_000 }, () => {
    const keys = Array.from({ length: 400_000 }, (_, i) => `"k${i}":${i}`).join(',');
    const { values, grownBytes } = read(`{"v":1,${keys}}\n{"v":2}\n{"v":3}\n`);
    assert.deepEqual(values, [1, 2, 3]);
    assert.ok(grownBytes < 600 << 20, `${grownBytes} bytes`);
  });

  it('with 1,500 keys is read by a scanner', () => {
    const line = (v: number): string =>
      `{"v":${v},${Array.from({ length: 1500 }, (_, i) => `"k${i}":${i}`).join(',')}}\n`;
    assert.deepEqual(read([1, 2, 3].map(line).join('')).values, [1, 2, 3]);
  });
});
