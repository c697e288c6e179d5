/** A batch is bounded by bytes as well as by rows: it has one block, or one line that is longer. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, it } from 'node:test';
import { LinePlace } from '../../../../src/connectors/filesystem/line-place.ts';
import { FileSource } from '../../../../src/connectors/filesystem/source.ts';
import { MalformedRecords } from '../../../../src/connectors/malformed-records.ts';
import type { Clock } from '../../../../src/core/clock.ts';
import { type Field, INT, STRING } from '../../../../src/core/data-type.ts';
import { findFormat } from '../../../../src/formats/format-registry.ts';

const MB = 1 << 20;
const FIELDS: readonly Field[] = [
  { name: 'n', type: INT },
  { name: 'text', type: STRING },
];
let directory = '';
let now = 0;
const clock: Clock = { now: () => now, monotonicMs: () => now, sleep: async () => {} };
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-large-lines-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

function open(format: 'json' | 'csv', monitorMs: number | null): FileSource {
  const place = new LinePlace();
  const malformed = new MalformedRecords('t', 'fail', place.of);
  const scan = { fields: FIELDS, physical: FIELDS.map(({ name }) => name) };
  const decoder = findFormat(format)!.decoder!({}, scan, 4096, malformed.handle);
  return new FileSource({ root: directory, decoder, malformed, place, clock, monitorMs });
}

for (const format of ['json', 'csv'] as const) {
  for (const monitorMs of [null, 100]) {
    const title = `${format}, ${monitorMs === null ? 'bounded' : 'followed'}`;

    it(`${title}: a batch has no more bytes than a block and the longest line`, () => {
      const lengths = [5 * MB, 10, 5 * MB, 1.5 * MB, ...Array<number>(3000).fill(2000), 5 * MB, 300_000, 300_000];
      const line = (n: number, length: number): string =>
        format === 'json' ? `{"n":${n},"text":"${'x'.repeat(length)}"}\n` : `${n},${'x'.repeat(length)}\n`;
      const file = path.join(directory, `rows.${format}`);
      for (const [n, length] of lengths.entries()) fs.appendFileSync(file, line(n, length));
      const source = open(format, monitorMs);
      let rows = 0;
      let most = 0;
      for (;;) {
        now += 50;
        const batch = source.poll(4096);
        assert.ok(!(batch instanceof Promise));
        if (typeof batch === 'string') break;
        let bytes = 0;
        for (let row = 0; row < batch.size; row++) {
          assert.equal(batch.columns[0]!.get(row), rows);
          const text = batch.columns[1]!.get(row) as string;
          assert.equal(text.length, lengths[rows++]);
          bytes += text.length;
        }
        most = Math.max(most, bytes);
      }
      assert.equal(rows, lengths.length);
      assert.ok(most <= 6 * MB, `${most} bytes in a batch`);
      source.close();
    });
  }
}
