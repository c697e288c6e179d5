import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import { decodeManifest, type Manifest, stateFilesOf } from './manifest.ts';

/**
 * Keeps the newest `retained` manifests, those made less than `minAgeMs` before the newest, and all
 * savepoints. Then deletes the data that none of them names (mark and sweep). Deletes manifests
 * first, so that no manifest names deleted data. Deletes no data if a kept manifest cannot be read.
 * Runs between checkpoints, by the only writer. Returns the kept epochs.
 */
export async function sweepCheckpoints(
  storage: CheckpointStorage,
  retained: number,
  minAgeMs = 0,
): Promise<ReadonlySet<number>> {
  const epochs = await storage.listManifests();
  const kept: Manifest[] = [];
  for (const epoch of epochs.slice(-retained)) kept.push(await manifestOf(storage, epoch));
  const old: number[] = [];
  // Only times of one writer's clock are compared, so its offset does not matter.
  const youngSince = (kept.at(-1)?.createdAt ?? 0) - minAgeMs;
  for (const epoch of epochs.slice(0, -retained)) {
    const manifest = await usableAt(storage, epoch);
    const young = minAgeMs > 0 && manifest !== null && manifest.createdAt > youngSince;
    if (manifest !== null && (young || manifest.savepoint !== undefined)) kept.push(manifest);
    else old.push(epoch);
  }
  for (const epoch of old) await storage.deleteManifest(epoch);
  const named = new Set(kept.flatMap((m) => stateFilesOf(m).map((f) => f.sha256)));
  for (const sha256 of await storage.listData()) if (!named.has(sha256)) await storage.deleteData(sha256);
  return new Set(kept.map((m) => m.epoch));
}

/** Deletes all data of a job, including savepoints. The storage must have been acquired. */
export async function deleteAllCheckpoints(storage: CheckpointStorage): Promise<void> {
  for (const epoch of await storage.listManifests()) await storage.deleteManifest(epoch);
  for (const sha256 of await storage.listData()) await storage.deleteData(sha256);
}

/**
 * Returns the checkpoint if it is a savepoint. A manifest with a wrong checksum is not a savepoint,
 * because it cannot be restored.
 */
export async function savepointAt(storage: CheckpointStorage, epoch: number): Promise<Manifest | null> {
  const manifest = await usableAt(storage, epoch);
  return manifest?.savepoint === undefined ? null : manifest;
}

async function usableAt(storage: CheckpointStorage, epoch: number): Promise<Manifest | null> {
  try {
    return await manifestOf(storage, epoch);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'CHECKPOINT_CORRUPT') return null;
    throw error;
  }
}

async function manifestOf(storage: CheckpointStorage, epoch: number): Promise<Manifest> {
  return decodeManifest(await storage.readManifest(epoch), `${storage.location}, epoch ${epoch}`, epoch);
}
