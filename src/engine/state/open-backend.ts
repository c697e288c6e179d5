import { systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import type { JobOptions } from '../job/job-options.ts';
import { MemoryBackend } from './memory-backend.ts';
import type { StateBackend } from './state-backend.ts';

/** The back end of a job, with the state of a checkpoint where there is one. */
export async function openBackend(
  options: JobOptions,
  restored: { readonly manifest: Manifest; readonly directory: string } | null,
): Promise<StateBackend> {
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
    const files = restored?.manifest.state.files.length ?? 0;
    return files === 0 ? new MemoryBackend(disk) : MemoryBackend.restore(restored!.directory, disk);
  }
  // What a dead process left in the live directory is never used again.
  if (restored === null) disk.removeNow(options.state.directory);
  const directory = restored?.directory ?? options.state.directory;
  if (options.state.openFiles !== undefined) return options.state.openFiles(directory);
  const { RocksdbBackend } = await import('./rocksdb/rocksdb-backend.ts');
  return RocksdbBackend.open(directory, Math.floor(memoryBytes * 0.3));
}
