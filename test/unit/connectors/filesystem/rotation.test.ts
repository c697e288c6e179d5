import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { listFiles } from '../../../../src/connectors/filesystem/file-list.ts';
import { FileSplits } from '../../../../src/connectors/filesystem/file-splits.ts';
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
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-rotation-'));
  now = 0;
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const at = (name: string): string => path.join(root, name);
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"v":${from + i}}\n`).join('');
const put = (name: string, text: string): void => fs.appendFileSync(at(name), text);

function open(monitorMs: number | null, where: string, split?: string): FileSource {
  const place = new LinePlace();
  const malformed = new MalformedRecords('t', 'skip', place.of);
  const decoder = new JsonDecoder([{ name: 'v', type: INT }], 3, malformed.handle);
  const options = { root: where, decoder, malformed, place, clock, monitorMs };
  return new FileSource(split === undefined ? options : { ...options, split });
}

/** Reads values until the source has been idle three times. */
function read(source: FileSource): unknown[] {
  const values: unknown[] = [];
  for (let idle = 0; idle < 3; ) {
    now += 100;
    const result = source.poll(3);
    assert.ok(!(result instanceof Promise));
    if (typeof result === 'string') idle++;
    else for (let r = 0; r < result.size; r++) values.push(result.columns[0]!.get(r));
  }
  return values;
}

const stored = (source: FileSource): unknown => JSON.parse(JSON.stringify(source.position()));

function restored(monitorMs: number | null, where: string, position: unknown): FileSource {
  const source = open(monitorMs, where);
  source.seek(position);
  return source;
}

describe('a bounded file', () => {
  it('that was replaced by a longer one between two runs is refused', () => {
    put('a.jsonl', lines(0, 3));
    const source = open(null, at('a.jsonl'));
    read(source);
    fs.writeFileSync(at('new'), lines(100, 200));
    fs.renameSync(at('new'), at('a.jsonl'));
    assert.throws(
      () => restored(null, at('a.jsonl'), stored(source)),
      /a\.jsonl was read up to byte 24 before the checkpoint, but its first 24 bytes have changed/,
    );
  });

  it('that has grown between two runs continues', () => {
    put('a.jsonl', lines(0, 400));
    const source = open(null, at('a.jsonl'));
    read(source);
    put('a.jsonl', lines(400, 402));
    assert.deepEqual(read(restored(null, at('a.jsonl'), stored(source))), [400, 401]);
  });

  it('is continued at a position without heads, from an older checkpoint', () => {
    put('a.jsonl', lines(0, 2));
    const position = { offsets: {}, current: { file: '', offset: 8 }, malformed: 0 };
    assert.deepEqual(read(restored(null, at('a.jsonl'), position)), [1]);
  });
});

/** Ways to rotate a log. The source has read `lines(0, 300)`; `lines(300, 310)` were appended. */
const ROTATIONS: Readonly<Record<string, () => void>> = {
  'renamed, a new file in its place': () => {
    fs.renameSync(at('app.log'), at('app.log.1'));
    put('app.log', lines(310, 320));
  },
  'renamed, with a longer new file in its place': () => {
    fs.renameSync(at('app.log'), at('app.log.1'));
    put('app.log', lines(310, 1000));
  },
  'copied, emptied and filled further than before': () => {
    fs.copyFileSync(at('app.log'), at('app.log.1'));
    fs.truncateSync(at('app.log'), 0);
    put('app.log', lines(310, 1000));
  },
};

for (const [how, rotate] of Object.entries(ROTATIONS)) {
  describe(`a followed log that is ${how}`, () => {
    for (const where of ['app.log', '.'] as const) {
      it(`between two runs (${where}) gives each line once`, () => {
        put('app.log', lines(0, 300));
        const source = open(100, at(where));
        const before = read(source);
        put('app.log', lines(300, 310));
        rotate();
        const total = before.length + 10 + (fs.readFileSync(at('app.log'), 'utf8').split('\n').length - 1);
        const values = [...before, ...read(restored(100, at(where), stored(source)))];
        assert.deepEqual(
          values.toSorted((a, b) => Number(a) - Number(b)),
          Array.from({ length: total }, (_, i) => i),
        );
      });
    }

    it('while it is read gives each line once', () => {
      put('app.log', lines(0, 300));
      const source = open(100, at('app.log'));
      const values = read(source);
      put('app.log', lines(300, 310));
      // Nobody can read lines that were appended and cut off between two looks.
      if (how.startsWith('copied')) values.push(...read(source));
      rotate();
      values.push(...read(source));
      const last = Number(fs.readFileSync(at('app.log'), 'utf8').trim().split('\n').at(-1)!.slice(5, -1));
      assert.deepEqual(
        values,
        Array.from({ length: last + 1 }, (_, i) => i),
      );
    });
  });
}

/** Each file of the directory as a split, as with `source.split-by` = `file`. */
const openSplits = (): FileSplits =>
  new FileSplits({ root, list: () => listFiles(root), clock, monitorMs: 100, open: (file, id) => open(0, file, id) });

for (const [how, rotate] of Object.entries(ROTATIONS)) {
  describe(`a log in a directory of splits that is ${how}`, () => {
    const refused = {
      code: 'CONNECTOR_READ',
      message: /app\.log\.1 was read before under the name .*app\.log; with source\.split-by = file/,
    };

    for (const noticed of [true, false]) {
      it(`while it is read is refused by name (${noticed ? 'after' : 'before'} its reader noticed it)`, () => {
        put('app.log', lines(0, 300));
        put('other.log', lines(0, 300));
        const splits = openSplits();
        for (const split of splits.splits()) read(split as FileSource);
        const [reader] = splits.splits();
        put('app.log', lines(300, 310));
        rotate();
        if (noticed) read(reader as FileSource);
        assert.throws(() => splits.splits(), refused);
        splits.close();
      });
    }

    it('between two runs is refused by name', () => {
      put('app.log', lines(0, 300));
      const before = openSplits();
      const [reader] = before.splits();
      read(reader as FileSource);
      const position = stored(reader as FileSource);
      before.close();
      put('app.log', lines(300, 310));
      rotate();
      const after = openSplits();
      after.restore(new Map([['app.log', position]]));
      assert.throws(() => after.splits(), refused);
      after.close();
    });
  });
}

describe('new files in a directory of splits', () => {
  it('may begin like other files that keep their content', () => {
    put('a.log', lines(0, 300));
    const splits = openSplits();
    for (const split of splits.splits()) read(split as FileSource);
    put('b.log', lines(0, 300));
    assert.deepEqual(
      splits.splits().map(({ id }) => id),
      ['a.log', 'b.log'],
    );
    splits.close();
  });
});

describe('a followed file', () => {
  it('may be missing for a moment', () => {
    put('app.log', lines(0, 3));
    const source = open(100, at('app.log'));
    const values = read(source);
    fs.renameSync(at('app.log'), at('app.log.1'));
    values.push(...read(source));
    put('app.log', lines(3, 5));
    values.push(...read(source));
    assert.deepEqual(values, [0, 1, 2, 3, 4]);
  });

  it('in a directory is recognized after it was renamed', () => {
    put('a.log', lines(0, 3));
    const source = open(100, root);
    const values = read(source);
    fs.renameSync(at('a.log'), at('b.log'));
    values.push(...read(source));
    put('b.log', lines(3, 5));
    values.push(...read(source));
    assert.deepEqual(values, [0, 1, 2, 3, 4]);
    assert.deepEqual(read(restored(100, root, stored(source))), []);
  });

  it('that was rotated keeps its rest in the position until it is read', () => {
    put('app.log', lines(0, 3));
    const source = open(100, at('app.log'));
    const values = read(source);
    put('app.log', lines(3, 30));
    fs.renameSync(at('app.log'), at('app.log.1'));
    put('app.log', lines(30, 33));
    now += 100;
    const batch = source.poll(3);
    assert.ok(typeof batch !== 'string' && !(batch instanceof Promise));
    for (let r = 0; r < batch.size; r++) values.push(batch.columns[0]!.get(r));
    values.push(...read(restored(100, at('app.log'), stored(source))));
    assert.deepEqual(
      values,
      Array.from({ length: 33 }, (_, i) => i),
    );
  });

  it('that is new is read from its beginning, although it has the inode of a deleted file', () => {
    put('z.log', lines(0, 1));
    const source = open(100, root);
    read(source);
    for (let i = 1; i < 6; i++) {
      put(`${i}.log`, lines(i * 100, i * 100 + 50));
      assert.equal(read(source).length, 50);
      // The source opens the other file, so the inode of this one becomes free.
      put('z.log', lines(i, i + 1));
      assert.equal(read(source).length, 1);
      fs.rmSync(at(`${i}.log`));
    }
  });
});

describe('the position', () => {
  it('has only files that were read, so the others may be removed', () => {
    put('a.log', lines(0, 3));
    put('b.log', lines(3, 5));
    const source = open(null, root);
    void source.poll(3);
    const position = stored(source) as { offsets: object };
    assert.deepEqual(position.offsets, {});
    fs.rmSync(at('b.log'));
    assert.deepEqual(read(restored(null, root, position)), []);
  });
});
