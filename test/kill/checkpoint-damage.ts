import fs from 'node:fs';
import path from 'node:path';
import type { ObjectStore } from '../../src/storage/remote/object-store.ts';

/** The files of a job's checkpoints, on any storage. */
export interface CheckpointFiles {
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Buffer>;
  write(name: string, content: Buffer): Promise<void>;
  remove(name: string): Promise<void>;
}

export const DAMAGES = ['flip', 'truncate', 'remove', 'empty', 'swap'] as const;
export type Damage = (typeof DAMAGES)[number];

/**
 * Opens the manifests and the data of a job in a local directory. Replaces files and never writes
 * into them, because other names may be links to them.
 */
export function localFiles(jobDirectory: string): CheckpointFiles {
  return {
    async list() {
      const names = (folder: string): string[] =>
        fs.readdirSync(path.join(jobDirectory, folder)).map((name) => `${folder}/${name}`);
      return [...names('manifests'), ...names('data')].sort();
    },
    read: async (name) => fs.readFileSync(path.join(jobDirectory, name)),
    async write(name, content) {
      fs.rmSync(path.join(jobDirectory, name), { force: true });
      fs.writeFileSync(path.join(jobDirectory, name), content);
    },
    remove: async (name) => fs.rmSync(path.join(jobDirectory, name)),
  };
}

export function storedFiles(objects: ObjectStore): CheckpointFiles {
  return {
    list: async () => [...(await objects.list('log/')), ...(await objects.list('data/'))].map(({ key }) => key),
    read: async (name) => (await objects.get(name))!,
    write: (name, content) => objects.put(name, content),
    remove: (name) => objects.delete(name),
  };
}

/**
 * Damages a file. `at`: the place of the damage, in [0, 1). `other`: the file to swap with. Returns
 * a function that repairs the damage.
 */
export async function damage(
  files: CheckpointFiles,
  name: string,
  kind: Damage,
  at: number,
  other: string,
): Promise<() => Promise<void>> {
  const before = await files.read(name);
  if (kind === 'remove') {
    await files.remove(name);
  } else if (kind === 'swap') {
    const content = await files.read(other);
    await files.write(name, content);
    await files.write(other, before);
    return async () => {
      await files.write(name, before);
      await files.write(other, content);
    };
  } else {
    await files.write(name, damaged(before, kind, at));
  }
  return () => files.write(name, before);
}

function damaged(content: Buffer, kind: 'flip' | 'truncate' | 'empty', at: number): Buffer {
  const place = Math.floor(at * content.length);
  if (kind === 'empty') return Buffer.alloc(0);
  if (kind === 'truncate') return content.subarray(0, place);
  const copy = Buffer.from(content);
  // Flips the lowest bit. Text remains text and digits remain digits, so this damage is the hardest
  // to detect.
  copy[place]! ^= 1;
  return copy;
}
