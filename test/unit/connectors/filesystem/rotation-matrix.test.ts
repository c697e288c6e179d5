/**
 * Rotates a followed log in the usual ways, step by step. The source reads between the steps or
 * only at the end, and is killed and restored before any of the steps. Each line is read once.
 */
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
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-rotation-matrix-'));
  now = 0;
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const at = (name: string): string => path.join(root, name);
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"v":${from + i}}\n`).join('');
const put = (name: string, text: string): void => fs.appendFileSync(at(name), text);
const move = (from: string, to: string): void => fs.renameSync(at(from), at(to));
const content = (name: string): Buffer => fs.readFileSync(at(name));

function open(where: string): FileSource {
  const place = new LinePlace();
  const malformed = new MalformedRecords('t', 'fail', place.of);
  const decoder = new JsonDecoder([{ name: 'v', type: INT }], 64, malformed.handle);
  return new FileSource({ root: at(where), decoder, malformed, place, clock, monitorMs: 100 });
}

/** Reads until the source has been idle three times. */
async function readInto(values: number[], source: FileSource): Promise<void> {
  for (let idle = 0; idle < 3; ) {
    now += 100;
    const result = await source.poll(64);
    if (typeof result === 'string') idle++;
    else for (let r = 0; r < result.size; r++) values.push(Number(result.columns[0]!.get(r)));
  }
}

interface Way {
  /** The file to follow, and the directory to follow instead. */
  readonly file: string;
  readonly directory: string | null;
  /** Creates the lines 0 to 299. */
  readonly before: () => void;
  readonly steps: readonly (() => void)[];
  readonly last: number;
  /** The old file disappears. A killed source cannot read the rest of it. */
  readonly readsFirst?: boolean;
}

/** Writes a compressed copy in two steps, then removes the original. */
const compressing = (file: string, compress: (bytes: Buffer) => Buffer, to: string): readonly (() => void)[] => [
  () => fs.writeFileSync(at(to), compress(content(file)).subarray(0, 500)),
  () => fs.writeFileSync(at(to), compress(content(file))),
  () => fs.rmSync(at(file)),
];

const inLogs = { file: 'logs/app.log', directory: 'logs' };
const firstLines = (): void => {
  fs.mkdirSync(at('logs'));
  put('logs/app.log', lines(0, 300));
};
const append = (): void => put('logs/app.log', lines(300, 600));
const gzip = (bytes: Buffer): Buffer => zlib.gzipSync(bytes);
const zstd = (bytes: Buffer): Buffer => zlib.zstdCompressSync(bytes);

const WAYS: Readonly<Record<string, Way>> = {
  'renamed, and created again later': {
    ...inLogs,
    before: firstLines,
    steps: [append, () => move('logs/app.log', 'logs/app.log.1'), () => put('logs/app.log', lines(600, 610))],
    last: 610,
  },
  'renamed by date, with a longer new file': {
    ...inLogs,
    before: firstLines,
    steps: [
      append,
      () => {
        move('logs/app.log', 'logs/app-2026-11-30.log');
        put('logs/app.log', lines(600, 2000));
      },
    ],
    last: 2000,
  },
  'rotated twice': {
    ...inLogs,
    before: firstLines,
    steps: [
      append,
      () => move('logs/app.log', 'logs/app.log.1'),
      () => put('logs/app.log', lines(600, 700)),
      () => {
        move('logs/app.log.1', 'logs/app.log.2');
        move('logs/app.log', 'logs/app.log.1');
      },
      () => put('logs/app.log', lines(700, 1500)),
    ],
    last: 1500,
    readsFirst: true,
  },
  'replaced by a longer file': {
    ...inLogs,
    before: firstLines,
    steps: [
      append,
      () => {
        put('new', lines(600, 2000));
        move('new', 'logs/app.log');
      },
    ],
    last: 2000,
    readsFirst: true,
  },
  'copied and emptied': {
    ...inLogs,
    before: firstLines,
    steps: [
      append,
      () => fs.writeFileSync(at('logs/app.log.1'), ''),
      () => fs.writeFileSync(at('logs/app.log.1'), content('logs/app.log').subarray(0, 3000)),
      () => fs.appendFileSync(at('logs/app.log.1'), content('logs/app.log').subarray(3000)),
      () => fs.truncateSync(at('logs/app.log'), 0),
      () => put('logs/app.log', lines(600, 2000)),
    ],
    last: 2000,
  },
  'renamed and compressed with gzip': {
    ...inLogs,
    before: firstLines,
    steps: [
      append,
      () => {
        move('logs/app.log', 'logs/app.log.1');
        put('logs/app.log', lines(600, 700));
      },
      ...compressing('logs/app.log.1', gzip, 'logs/app.log.1.gz'),
      () => put('logs/app.log', lines(700, 710)),
    ],
    last: 710,
  },
  'renamed and compressed with zstd at the next rotation': {
    ...inLogs,
    before: firstLines,
    steps: [
      append,
      () => {
        move('logs/app.log', 'logs/app.log.1');
        put('logs/app.log', lines(600, 700));
      },
      () => move('logs/app.log.1', 'logs/app.log.2'),
      ...compressing('logs/app.log.2', zstd, 'logs/app.log.2.zst'),
      () => {
        move('logs/app.log', 'logs/app.log.1');
        put('logs/app.log', lines(700, 1900));
      },
    ],
    last: 1900,
    readsFirst: true,
  },
  'a link whose target is swapped, as in a Kubernetes volume': {
    file: 'volume/app.log',
    directory: 'volume',
    before() {
      fs.mkdirSync(at('volume/..v1'), { recursive: true });
      put('volume/..v1/app.log', lines(0, 300));
      fs.symlinkSync('..v1', at('volume/..data'));
      fs.symlinkSync('..data/app.log', at('volume/app.log'));
    },
    steps: [
      () => put('volume/..v1/app.log', lines(300, 600)),
      () => {
        fs.mkdirSync(at('volume/..v2'));
        put('volume/..v2/app.log', lines(600, 2000));
        fs.symlinkSync('..v2', at('volume/..data_tmp'));
        move('volume/..data_tmp', 'volume/..data');
      },
      () => fs.rmSync(at('volume/..v1'), { recursive: true }),
    ],
    last: 2000,
    readsFirst: true,
  },
  'a link to the log of a container, which is renamed': {
    file: 'containers/pod.log',
    directory: 'containers',
    before() {
      fs.mkdirSync(at('containers'));
      fs.mkdirSync(at('pods'));
      put('pods/0.log', lines(0, 300));
      fs.symlinkSync('../pods/0.log', at('containers/pod.log'));
    },
    steps: [
      () => put('pods/0.log', lines(300, 600)),
      () => move('pods/0.log', 'pods/0.log.20261130-101500'),
      () => put('pods/0.log', lines(600, 2000)),
    ],
    last: 2000,
  },
};

for (const [how, way] of Object.entries(WAYS)) {
  for (const where of way.directory === null ? [way.file] : [way.file, way.directory]) {
    describe(`a followed log that is ${how} (${where})`, () => {
      for (const isBusy of way.readsFirst === true ? [false] : [false, true]) {
        for (let killedAt = -1; killedAt <= way.steps.length; killedAt++) {
          const killed = killedAt < 0 ? 'while it is read' : `with a restart before step ${killedAt}`;
          it(`gives each line once ${killed}${isBusy ? ', read at the end' : ''}`, async () => {
            way.before();
            const values: number[] = [];
            let source = open(where);
            await readInto(values, source);
            for (let step = 0; step <= way.steps.length; step++) {
              // Killed: it does not read before the next step, which it finds at its restart.
              if (step === killedAt) {
                const position: unknown = JSON.parse(JSON.stringify(source.position()));
                source.close();
                if (step < way.steps.length && (way.readsFirst !== true || step > 0)) way.steps[step]!();
                source = open(where);
                source.seek(position);
                if (step < way.steps.length && way.readsFirst === true && step === 0) way.steps[step]!();
              } else if (step < way.steps.length) way.steps[step]!();
              if (!isBusy || step === way.steps.length) await readInto(values, source);
            }
            source.close();
            assert.deepEqual(
              values.toSorted((a, b) => a - b),
              Array.from({ length: way.last }, (_, i) => i),
            );
            // The rest of an old file comes before the lines of the new one.
            if (where === way.file)
              assert.deepEqual(
                values,
                values.toSorted((a, b) => a - b),
              );
          });
        }
      }
    });
  }
}
