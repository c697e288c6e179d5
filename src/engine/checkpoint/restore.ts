import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import { decodeManifest, type Manifest } from './manifest.ts';

/** Files that RocksDB may write to again after a restore; they are copied, all others linked. */
const COPIED = /^(CURRENT|MANIFEST-|OPTIONS-)/;

/**
 * The newest checkpoint that can be used, with its state in a directory; null when there is none at all. A damaged one is skipped with a report, naming the file: an older one only
 * means that more input is read again, and a sink whose later output is visible already refuses. `epoch` picks one, and then nothing else will do.
 */
export async function restoreCheckpoint(
  storage: CheckpointStorage,
  epoch: number | null,
  makeDirectory: () => Promise<string>,
  report: (problem: EngineError, epoch: number) => void,
): Promise<{ manifest: Manifest; directory: string } | null> {
  const epochs = epoch === null ? [...(await storage.listManifests())].reverse() : [epoch];
  for (const candidate of epochs) {
    try {
      const manifest = await readManifest(storage, candidate);
      const directory = await makeDirectory();
      for (const file of manifest.state.files) {
        await storage.fetchData(file.sha256, file.length, path.join(directory, file.name), !COPIED.test(file.name));
      }
      return { manifest, directory };
    } catch (cause) {
      const error = cause instanceof EngineError ? cause : unreadable(candidate, storage, cause);
      // A store or a disk that does not answer says nothing about its checkpoints.
      if (epoch !== null || error.code === 'CHECKPOINT_INCOMPATIBLE' || error.code === 'CHECKPOINT_STORE') throw error;
      report(error, candidate);
    }
  }
  if (epochs.length === 0) return null;
  throw new EngineError(
    'CHECKPOINT_CORRUPT',
    `none of the ${epochs.length} checkpoints in ${storage.location} can be used; start over with --fresh`,
    { location: storage.location },
  );
}

export async function readManifest(storage: CheckpointStorage, epoch: number): Promise<Manifest> {
  let content: Buffer;
  try {
    content = await storage.readManifest(epoch);
  } catch (cause) {
    if (cause instanceof EngineError && cause.code === 'CHECKPOINT_STORE') throw cause;
    const known = cause instanceof EngineError || (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (!known) throw unreadable(epoch, storage, cause);
    throw new EngineError('CHECKPOINT_NOT_FOUND', `no checkpoint ${epoch} in ${storage.location}`, { epoch }, cause);
  }
  return decodeManifest(content, `${storage.location}, epoch ${epoch}`, epoch);
}

function unreadable(epoch: number, { location }: CheckpointStorage, cause: unknown): EngineError {
  const why = (cause as Error).message;
  return new EngineError(
    'CHECKPOINT_STORE',
    `checkpoint ${epoch} in ${location} cannot be read: ${why}`,
    { epoch },
    cause,
  );
}
