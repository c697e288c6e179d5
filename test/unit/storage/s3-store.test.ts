import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import { hashFile } from '../../../src/core/durable-file.ts';
import { probeStore } from '../../../src/storage/remote/probe-store.ts';
import { S3Store } from '../../../src/storage/s3/s3-store.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3.ts';

process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test-secret';

/** Two attempts are enough. More would only take longer. */
const open = (server: FakeS3): S3Store =>
  new S3Store('bucket', 'p', { endpoint: server.endpoint, region: null, pathStyle: true }, systemClock, 2);

describe('s3 store', () => {
  let server: FakeS3;
  let store: S3Store;
  let directory = '';
  beforeEach(async () => {
    server = await startFakeS3();
    store = open(server);
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-s3-'));
  });
  afterEach(async () => {
    store.close();
    await server.close();
    fs.rmSync(directory, { recursive: true });
  });

  /** The first `times` requests of a method have the fault. */
  const failFirst = (wanted: string, times: number, kind: 'unavailable' | 'lose-reply' | 'cut-body'): void => {
    let left = times;
    server.fault = (method) => (method === wanted && left-- > 0 ? kind : 'none');
  };

  it('tries again when the server is busy, and then fails with its answer', async () => {
    failFirst('PUT', 1, 'unavailable');
    await store.put('a', Buffer.from('1'));
    assert.equal(server.objects.get('bucket/p/a')!.toString(), '1');
    failFirst('PUT', 100, 'unavailable');
    await assert.rejects(store.put('a', Buffer.from('2')), {
      code: 'CHECKPOINT_STORE',
      message: /^s3:\/\/bucket\/p\/a cannot be written: SlowDown 503: later$/,
    });
    assert.ok(server.requests.length <= 4, `${server.requests.length} requests`);
  });

  it('sees its own object when the reply to a create was lost', async () => {
    failFirst('PUT', 1, 'lose-reply');
    assert.equal(await store.create('log/1', Buffer.from('mine')), false);
    assert.equal((await store.get('log/1'))!.toString(), 'mine');
  });

  it('reads again after a reply broke off in the middle', async () => {
    const content = Buffer.alloc(300_000, 'x');
    await store.put('a', content);
    failFirst('GET', 1, 'cut-body');
    assert.ok((await store.get('a'))!.equals(content));
    failFirst('GET', 1, 'cut-body');
    const file = path.join(directory, 'back');
    assert.equal(await store.getFile('a', file), true);
    assert.ok(fs.readFileSync(file).equals(content));
  });

  it('completes an upload in parts whose last reply was lost, and leaves none open', async () => {
    const file = path.join(directory, 'long');
    fs.writeFileSync(file, Buffer.alloc(17 * 1024 * 1024, 'y'));
    const { sha256, length } = await hashFile(file);
    let completions = 0;
    server.fault = (method, url) =>
      method === 'POST' && url.includes('uploadId') && completions++ === 0 ? 'lose-reply' : 'none';
    await store.putFile('data/long', file, length, sha256);
    assert.equal(server.objects.get('bucket/p/data/long')!.length, length);
    server.fault = (method, url) => (method === 'PUT' && url.includes('partNumber=2') ? 'unavailable' : 'none');
    await assert.rejects(store.putFile('data/other', file, length, sha256), { code: 'CHECKPOINT_STORE' });
    assert.equal(server.uploads.size, 0);
  });

  it('has the server compare content with its checksum', async () => {
    const file = path.join(directory, 'short');
    fs.writeFileSync(file, 'abc');
    await assert.rejects(store.putFile('data/x', file, 3, '0'.repeat(64)), {
      code: 'CHECKPOINT_STORE',
      message: /BadDigest 400/,
    });
  });

  it('reports the cause if no server answers', async () => {
    const settings = { endpoint: 'http://127.0.0.1:9', region: null, pathStyle: true };
    const nobody = new S3Store('bucket', 'p', settings, systemClock, 2);
    await assert.rejects(nobody.get('a'), { code: 'CHECKPOINT_STORE', message: /ECONNREFUSED/ });
    nobody.close();
  });

  it('is refused by name when its server ignores conditions', async () => {
    const loose = await startFakeS3({ ignoresConditions: true });
    const on = open(loose);
    await assert.rejects(probeStore(on), {
      code: 'CONFIG_INVALID_OPTION',
      message: /^s3:\/\/bucket\/p cannot hold checkpoints: its server ignores conditional writes/,
    });
    assert.equal(loose.objects.size, 0);
    on.close();
    await loose.close();
  });
});
