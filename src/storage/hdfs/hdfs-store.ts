import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { ListedObject, ObjectStore } from '../remote/object-store.ts';
import { type Content, readAll, WebHdfsClient, type WebHdfsPlace } from './webhdfs-client.ts';

/** Directory of files that do not have their final name yet. */
const UNFINISHED = 'unfinished';
/** A process writes such a file for at most this time. */
const GIVEN_UP_MS = 24 * 3600 * 1000;

interface FileStatus {
  readonly pathSuffix: string;
  readonly type: 'FILE' | 'DIRECTORY';
  readonly length: number;
  /** Milliseconds since 1970, by the clock of the name node. */
  readonly modificationTime: number;
}

/**
 * Files in HDFS, over WebHDFS. HDFS shows files that are still being written, and keeps those whose
 * writer died. So each file is written under a temporary name, its length is read back, and then it
 * is renamed. RENAME is atomic and refuses an existing name: this is the create-if-absent that
 * fencing needs.
 */
export class HdfsStore implements ObjectStore {
  readonly location: string;
  readonly #directory: string;
  readonly #client: WebHdfsClient;
  readonly #clock: Clock;
  readonly #made = new Set<string>();

  /** `directory`: absolute, without a slash at its end. */
  constructor(place: WebHdfsPlace, directory: string, clock: Clock, attempts?: number) {
    this.location = `${place.location}${directory}`;
    this.#directory = directory;
    this.#clock = clock;
    this.#client = new WebHdfsClient({ ...place, location: this.location }, clock, attempts);
  }

  async create(key: string, content: Buffer): Promise<boolean> {
    const written = await this.#write({ length: content.length, open: () => content });
    if (await this.#rename(written, key, false)) return true;
    await this.#delete(written);
    return false;
  }

  async put(key: string, content: Buffer): Promise<void> {
    await this.#replace(key, { length: content.length, open: () => content });
  }

  async get(key: string): Promise<Buffer | null> {
    return this.#client.read(this.#pathOf(key), readAll);
  }

  async putFile(key: string, localPath: string, length: number): Promise<void> {
    await this.#replace(key, { length, open: () => fs.createReadStream(localPath) });
  }

  async getFile(key: string, localPath: string): Promise<boolean> {
    const found = await this.#client.read(this.#pathOf(key), async (body) => {
      await pipeline(body, fs.createWriteStream(localPath));
      return true;
    });
    return found === true;
  }

  async list(prefix: string): Promise<readonly ListedObject[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const found = (await this.#statuses(folder)).flatMap(({ pathSuffix, type, length }) => {
      const key = folder + pathSuffix;
      return type === 'FILE' && key.startsWith(prefix) ? [{ key, length }] : [];
    });
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async delete(key: string): Promise<void> {
    await this.#delete(this.#pathOf(key));
  }

  close(): void {
    this.#client.close();
  }

  /** Writes the file under a unique temporary name and returns its path. */
  async #write(content: Content): Promise<string> {
    if (!this.#made.has(UNFINISHED)) await this.#removeGivenUp();
    const file = this.#pathOf(`${UNFINISHED}/${randomUUID()}`);
    await this.#client.write(file, content);
    const status = await this.#client.ask<{ FileStatus: FileStatus }>('GET', file, 'GETFILESTATUS');
    const length = status?.FileStatus.length;
    if (length === content.length) return file;
    throw this.#failure(`${file} has ${length ?? 'no'} bytes after ${content.length} were written`);
  }

  async #replace(key: string, content: Content): Promise<void> {
    const written = await this.#write(content);
    if (!(await this.#rename(written, key, true))) throw this.#failure(`${key} cannot be written`);
  }

  /**
   * Renames a file. Returns false if the name exists. An earlier attempt with a lost reply may have
   * created the name.
   */
  async #rename(from: string, key: string, replace: boolean): Promise<boolean> {
    const to = this.#pathOf(key);
    const folder = path.posix.dirname(to);
    if (!this.#made.has(folder)) {
      await this.#client.ask('PUT', folder, 'MKDIRS');
      this.#made.add(folder);
    }
    const options = replace ? { renameoptions: 'OVERWRITE' } : {};
    const answer = await this.#client.ask<{ boolean?: boolean }>('PUT', from, 'RENAME', {
      destination: to,
      ...options,
    });
    // With options the reply is empty; null: the source does not exist, so an earlier attempt has
    // renamed it.
    return replace || answer?.boolean === true;
  }

  /** Removes the files that dead processes were writing. */
  async #removeGivenUp(): Promise<void> {
    for (const { pathSuffix, modificationTime } of await this.#statuses(`${UNFINISHED}/`)) {
      if (this.#clock.now() - modificationTime > GIVEN_UP_MS)
        await this.#delete(this.#pathOf(`${UNFINISHED}/${pathSuffix}`));
    }
    this.#made.add(UNFINISHED);
  }

  async #statuses(folder: string): Promise<readonly FileStatus[]> {
    const at = this.#pathOf(folder).replace(/\/$/, '');
    const found = await this.#client.ask<{ FileStatuses: { FileStatus: FileStatus[] } }>('GET', at, 'LISTSTATUS');
    return found?.FileStatuses.FileStatus ?? [];
  }

  async #delete(file: string): Promise<void> {
    await this.#client.ask('DELETE', file, 'DELETE');
  }

  #pathOf(key: string): string {
    return `${this.#directory}/${key}`;
  }

  #failure(what: string): EngineError {
    return new EngineError('CHECKPOINT_STORE', `${this.location}: ${what}`, { location: this.location });
  }
}
