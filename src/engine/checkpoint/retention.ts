import type { CheckpointStorage } from './checkpoint-storage.ts';
import { decodeManifest, type Manifest } from './manifest.ts';

/**
 * Mark and sweep: keeps the newest `retained` manifests, then deletes data that none of them names. Manifests go first, so that none is left naming data that is gone; when
 * one of the kept cannot be read nothing is deleted. Runs between checkpoints, by the only writer.
 */
export async function sweepCheckpoints(storage: CheckpointStorage, retained: number): Promise<void> {
  const epochs = await storage.listManifests();
  const kept: Manifest[] = [];
  for (const epoch of epochs.slice(-retained)) {
    kept.push(decodeManifest(await storage.readManifest(epoch), `${storage.location}, epoch ${epoch}`));
  }
  for (const epoch of epochs.slice(0, -retained)) await storage.deleteManifest(epoch);
  const named = new Set(kept.flatMap((m) => m.state.files.map((f) => f.sha256)));
  for (const sha256 of await storage.listData()) if (!named.has(sha256)) await storage.deleteData(sha256);
}
