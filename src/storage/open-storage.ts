import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../core/clock.ts';
import { EngineError } from '../core/engine-error.ts';
import type { CheckpointStorage } from '../engine/checkpoint/checkpoint-storage.ts';
import { HDFS_SCHEMES, parseHdfsAddress } from './hdfs/hdfs-address.ts';
import { HdfsStore } from './hdfs/hdfs-store.ts';
import { LocalStorage } from './local/local-storage.ts';
import type { ObjectStore } from './remote/object-store.ts';
import { RemoteStorage } from './remote/remote-storage.ts';
import { type S3Settings, S3Store } from './s3/s3-store.ts';

/** Where the checkpoints of one job are stored. */
export interface StoragePlace {
  /**
   * `execution.checkpointing.dir`: a directory, `file:///directory`, `s3://bucket/prefix`,
   * `hdfs://namenode/directory`.
   */
  readonly directory: string;
  readonly job: string;
  /** Local directory for live state; null: beside local checkpoints. A remote store needs one. */
  readonly work: string | null;
  readonly s3: S3Settings;
  /** User of HDFS; null or absent: the user of the process. */
  readonly hdfsUser?: string | null;
}

/**
 * Returns whether other machines can reach the checkpoints. Throws CONFIG_INVALID_OPTION for an
 * unknown scheme.
 */
export function isRemote(directory: string): boolean {
  const scheme = schemeOf(directory);
  if (scheme === null || scheme === 'file') return false;
  if (scheme !== 's3' && !HDFS_SCHEMES.includes(scheme)) {
    throw new EngineError(
      'CONFIG_INVALID_OPTION',
      `checkpoints cannot lie in '${directory}': ${scheme} is not supported; give a directory, file:///directory, s3://bucket/prefix or hdfs://namenode/directory`,
      { directory },
    );
  }
  return true;
}

/** Returns the storage of one job. Reads and writes nothing. */
export function openStorage(
  { directory, job, work, s3, hdfsUser = null }: StoragePlace,
  clock: Clock,
): CheckpointStorage {
  if (isRemote(directory)) {
    if (work === null) throw new EngineError('CHECKPOINT_STORE', `live state cannot lie in ${directory}`, {});
    return new RemoteStorage({
      objects: openObjects({ directory, job, s3, hdfsUser }, clock),
      workDirectory: work,
      clock,
    });
  }
  return new LocalStorage(path.join(localDirectory(directory), job), work);
}

function openObjects({ directory, job, s3, hdfsUser = null }: Omit<StoragePlace, 'work'>, clock: Clock): ObjectStore {
  if (HDFS_SCHEMES.includes(schemeOf(directory)!)) {
    const { place, directory: folder } = parseHdfsAddress(directory, hdfsUser);
    return new HdfsStore(place, `${folder}/${job}`, clock);
  }
  const [, bucket, prefix] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(directory) ?? [];
  if (bucket === undefined) {
    throw new EngineError('CONFIG_INVALID_OPTION', `'${directory}' names no bucket; write s3://bucket/prefix`, {});
  }
  const folders = [...(prefix ?? '').split('/'), job].filter((part) => part !== '');
  return new S3Store(bucket, folders.join('/'), s3, clock);
}

/** Converts a path or a `file://` URL to a directory of the local disk. */
export function localDirectory(directory: string): string {
  return schemeOf(directory) === 'file' ? fileURLToPath(directory) : directory;
}

const schemeOf = (directory: string): string | null =>
  /^([a-z][a-z0-9+.-]*):\/\//i.exec(directory)?.[1]?.toLowerCase() ?? null;
