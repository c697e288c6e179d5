import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { DeadLetters } from '../../../src/connectors/dead-letters.ts';
import { LinePlace } from '../../../src/connectors/filesystem/line-place.ts';
import { FileSource } from '../../../src/connectors/filesystem/source.ts';
import { MalformedRecords } from '../../../src/connectors/malformed-records.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { INT } from '../../../src/core/data-type.ts';
import { JsonDecoder } from '../../../src/formats/json/json-decoder.ts';

let root = '';
const clock: Clock = { now: () => 0, monotonicMs: () => 0, sleep: async () => {} };
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-letters-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const file = (): string => path.join(root, 'dead.jsonl');
const letters = (): { job: string; offset: number; raw: string }[] =>
  fs
    .readFileSync(file(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

function open(job = 'job', once = true): FileSource {
  const place = new LinePlace();
  const malformed = new MalformedRecords('t', new DeadLetters(file(), { job, once }), place.of);
  const decoder = new JsonDecoder([{ name: 'v', type: INT }], 3, malformed.handle);
  return new FileSource({ root: path.join(root, 'in.jsonl'), decoder, malformed, place, clock, monitorMs: null });
}

function read(source: FileSource, batches = Number.POSITIVE_INFINITY): void {
  for (let i = 0; i < batches && source.poll(3) !== 'end'; i++);
}

const LINES = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? `{"v":${i}}` : `bad ${i}`));
const BAD = LINES.filter((line) => line.startsWith('bad'));

describe('dead letters', () => {
  beforeEach(() => fs.writeFileSync(path.join(root, 'in.jsonl'), LINES.map((line) => `${line}\n`).join('')));

  it('are written once, although a job is killed anywhere and reads again from its checkpoint', () => {
    for (let atCheckpoint = 0; atCheckpoint < 10; atCheckpoint++) {
      fs.rmSync(file(), { force: true });
      const first = open();
      read(first, atCheckpoint);
      const position = JSON.parse(JSON.stringify(first.position()));
      read(first, 7);
      const second = open();
      second.seek(position);
      read(second, 3);
      const third = open();
      third.seek(position);
      read(third);
      assert.deepEqual(
        letters().map(({ raw }) => raw),
        BAD,
      );
    }
  });

  it('are written once, although a job is killed before its first checkpoint', () => {
    read(open(), 5);
    read(open());
    assert.deepEqual(
      letters().map(({ raw }) => raw),
      BAD,
    );
  });

  it('of a job without checkpoints are appended by each run', () => {
    read(open('job', false));
    read(open('job', false));
    assert.equal(letters().length, BAD.length * 2);
  });

  it('of two jobs do not replace each other', () => {
    read(open('a'), 5);
    read(open('b'));
    read(open('a'));
    for (const job of ['a', 'b']) {
      const own = letters().filter((letter) => letter.job === job);
      assert.deepEqual(
        own.map(({ raw }) => raw),
        BAD,
      );
    }
  });

  it('that a crash has cut are written again', () => {
    read(open(), 5);
    fs.truncateSync(file(), fs.statSync(file()).size - 4);
    read(open());
    assert.deepEqual(
      letters().map(({ raw }) => raw),
      BAD,
    );
  });

  it('name the byte of the record in its file', () => {
    read(open());
    const [first] = letters();
    assert.equal(first!.offset, LINES[0]!.length + 1);
  });
});
