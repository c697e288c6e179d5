import path from 'node:path';
import { type Disk, systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import type { JobOptions } from '../job/job-options.ts';
import { applyStateLog } from './log/read-log.ts';
import { LOG_FILE } from './log/state-log.ts';
import { MemoryBackend, SNAPSHOT_FILE } from './memory-backend.ts';
import type { StateBackend } from './state-backend.ts';

interface Restored {
  readonly manifest: Manifest;
  readonly directory: string;
}

/** The back end of a job, with the state of a checkpoint where there is one. */
export async function openBackend(options: JobOptions, restored: Restored | null): Promise<StateBackend> {
  const backend = await openFiles(options, restored);
  if (restored === null || restored.manifest.finished) return backend;
  try {
    await applyCheckpointLog(restored.manifest, restored.directory, backend, options.disk ?? systemDisk);
  } catch (error) {
    await backend.close();
    throw error;
  }
  return backend;
}

/** Brings what a checkpoint has in a state log into the back end that its other files were opened as. The log's files go. */
export async function applyCheckpointLog(
  { state }: Manifest,
  directory: string,
  backend: StateBackend,
  disk: Disk,
): Promise<void> {
  const files = state.files.flatMap(({ name }) => (LOG_FILE.test(name) ? [path.join(directory, name)] : []));
  await applyStateLog(files, backend, disk);
  for (const file of files) disk.removeNow(file);
}

async function openFiles(options: JobOptions, restored: Restored | null): Promise<StateBackend> {
  const { disk = systemDisk } = options;
  const { backend, memoryBytes } = options.state;
  if (restored !== null && restored.manifest.state.backend !== backend && !restored.manifest.finished) {
    throw new EngineError(
      'CHECKPOINT_INCOMPATIBLE',
      `checkpoint ${restored.manifest.epoch} of job ${options.id} was made with --state ${restored.manifest.state.backend}; run with the same, or start over with --fresh`,
      { backend: restored.manifest.state.backend },
    );
  }
  if (backend === 'memory') {
    const inFile = restored?.manifest.state.files.some(({ name }) => name === SNAPSHOT_FILE) ?? false;
    return inFile ? MemoryBackend.restore(restored!.directory, disk) : new MemoryBackend(disk);
  }
  // What a dead process left in the live directory is never used again.
  if (restored === null) disk.removeNow(options.state.directory);
  const directory = restored?.directory ?? options.state.directory;
  if (options.state.openFiles !== undefined) return options.state.openFiles(directory);
  const { RocksdbBackend } = await import('./rocksdb/rocksdb-backend.ts');
  return RocksdbBackend.open(directory, Math.floor(memoryBytes * 0.3));
}
