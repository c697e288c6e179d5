import fs from 'node:fs';
import type { ListedObject, ObjectStore } from '../../src/storage/remote/object-store.ts';

/**
 * An object store in memory. Several stores may share one map, like processes that share a bucket.
 */
export class MemoryObjects implements ObjectStore {
  readonly location = 'memory:';
  readonly objects: Map<string, Buffer>;

  constructor(objects: Map<string, Buffer> = new Map()) {
    this.objects = objects;
  }

  async create(key: string, content: Buffer): Promise<boolean> {
    if (this.objects.has(key)) return false;
    this.objects.set(key, content);
    return true;
  }

  async put(key: string, content: Buffer): Promise<void> {
    this.objects.set(key, content);
  }

  async get(key: string): Promise<Buffer | null> {
    return this.objects.get(key) ?? null;
  }

  async putFile(key: string, localPath: string): Promise<void> {
    this.objects.set(key, fs.readFileSync(localPath));
  }

  async getFile(key: string, localPath: string): Promise<boolean> {
    const content = this.objects.get(key);
    if (content !== undefined) fs.writeFileSync(localPath, content);
    return content !== undefined;
  }

  async list(prefix: string): Promise<readonly ListedObject[]> {
    return [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { length }]) => ({ key, length }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async delete(key: string): Promise<void> {
    this.objects.delete(key);
  }

  close(): void {}
}
