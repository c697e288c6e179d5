import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import { parseHdfsAddress } from '../../../src/storage/hdfs/hdfs-address.ts';
import { HdfsStore } from '../../../src/storage/hdfs/hdfs-store.ts';
import { type FakeHdfs, startFakeHdfs } from '../../support/fake-hdfs.ts';

describe('hdfs store', () => {
  let server: FakeHdfs;
  let store: HdfsStore;
  beforeEach(async () => {
    server = await startFakeHdfs();
    store = new HdfsStore(server.place, '/p', systemClock, 2);
  });
  afterEach(async () => {
    store.close();
    await server.close();
  });

  /** The first `times` requests of an operation have the fault. */
  const failFirst = (wanted: string, times: number, kind: ReturnType<FakeHdfs['fault']>, at = 'data'): void => {
    let left = times;
    server.fault = (op, node) => (op === wanted && node === at && left-- > 0 ? kind : 'none');
  };

  it('waits for a name node that is starting, and then fails with its answer', async () => {
    failFirst('CREATE', 1, 'starting', 'name');
    await store.put('a', Buffer.from('1'));
    assert.equal(server.files.get('/p/a')!.toString(), '1');
    failFirst('CREATE', 100, 'starting', 'name');
    await assert.rejects(store.put('a', Buffer.from('2')), {
      code: 'CHECKPOINT_STORE',
      message:
        /^hdfs:\/\/fake\/p: CREATE of \/p\/unfinished\/[-0-9a-f]+ failed: SafeModeException 403: Name node is in safe mode\.$/,
    });
  });

  it('shows a file only when it is whole, and notices one that came out shorter', async () => {
    failFirst('CREATE', 1, 'lose-reply');
    await store.put('a', Buffer.from('whole'));
    assert.deepEqual([...server.files.keys()], ['/p/a']);
    failFirst('CREATE', 1, 'short');
    await assert.rejects(store.create('b', Buffer.from('whole')), {
      code: 'CHECKPOINT_STORE',
      message: /has 4 bytes after 5 were written/,
    });
    assert.equal(server.files.has('/p/b'), false);
  });

  it('says no to a create whose reply was lost, and has done it; a replacement is done', async () => {
    failFirst('RENAME', 1, 'lose-reply', 'name');
    assert.equal(await store.create('log/1', Buffer.from('mine')), false);
    assert.equal((await store.get('log/1'))!.toString(), 'mine');
    failFirst('RENAME', 1, 'lose-reply', 'name');
    await store.put('log/1', Buffer.from('other'));
    assert.equal((await store.get('log/1'))!.toString(), 'other');
  });

  it('reads again after a reply broke off in the middle', async () => {
    const content = Buffer.alloc(300_000, 'x');
    await store.put('a', content);
    failFirst('OPEN', 1, 'cut-body');
    assert.ok((await store.get('a'))!.equals(content));
    failFirst('OPEN', 1, 'cut-body');
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-hdfs-'));
    assert.equal(await store.getFile('a', path.join(directory, 'back')), true);
    assert.ok(fs.readFileSync(path.join(directory, 'back')).equals(content));
    fs.rmSync(directory, { recursive: true });
  });

  it('removes the files that a dead process was writing a day ago', async () => {
    for (const name of ['old', 'new']) server.files.set(`/p/unfinished/${name}`, Buffer.from('x'));
    server.writtenAt.set('/p/unfinished/old', Date.now() - 25 * 3600 * 1000);
    await store.put('a', Buffer.from('1'));
    assert.deepEqual([...server.files.keys()].sort(), ['/p/a', '/p/unfinished/new']);
  });

  it('names the RPC port, authentication, and a missing server', async () => {
    const other = http.createServer((_, response) => {
      response.writeHead(404).end('It looks like you are making an HTTP request to a Hadoop IPC port.');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { place } = parseHdfsAddress(`hdfs://127.0.0.1:${port}`);
    const wrong = new HdfsStore(place, '/p', systemClock, 2);
    await assert.rejects(wrong.get('a'), { message: /RPC port of the name node; give the port of its web interface/ });
    other.removeAllListeners('request');
    other.on('request', (_, response) => response.writeHead(401).end());
    await assert.rejects(wrong.get('a'), { message: /wants authentication, and Kerberos is not supported/ });
    wrong.close();
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    const nobody = new HdfsStore(place, '/p', systemClock, 2);
    await assert.rejects(nobody.get('a'), { code: 'CHECKPOINT_STORE', message: /ECONNREFUSED/ });
    nobody.close();
  });

  it('reads addresses as Hadoop has them', () => {
    assert.equal(parseHdfsAddress('hdfs://nn/a/b/').place.origin, 'http://nn:9870');
    assert.equal(parseHdfsAddress('webhdfs://nn:50070/a/b/').place.origin, 'http://nn:50070');
    assert.equal(parseHdfsAddress('swebhdfs://nn/a').place.origin, 'https://nn:9871');
    assert.equal(parseHdfsAddress('hdfs://nn/a/b/').directory, '/a/b');
    assert.equal(parseHdfsAddress('hdfs://nn').directory, '');
    assert.throws(() => parseHdfsAddress('hdfs:///a'), {
      code: 'CONFIG_INVALID_OPTION',
      message: /names no name node/,
    });
  });
});
