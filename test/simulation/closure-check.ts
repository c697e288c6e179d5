import { createHash } from 'node:crypto';
import { decodeManifest, type Manifest, stateFilesOf } from '../../src/engine/checkpoint/manifest.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import { CHECKPOINTS } from './simulated-life.ts';
import type { SimulatedServer } from './simulated-objects.ts';

/**
 * Checks that all files of the existing manifests exist, and would exist after a loss of power.
 * Returns what is missing, or null.
 */
export function checkClosure(disk: SimulatedDisk, server: SimulatedServer | null): string | null {
  const data = server === null ? dataOf(disk) : objectsOf(server);
  for (const [name, content] of server === null ? manifestsOf(disk) : entriesOf(server)) {
    let manifest: Manifest;
    try {
      manifest = decodeManifest(content, name);
    } catch (error) {
      return (error as Error).message;
    }
    for (const file of stateFilesOf(manifest)) {
      const found = data.get(file.sha256) ?? [];
      if (!found.some((bytes) => bytes.length === file.length && sha256(bytes) === file.sha256)) {
        return `manifest ${name} names ${file.name}, ${file.sha256}, which is ${found.length === 0 ? 'not there' : 'damaged'}`;
      }
    }
  }
  return null;
}

/** Returns the manifest with the highest epoch. */
export function newestManifest(disk: SimulatedDisk, server: SimulatedServer | null): Manifest | null {
  const all = [...(server === null ? manifestsOf(disk) : entriesOf(server))].map(([name, text]) =>
    decodeManifest(text, name),
  );
  return all.sort((a, b) => b.epoch - a.epoch)[0] ?? null;
}

function manifestsOf(disk: SimulatedDisk): ReadonlyMap<string, Buffer> {
  return new Map([...disk.files(`${CHECKPOINTS}/manifests`, true)].filter(([name]) => name.endsWith('.json')));
}

function dataOf(disk: SimulatedDisk): ReadonlyMap<string, readonly Buffer[]> {
  return new Map(
    [...disk.files(`${CHECKPOINTS}/data`, true)].map(([name, bytes]) => [
      name.slice(name.lastIndexOf('/') + 1),
      [bytes],
    ]),
  );
}

function entriesOf({ objects }: SimulatedServer): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const [key, content] of objects) {
    const split = content.indexOf('\n') + 1;
    if (key.startsWith('log/') && content.length > split) found.set(key, content.subarray(split));
  }
  return found;
}

function objectsOf({ objects }: SimulatedServer): ReadonlyMap<string, readonly Buffer[]> {
  const found = new Map<string, Buffer[]>();
  for (const [key, content] of objects) {
    if (!key.startsWith('data/')) continue;
    const sha = key.slice(5, 69);
    found.set(sha, [...(found.get(sha) ?? []), content]);
  }
  return found;
}

const hashes = new WeakMap<Buffer, string>();

function sha256(bytes: Buffer): string {
  const known = hashes.get(bytes) ?? createHash('sha256').update(bytes).digest('hex');
  hashes.set(bytes, known);
  return known;
}
