import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import { AncestorLine } from './ancestor-line.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import { decodeManifest, type Manifest } from './manifest.ts';

/** Files that RocksDB may write to again after a restore; they are copied, all others linked. */
const COPIED = /^(CURRENT|MANIFEST-|OPTIONS-)/;

/** After these failures an ancestor is tried. */
const DAMAGE: ReadonlySet<string> = new Set(['CHECKPOINT_CORRUPT', 'CHECKPOINT_NOT_FOUND']);

/** A checkpoint, and the directories with the state of its subtasks. */
export interface RestoredFiles {
  readonly manifest: Manifest;
  readonly directories: readonly string[];
}

/**
 * Returns the newest usable checkpoint, with the state of each subtask in a directory. Returns null
 * if there is no checkpoint. If a checkpoint is damaged, reports the name of the file and uses an
 * ancestor. Then more input is read again, and a sink whose later output is visible refuses to
 * start. `epoch` chooses one checkpoint without alternatives.
 */
export async function restoreCheckpoint(
  storage: CheckpointStorage,
  epoch: number | null,
  makeDirectory: (subtask: number) => Promise<string>,
  report: (problem: EngineError, epoch: number) => void,
): Promise<RestoredFiles | null> {
  const epochs = epoch === null ? await storage.listManifests() : [epoch];
  if (epochs.length === 0) return null;
  const line = new AncestorLine(epochs, storage.location);
  /** Reads a candidate. Returns null after reporting that the candidate is damaged. */
  const attempt = async <T>(candidate: number, read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (cause) {
      const error = cause instanceof EngineError ? cause : unreadable(candidate, storage, cause);
      // A store or a disk that does not answer does not mean that a checkpoint is damaged.
      if (epoch !== null || !DAMAGE.has(error.code)) throw error;
      report(error, candidate);
      return null;
    }
  };
  for (let candidate = line.next(); candidate !== undefined; candidate = line.next()) {
    const at = candidate;
    const manifest = await attempt(at, () => readManifest(storage, at));
    if (manifest === null) continue;
    line.found(manifest);
    const directories = await attempt(at, () => fetchState(storage, manifest, makeDirectory));
    if (directories !== null) return { manifest, directories };
  }
  throw line.nothingLeft();
}

async function fetchState(
  storage: CheckpointStorage,
  manifest: Manifest,
  makeDirectory: (subtask: number) => Promise<string>,
): Promise<readonly string[]> {
  const directories: string[] = [];
  for (const { subtask, files } of manifest.state.subtasks) {
    const directory = await makeDirectory(subtask);
    for (const { name, sha256, length } of files) {
      await storage.fetchData(sha256, length, path.join(directory, name), !COPIED.test(name));
    }
    directories.push(directory);
  }
  return directories;
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
