import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
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
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-source-'));
  now = 0;
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const put = (name: string, text: string): void => fs.appendFileSync(path.join(root, name), text);

function open(monitorMs: number | null, where = root): FileSource {
  const place = new LinePlace();
  const malformed = new MalformedRecords('t', 'skip', place.of);
  return new FileSource({
    root: where,
    decoder: new JsonDecoder([{ name: 'v', type: INT }], 3, malformed.handle),
    malformed,
    place,
    clock,
    monitorMs,
  });
}

/** Reads values until the source has no more for now. */
function read(source: FileSource, batches = 100): { values: unknown[]; then: string } {
  const values: unknown[] = [];
  for (let i = 0; i < batches; i++) {
    now += 100;
    const result = source.poll(3);
    assert.ok(!(result instanceof Promise));
    if (typeof result === 'string') return { values, then: result };
    for (let r = 0; r < result.size; r++) values.push(result.columns[0]!.get(r));
  }
  return { values, then: 'more' };
}

describe('file source', () => {
  it('reads the files of a directory in order of their names, hidden ones left out, the last line without its end', () => {
    put('b.jsonl', '{"v":3}\n{"v":4}');
    put('a.jsonl', '{"v":1}\n\n{"v":2}\n');
    put('.hidden', '{"v":9}\n');
    put('_x', '{"v":9}\n');
    assert.deepEqual(read(open(null)), { values: [1, 2, 3, 4], then: 'end' });
  });

  it('refuses a named pipe by name, and leaves one in a directory out', () => {
    put('a.jsonl', '{"v":1}\n');
    const pipe = path.join(root, 'pipe.jsonl');
    execFileSync('mkfifo', [pipe]);
    assert.deepEqual(read(open(null)), { values: [1], then: 'end' });
    assert.throws(() => open(null, pipe), { code: 'CONNECTOR_READ', message: `${pipe} is a named pipe, not a file` });
  });

  it('follows appended lines and new files; a line without its end waits', () => {
    put('a.jsonl', '{"v":1}\n{"v"');
    const source = open(100);
    assert.deepEqual(read(source), { values: [1], then: 'idle' });
    put('a.jsonl', ':2}\n');
    assert.deepEqual(read(source), { values: [2], then: 'idle' });
    put('b.jsonl', '{"v":3}\n');
    assert.deepEqual(read(source).values, [3]);
    put('a.jsonl', '{"v":4}\n');
    put('b.jsonl', '{"v":5}\n');
    assert.deepEqual([...read(source).values, ...read(source).values].sort(), [4, 5]);
  });

  it('forgets files that are taken away, and reads one that was restarted from its beginning', () => {
    put('a.jsonl', '{"v":1}\n');
    put('b.jsonl', '{"v":2}\n{"v":3}\n');
    const source = open(100);
    assert.deepEqual(read(source).values, [1, 2, 3]);
    fs.rmSync(path.join(root, 'a.jsonl'));
    fs.truncateSync(path.join(root, 'b.jsonl'), 0);
    assert.deepEqual(read(source).values, []);
    put('b.jsonl', '{"v":4}\n');
    put('c.jsonl', '{"v":5}\n');
    const more = [...read(source).values, ...read(source).values];
    assert.deepEqual(more.sort(), [4, 5]);
    const position = JSON.parse(JSON.stringify(source.position()));
    assert.deepEqual([...Object.keys(position.offsets), position.current.file].sort(), ['b.jsonl', 'c.jsonl']);
    fs.rmSync(path.join(root, 'c.jsonl'));
    put('b.jsonl', '{"v":6}\n');
    const again = open(100);
    again.seek(position);
    assert.deepEqual(read(again).values, [6]);
  });

  it('continues from any position exactly', () => {
    for (const [name, from] of [
      ['a', 0],
      ['b', 10],
      ['c', 20],
    ] as const) {
      put(`${name}.jsonl`, Array.from({ length: 10 }, (_, i) => `{"v":${from + i}}\n`).join(''));
    }
    for (let batches = 0; batches < 14; batches++) {
      const first = open(null);
      const before = read(first, batches).values;
      const second = open(null);
      second.seek(JSON.parse(JSON.stringify(first.position())));
      assert.deepEqual(
        [...before, ...read(second).values],
        Array.from({ length: 30 }, (_, i) => i),
        `${batches}`,
      );
    }
  });

  it('reads lines longer than its block', () => {
    put('a.jsonl', `{"v":1,"x":"${'y'.repeat(3 << 20)}"}\n{"v":2}\n`);
    assert.deepEqual(read(open(null)).values, [1, 2]);
  });

  it('refuses to continue in a file that became shorter or is deleted', () => {
    put('a.jsonl', '{"v":1}\n{"v":2}\n');
    const source = open(null);
    read(source);
    const position = source.position();
    fs.truncateSync(path.join(root, 'a.jsonl'), 3);
    assert.throws(
      () => open(null).seek(position),
      /was read up to byte 16 before the checkpoint, but has only 3 bytes/,
    );
    fs.rmSync(path.join(root, 'a.jsonl'));
    assert.throws(() => open(null).seek(position), /is gone/);
  });

  it('counts malformed lines over a restart', () => {
    put('a.jsonl', 'x\n{"v":1}\n');
    const source = open(null);
    read(source);
    const again = open(null);
    again.seek(source.position());
    assert.equal(again.metrics().malformed, 1);
  });
});
