import fs from 'node:fs';
import path from 'node:path';
import { createFileOnce, hashFile, syncDirectory, syncFile } from '../../core/durable-file.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from '../../engine/checkpoint/checkpoint-storage.ts';
import { ProcessLock } from './process-lock.ts';

/**
 * Checkpoints of one job in a local directory:
 *
 *     <directory>/manifests/<epoch>.json   immutable, created by link
 *     <directory>/data/<sha256>            content-addressed; hard links of what the state store wrote
 *     <directory>/work                     live state and snapshots of the running process
 *     <directory>/lock                     who runs the job
 */
export class LocalStorage implements CheckpointStorage {
  readonly location: string;
  readonly #data: string;
  readonly #manifests: string;
  readonly #work: string;
  readonly #lock: ProcessLock;

  /** `workRoot`: where live state lies when it is not to lie beside the checkpoints. */
  constructor(directory: string, workRoot: string | null = null) {
    this.location = directory;
    this.#data = path.join(directory, 'data');
    this.#manifests = path.join(directory, 'manifests');
    this.#work = workRoot ?? path.join(directory, 'work');
    this.#lock = new ProcessLock(path.join(directory, 'lock'));
  }

  async acquire(): Promise<void> {
    for (const directory of [this.#data, this.#manifests]) fs.mkdirSync(directory, { recursive: true });
    this.#lock.acquire(`the job directory ${this.location}`);
    // Live state of a dead process is never used again; neither are half-written files.
    fs.rmSync(this.#work, { recursive: true, force: true });
    fs.mkdirSync(this.#work, { recursive: true });
    for (const directory of [this.#data, this.#manifests]) {
      for (const name of fs.readdirSync(directory)) if (name.endsWith('.tmp')) fs.rmSync(path.join(directory, name));
    }
  }

  async release(): Promise<void> {
    fs.rmSync(this.#work, { recursive: true, force: true });
    this.#lock.release();
  }

  async putData(sha256: string, length: number, localPath: string): Promise<void> {
    const target = path.join(this.#data, sha256);
    const known = fs.statSync(target, { throwIfNoEntry: false });
    if (known !== undefined && known.size === length) return;
    await syncFile(localPath);
    const temporary = `${target}.${process.pid}.tmp`;
    fs.rmSync(temporary, { force: true });
    try {
      await fs.promises.link(localPath, temporary);
    } catch (error) {
      if (!['EXDEV', 'EPERM', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await fs.promises.copyFile(localPath, temporary);
      await syncFile(temporary);
    }
    await fs.promises.rename(temporary, target);
    syncDirectory(this.#data);
  }

  async fetchData(sha256: string, length: number, localPath: string, mayLink: boolean): Promise<void> {
    const source = path.join(this.#data, sha256);
    const known = fs.statSync(source, { throwIfNoEntry: false });
    const broken = (what: string) =>
      new EngineError('CHECKPOINT_CORRUPT', `the checkpoint file ${source} ${what}`, { file: source });
    if (known === undefined) throw broken('is missing');
    if (known.size !== length) throw broken(`has ${known.size} bytes instead of ${length}`);
    if ((await hashFile(source)).sha256 !== sha256) throw broken('is damaged: its sha256 does not fit');
    if (mayLink) {
      try {
        await fs.promises.link(source, localPath);
        return;
      } catch (error) {
        if (!['EXDEV', 'EPERM', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
    await fs.promises.copyFile(source, localPath);
  }

  async listData(): Promise<readonly string[]> {
    return fs.readdirSync(this.#data).filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  async deleteData(sha256: string): Promise<void> {
    await fs.promises.rm(path.join(this.#data, sha256), { force: true });
  }

  async createManifest(epoch: number, content: Buffer): Promise<boolean> {
    return createFileOnce(path.join(this.#manifests, `${epoch}.json`), content);
  }

  async readManifest(epoch: number): Promise<Buffer> {
    return fs.promises.readFile(path.join(this.#manifests, `${epoch}.json`));
  }

  async listManifests(): Promise<readonly number[]> {
    if (!fs.existsSync(this.#manifests)) return [];
    return fs
      .readdirSync(this.#manifests)
      .flatMap((name) => (/^\d+\.json$/.test(name) ? [Number(name.slice(0, -5))] : []))
      .sort((a, b) => a - b);
  }

  async deleteManifest(epoch: number): Promise<void> {
    await fs.promises.rm(path.join(this.#manifests, `${epoch}.json`), { force: true });
    syncDirectory(this.#manifests);
  }

  async workDirectory(name: string): Promise<string> {
    const directory = path.join(this.#work, name);
    fs.rmSync(directory, { recursive: true, force: true });
    fs.mkdirSync(directory, { recursive: true });
    return directory;
  }
}
