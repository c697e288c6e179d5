/**
 * The object stores for the conformance tests: always memory and a fake S3; real servers if the
 * environment names them.
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/core/clock.ts';
import { parseHdfsAddress } from '../../../src/storage/hdfs/hdfs-address.ts';
import { HdfsStore } from '../../../src/storage/hdfs/hdfs-store.ts';
import type { ObjectStore } from '../../../src/storage/remote/object-store.ts';
import { S3Store } from '../../../src/storage/s3/s3-store.ts';
import { startFakeHdfs } from '../../support/fake-hdfs.ts';
import { startFakeS3 } from '../../support/fake-s3.ts';
import { MemoryObjects } from '../../support/memory-objects.ts';

/** A place for objects. Several stores that are opened on it contain the same objects. */
export interface ObjectPlace {
  readonly name: string;
  open(): ObjectStore;
  close(): Promise<void>;
}

export const OBJECT_PLACES: Readonly<Record<string, () => Promise<ObjectPlace>>> = {
  memory: async () => {
    const objects = new Map<string, Buffer>();
    return { name: 'memory', open: () => new MemoryObjects(objects), close: async () => {} };
  },
  'a fake S3': async () => {
    const server = await startFakeS3();
    const settings = { endpoint: server.endpoint, region: null, pathStyle: true };
    return {
      name: 'a fake S3',
      open: () => new S3Store('bucket', 'some/prefix', settings, systemClock),
      close: () => server.close(),
    };
  },
  'a fake HDFS': async () => {
    const server = await startFakeHdfs();
    return {
      name: 'a fake HDFS',
      open: () => new HdfsStore(server.place, '/some/directory', systemClock),
      close: () => server.close(),
    };
  },
  ...realS3(),
  ...realHdfs(),
};

/** Returns the real HDFS of `SEQUITUR_TEST_HDFS=webhdfs://namenode:port`, if it is set. */
function realHdfs(): Record<string, () => Promise<ObjectPlace>> {
  const address = process.env['SEQUITUR_TEST_HDFS'];
  if (address === undefined) return {};
  return {
    'a real HDFS': async () => {
      const { place, directory } = parseHdfsAddress(`${address}/conformance/${randomUUID()}`);
      return { name: 'a real HDFS', open: () => new HdfsStore(place, directory, systemClock), close: async () => {} };
    },
  };
}

/**
 * Returns the real S3 store of `SEQUITUR_TEST_S3=http://host:port/bucket`, with AWS_ACCESS_KEY_ID
 * and AWS_SECRET_ACCESS_KEY, if it is set.
 */
function realS3(): Record<string, () => Promise<ObjectPlace>> {
  const address = process.env['SEQUITUR_TEST_S3'];
  if (address === undefined) return {};
  const { origin, pathname } = new URL(address);
  const settings = { endpoint: origin, region: null, pathStyle: true };
  return {
    'a real S3': async () => {
      const prefix = `conformance/${randomUUID()}`;
      return {
        name: 'a real S3',
        open: () => new S3Store(pathname.slice(1), prefix, settings, systemClock),
        close: async () => {},
      };
    },
  };
}

// The SDK looks for credentials in the environment; the fake checks none.
process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test-secret';
