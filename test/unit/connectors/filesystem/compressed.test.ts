import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import zlib from 'node:zlib';
import { LinePlace } from '../../../../src/connectors/filesystem/line-place.ts';
import { FileSource } from '../../../../src/connectors/filesystem/source.ts';
import { MalformedRecords } from '../../../../src/connectors/malformed-records.ts';
import type { Clock } from '../../../../src/core/clock.ts';
import { INT } from '../../../../src/core/data-type.ts';
import { JsonDecoder } from '../../../../src/formats/json/json-decoder.ts';

let root = '';
let now = 0;
const clock: Clock = { now: () => now, monotonicMs: () => now, sleep: async () => {} };
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-compressed-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const at = (name: string): string => path.join(root, name);
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"v":${from + i}}\n`).join('');
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function open(where = root, monitorMs: number | null = null): FileSource {
  const place = new LinePlace();
  const malformed = new MalformedRecords('t', 'fail', place.of);
  const decoder = new JsonDecoder([{ name: 'v', type: INT }], 64, malformed.handle);
  return new FileSource({ root: where, decoder, malformed, place, clock, monitorMs });
}

async function read(source: FileSource, most = Number.POSITIVE_INFINITY): Promise<number[]> {
  const values: number[] = [];
  for (let idle = 0; values.length < most && idle < 3; ) {
    now += 100;
    const result = await source.poll(64);
    if (result === 'end') break;
    if (result === 'idle') idle++;
    else for (let r = 0; r < result.size; r++) values.push(Number(result.columns[0]!.get(r)));
  }
  return values;
}

const COMPRESSIONS: Readonly<Record<string, (text: string) => Buffer>> = {
  gz: (text) => zlib.gzipSync(text),
  GZIP: (text) => zlib.gzipSync(text),
  deflate: (text) => zlib.deflateSync(text),
  zst: (text) => zlib.zstdCompressSync(text),
  zstd: (text) => zlib.zstdCompressSync(text),
};

for (const [extension, compress] of Object.entries(COMPRESSIONS)) {
  describe(`a file compressed as .${extension}`, () => {
    it('is read, the last line without its end', async () => {
      fs.writeFileSync(at(`a.${extension}`), compress(lines(0, 20_000).trimEnd()));
      assert.deepEqual(await read(open()), numbers(0, 20_000));
    });

    it('continues at a position', async () => {
      fs.writeFileSync(at(`a.${extension}`), compress(lines(0, 20_000)));
      fs.writeFileSync(at('b.jsonl'), lines(20_000, 20_100));
      for (const most of [1, 10_000, 20_000, 20_050]) {
        const first = open();
        const values = await read(first, most);
        const position: unknown = JSON.parse(JSON.stringify(first.position()));
        first.close();
        const second = open();
        second.seek(position);
        assert.deepEqual([...values, ...(await read(second))], numbers(0, 20_100));
      }
    });

    it('that is cut is an error with its name', async () => {
      const whole = compress(lines(0, 20_000));
      fs.writeFileSync(at(`a.${extension}`), whole.subarray(0, whole.length - 6));
      await assert.rejects(read(open()), {
        code: 'CONNECTOR_READ',
        message: new RegExp(`cannot read .*a\\.${extension}: the compressed data ends too early`),
      });
    });

    it('that is damaged is an error with its name', async () => {
      const bytes = compress(lines(0, 20_000));
      bytes.fill(0, 0, 4);
      fs.writeFileSync(at(`a.${extension}`), bytes);
      await assert.rejects(read(open()), {
        code: 'CONNECTOR_READ',
        message: /cannot read .*a\.\w+: it is not \w+ data, or/,
      });
    });

    it('that was replaced between two runs is refused', async () => {
      fs.writeFileSync(at(`a.${extension}`), compress(lines(0, 2000)));
      const source = open();
      await read(source, 100);
      fs.writeFileSync(at(`a.${extension}`), compress(lines(100, 3000)));
      assert.throws(() => open().seek(source.position()), /a\.\w+ was read up to byte 1170 before .* have changed/);
      source.close();
    });

    it('in a followed directory is read once', async () => {
      fs.writeFileSync(at(`a.${extension}`), compress(lines(0, 300)));
      const source = open(root, 100);
      const values = await read(source);
      fs.writeFileSync(at('new'), compress(lines(300, 600)));
      fs.renameSync(at('new'), at(`b.${extension}`));
      values.push(...(await read(source)));
      const again = open(root, 100);
      again.seek(source.position());
      values.push(...(await read(again)), ...(await read(again)));
      assert.deepEqual(values, numbers(0, 600));
      assert.equal(again.pendingBytes(), 0);
    });
  });
}

it('a file of several gzip members is read to the last one', async () => {
  const members = [lines(0, 10), lines(10, 2000), lines(2000, 2003)].map((text) => zlib.gzipSync(text));
  fs.writeFileSync(at('a.jsonl.gz'), Buffer.concat(members));
  assert.deepEqual(await read(open()), numbers(0, 2003));
});

it('an empty file is not a compressed one', async () => {
  fs.writeFileSync(at('a.gz'), '');
  await assert.rejects(read(open()), { message: /a\.gz: the compressed data ends too early/ });
});

for (const [extension, tool] of [
  ['bz2', 'bunzip2'],
  ['xz', 'unxz'],
] as const) {
  it(`.${extension} is refused with what to do`, async () => {
    fs.writeFileSync(at(`a.jsonl.${extension}`), 'x');
    await assert.rejects(async () => read(open()), {
      code: 'CONNECTOR_READ',
      message: new RegExp(`a\\.jsonl\\.${extension} is compressed in a way .* with \`${tool}\``),
    });
  });
}

it('an error in a compressed file names the line of its content', async () => {
  fs.writeFileSync(at('a.gz'), zlib.gzipSync(`${lines(0, 30_000)}{"v":"no"}\n${lines(0, 5)}`));
  await assert.rejects(read(open()), { message: /a\.gz:30001: table t/ });
  const position = { offsets: {}, current: { file: 'a.gz', offset: lines(0, 20_000).length }, malformed: 0 };
  const restored = open();
  restored.seek(position);
  await assert.rejects(read(restored), { message: /a\.gz:30001: table t/ });
});
