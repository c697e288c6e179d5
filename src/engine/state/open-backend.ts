import path from 'node:path';
import { type Disk, systemDisk } from '../../core/disk.ts';
import { applyStateLog } from './log/read-log.ts';
import { LOG_FILE } from './log/state-log.ts';
import { MemoryBackend, SNAPSHOT_FILE } from './memory-backend.ts';
import { DeferredRocksdb } from './rocksdb/deferred-rocksdb.ts';
import type { StateBackend } from './state-backend.ts';

/** Opens RocksDB or its imitation with the files in a directory. */
type OpenRocksdb = (directory: string) => Promise<StateBackend>;

/** A short job ends before. A longer job notices within this time that RocksDB cannot be opened. */
const OPEN_AFTER_MS = 1000;

/** The location of a job's state. */
export interface StateOptions {
  readonly backend: 'rocksdb' | 'memory';
  /** The memory of this job's back end and cache together. */
  readonly memoryBytes: number;
  /** The largest memory that the job can get later. Absent: its memory does not change. */
  readonly mostMemoryBytes?: number;
  /** The directory of the live RocksDB database. */
  readonly directory: string;
  /**
   * If the disk has less free space, the job stops reading, and fails if the space stays low. 0 or
   * absent: no check.
   */
  readonly diskLowWaterBytes?: number;
  /** Whether RocksDB is opened only when it is needed, however long the job runs. */
  readonly opensLate?: boolean;
  /** Opens state in files instead of RocksDB, for simulations. It is called at once. */
  readonly openFiles?: OpenRocksdb;
}

/** Returns the cache's share of some memory for state. RocksDB gets the rest. */
export function cacheBytesOf(backend: StateOptions['backend'], memoryBytes: number): number {
  return backend === 'memory' ? memoryBytes : Math.floor(memoryBytes * 0.7);
}

/** The state of a checkpoint, as files in a separate local directory. */
export interface CheckpointFiles {
  readonly backend: StateBackend['kind'];
  readonly names: readonly string[];
}

/**
 * Opens a back end. `restored` is the directory of a checkpoint. `files` is null if there is
 * nothing to restore.
 */
export async function openBackend(
  options: StateOptions,
  restored: { readonly directory: string; readonly files: CheckpointFiles | null } | null,
  disk: Disk = systemDisk,
): Promise<StateBackend> {
  const { backend, memoryBytes, openFiles } = options;
  const openRocksdb = openFiles ?? rocksdbWith(Math.floor(memoryBytes * 0.3));
  if (restored !== null && restored.files !== null) {
    return openCheckpointState(restored.files, restored.directory, disk, openRocksdb);
  }
  if (backend === 'memory') return new MemoryBackend(disk);
  // The files of a dead process in the live directory are never reused.
  if (restored === null) disk.removeNow(options.directory);
  const directory = restored?.directory ?? options.directory;
  if (openFiles !== undefined) return openFiles(directory);
  return new DeferredRocksdb(directory, () => openRocksdb(directory), options.opensLate ? null : OPEN_AFTER_MS);
}

/** Opens the state of a checkpoint. Removes the files of a state log after reading them. */
export async function openCheckpointState(
  { backend: kind, names }: CheckpointFiles,
  directory: string,
  disk: Disk,
  openRocksdb: OpenRocksdb,
): Promise<StateBackend> {
  const backend = await openStateFiles(kind, names, directory, disk, openRocksdb);
  try {
    const log = names.filter((name) => LOG_FILE.test(name)).map((name) => path.join(directory, name));
    await applyStateLog(log, backend, disk);
    for (const file of log) disk.removeNow(file);
    return backend;
  } catch (error) {
    await backend.close();
    throw error;
  }
}

async function openStateFiles(
  kind: StateBackend['kind'],
  names: readonly string[],
  directory: string,
  disk: Disk,
  openRocksdb: OpenRocksdb,
): Promise<StateBackend> {
  if (kind === 'rocksdb') return openRocksdb(directory);
  return names.includes(SNAPSHOT_FILE) ? MemoryBackend.restore(directory, disk) : new MemoryBackend(disk);
}

function rocksdbWith(memoryBytes: number): OpenRocksdb {
  return async (directory) => {
    const { RocksdbBackend } = await import('./rocksdb/rocksdb-backend.ts');
    return RocksdbBackend.open(directory, memoryBytes);
  };
}
