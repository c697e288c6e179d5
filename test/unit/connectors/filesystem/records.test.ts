/** Tests the records that a file source takes from files: headers, long records, their place. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import zlib from 'node:zlib';
import { tableEndpoints } from '../../../../src/connectors/connector-registry.ts';
import { FileSource } from '../../../../src/connectors/filesystem/source.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { INT, STRING } from '../../../../src/core/data-type.ts';

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-records-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));
const put = (name: string, text: string | Buffer): void => fs.writeFileSync(path.join(root, name), text);

function open(options: Readonly<Record<string, string>>): FileSource {
  const request = { job: 'j', batchRows: 3, clock: systemClock, checkpointed: false };
  const source = tableEndpoints({ baseDirectory: root })(request).source({
    kind: 'scan',
    id: 0,
    name: 't',
    inputs: [],
    table: 't',
    fields: [
      { name: 'n', type: INT },
      { name: 's', type: STRING },
    ],
    options: { connector: 'filesystem', path: '.', ...options },
    columns: [
      { source: 'physical', key: 'n' },
      { source: 'physical', key: 's' },
    ],
    physical: ['n', 's'],
  });
  assert.ok(source instanceof FileSource);
  return source;
}

async function read(source: FileSource, batches = 1000): Promise<unknown[]> {
  const values: unknown[] = [];
  for (let i = 0; i < batches; i++) {
    const result = await source.poll(3);
    if (typeof result === 'string') break;
    for (let r = 0; r < result.size; r++) values.push(result.columns[0]!.get(r));
  }
  return values;
}

describe('csv.header', () => {
  const csv = { format: 'csv', 'csv.header': 'true' };
  const rows = (from: number): string => Array.from({ length: 5 }, (_, i) => `${from + i},x\n`).join('');

  it('leaves out the first record of each file, also after a restart at any position', async () => {
    put('a.csv', `\ufeffn,"s\ns",more,and more\n${rows(0)}`);
    put('b.csv', `n,s\r\n${rows(5)}`);
    put('c.csv.gz', zlib.gzipSync(`n,s\n${rows(10)}`));
    put('d.csv', 'n,s');
    put('e.csv', '');
    put('f.csv', `n\n${rows(15)}`);
    const all = Array.from({ length: 20 }, (_, i) => i);
    for (let batches = 0; batches < 9; batches++) {
      const first = open(csv);
      const values = await read(first, batches);
      const second = open(csv);
      second.seek(JSON.parse(JSON.stringify(first.position())));
      first.close();
      assert.deepEqual([...values, ...(await read(second))], all, `restart after ${batches} batches`);
    }
  });

  it('is not the default', async () => {
    put('a.csv', 'n,s\n1,x\n');
    await assert.rejects(async () => read(open({ format: 'csv' })), /a\.csv:1: table t: column n/);
  });
});

describe('UTF-16', () => {
  for (const format of ['json', 'csv']) {
    it(`is refused by name for ${format}`, async () => {
      put('a.txt', Buffer.from('\ufeff{"n":1}\n', 'utf16le'));
      await assert.rejects(async () => read(open({ format })), /a\.txt is UTF-16, not UTF-8: .*iconv/);
    });
  }
});

describe('a record', () => {
  it('of 20 MB is read, also if it is the first', async () => {
    put('a.jsonl', `{"n":1,"s":"${'x'.repeat(20_000_000)}"}\n{"n":2,"s":"y"}\n`);
    assert.deepEqual(await read(open({ format: 'json' })), [1, 2]);
  });

  for (const compressed of [false, true]) {
    it(`longer than the limit is an error with its line${compressed ? ', in a compressed file' : ''}`, async () => {
      const bytes = Buffer.alloc(100_000_000, 'x');
      bytes.write('{"n":1}\n{"n":2}\n{"s":"');
      put(compressed ? 'a.jsonl.gz' : 'a.jsonl', compressed ? zlib.gzipSync(bytes, { level: 1 }) : bytes);
      const refused = {
        code: 'CONNECTOR_READ',
        message: /a\.jsonl(\.gz)?:3: a record is longer than 64 MB, the limit/,
      };
      await assert.rejects(async () => read(open({ format: 'json' })), refused);
    });
  }
});

it('the place of a row is its line; empty lines are no rows', async () => {
  put('a.jsonl', '{"n":1}\n\n{"n":2}\n   \n{"n":3}\n{"n":4}\n');
  const source = open({ format: 'json' });
  await source.poll(3);
  assert.equal(source.placeOf(0), `${path.join(root, 'a.jsonl')}:1`);
  assert.equal(source.placeOf(2), `${path.join(root, 'a.jsonl')}:5`);
  await source.poll(3);
  assert.equal(source.placeOf(0), `${path.join(root, 'a.jsonl')}:6`);
  source.close();
});
