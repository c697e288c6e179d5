import path from 'node:path';
import { type Disk, systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import type { JobOptions } from '../job/job-options.ts';
import { applyStateLog } from './log/read-log.ts';
import { LOG_FILE } from './log/state-log.ts';
import { MemoryBackend, SNAPSHOT_FILE } from './memory-backend.ts';
import type { StateBackend } from './state-backend.ts';

/** Opens RocksDB, or what imitates it, on the files in a directory. */
type OpenRocksdb = (directory: string) => Promise<StateBackend>;

/** The back end of a job, with the state of a checkpoint where there is one that goes on. */
export async function openBackend(
  options: JobOptions,
  restored: { readonly manifest: Manifest; readonly directory: string } | null,
): Promise<StateBackend> {
  const { id, disk = systemDisk } = options;
  const { backend, memoryBytes, openFiles = rocksdbWith(Math.floor(memoryBytes * 0.3)) } = options.state;
  const goesOn = restored !== null && !restored.manifest.finished;
  if (goesOn && restored.manifest.state.backend !== backend) {
    const { epoch, state } = restored.manifest;
    throw new EngineError(
      'CHECKPOINT_INCOMPATIBLE',
      `checkpoint ${epoch} of job ${id} was made with --state ${state.backend}; run with the same, or start over with --fresh`,
      { backend: state.backend },
    );
  }
  if (goesOn) return openCheckpointState(restored.manifest, restored.directory, disk, openFiles);
  if (backend === 'memory') return new MemoryBackend(disk);
  // What a dead process left in the live directory is never used again.
  if (restored === null) disk.removeNow(options.state.directory);
  return openFiles(restored?.directory ?? options.state.directory);
}

/**
 * The state of a checkpoint whose files are in a directory of their own. Those of a state log go
 * once they are read.
 */
export async function openCheckpointState(
  { state }: Manifest,
  directory: string,
  disk: Disk,
  openRocksdb: OpenRocksdb,
): Promise<StateBackend> {
  const names = state.files.map(({ name }) => name);
  const backend = await openStateFiles(state.backend, names, directory, disk, openRocksdb);
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
