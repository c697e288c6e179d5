import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';
import { DeferredRocksdb } from '../../../../src/engine/state/rocksdb/deferred-rocksdb.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'deferred-rocksdb-'));
after(() => fs.rmSync(folder, { recursive: true }));

const NEVER_MS = 60_000;
const [a, b] = [Buffer.from('a'), Buffer.from('b')];

/** A back end that counts how often its database is opened. */
function counted(openAfterMs: number): { backend: DeferredRocksdb; opened: () => number } {
  let count = 0;
  const open = async () => {
    count++;
    return new MemoryBackend();
  };
  return { backend: new DeferredRocksdb(path.join(folder, 'live'), open, openAfterMs), opened: () => count };
}

describe('RocksDB that opens late', () => {
  it('answers as an empty database without opening it', async () => {
    const { backend, opened } = counted(NEVER_MS);
    assert.deepEqual(await backend.getMany([a, b]), [null, null]);
    assert.deepEqual(await chunksOf(backend.scan(a, b)), []);
    await backend.deleteRange(a, b);
    assert.equal(await backend.memoryBytes(), 0);
    assert.ok((await backend.freeDiskBytes()) > 0);
    await backend.close();
    assert.equal(opened(), 0);
  });

  it('opens the database once, with the first write', async () => {
    const { backend, opened } = counted(NEVER_MS);
    const first = backend.write([{ key: a, value: b }]);
    const read = backend.getMany([b]);
    await Promise.all([first, backend.write([{ key: b, value: b }]), read]);
    assert.deepEqual(await backend.getMany([a, b]), [b, b]);
    assert.equal((await chunksOf(backend.scan(a, Buffer.from('c')))).flat().length, 2);
    await backend.deleteRange(a, b);
    assert.deepEqual(await backend.getMany([a, b]), [null, b]);
    await backend.close();
    assert.equal(opened(), 1);
  });

  it('opens the database after its time, and then every call reports a failure', async () => {
    const failure = new Error('no binding for this machine');
    const backend = new DeferredRocksdb(path.join(folder, 'live'), () => Promise.reject(failure), 1);
    assert.ok((await backend.freeDiskBytes()) > 0);
    await pause(50);
    await assert.rejects(backend.freeDiskBytes(), failure);
    await assert.rejects(backend.getMany([a]), failure);
    await assert.rejects(backend.write([]), failure);
    await backend.close();
  });
});

async function chunksOf<T>(scan: AsyncIterable<T>): Promise<T[]> {
  const chunks: T[] = [];
  for await (const chunk of scan) chunks.push(chunk);
  return chunks;
}
