import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { Batch } from '../../batch/batch.ts';
import { type Disk, systemDisk } from '../../core/disk.ts';
import { makeDurableDirectory } from '../../core/durable-file.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { PreparedEpoch, Sink } from '../../engine/sink.ts';
import { ByteOutput } from '../../formats/byte-output.ts';
import { encodeLines, type RowEncoder } from '../../formats/row-encoder.ts';

const FLUSH_AT = 1 << 19;

export interface FileSinkOptions {
  readonly directory: string;
  readonly job: string;
  readonly suffix: string;
  readonly encoder: RowEncoder;
  readonly durable: boolean;
  /** Bytes that are collected before they are written; absent: 512 KB. */
  readonly flushAt?: number;
  readonly disk?: Disk;
}

/** A closed part, as the manifest lists it. */
interface Part {
  readonly hidden: string;
  readonly name: string;
  readonly length: number;
  /**
   * Detects damage at a third of the cost of a sha256 (w6d); null: a job without checkpoints. Older
   * checkpoints have a sha256 instead, which is not compared.
   */
  readonly crc32?: number | null;
}

/**
 * Exactly-once files in a directory (design, section 5). Rows go to a hidden part. The barrier
 * closes and syncs it. When the manifest that lists it is durable, it is renamed. A restore
 * finishes the renames of the manifest. The next checkpoint removes the job's other hidden parts.
 * Visible files are never changed.
 */
export class FileSink implements Sink {
  readonly #directory: string;
  readonly #job: string;
  readonly #suffix: string;
  readonly #encoder: RowEncoder;
  readonly #durable: boolean;
  readonly #disk: Disk;
  readonly #output: ByteOutput;
  readonly #flushAt: number;
  #instance = '';
  #process = '';
  #epoch = 1;
  #file: number | null = null;
  #hidden = '';
  #length = 0;
  #crc32 = 0;
  /** Hidden parts of others that `restore` found. */
  #leftBehind: string[] = [];

  /** `durable`: parts are synced, and listed with a checksum (jobs with checkpoints). */
  constructor(options: FileSinkOptions) {
    this.#directory = options.directory;
    this.#job = options.job.replace(/[^A-Za-z0-9_.-]/g, '_');
    this.#suffix = options.suffix;
    this.#encoder = options.encoder;
    this.#durable = options.durable;
    this.#disk = options.disk ?? systemDisk;
    this.#flushAt = options.flushAt ?? FLUSH_AT;
    this.#output = new ByteOutput(this.#flushAt * 2);
  }

  write(batch: Batch): void {
    const { selected } = batch;
    if (selected === 0) return;
    encodeLines(this.#encoder, batch, this.#output);
    if (this.#output.position >= this.#flushAt) this.#flush();
  }

  #flush(): void {
    const { buffer, position } = this.#output;
    if (position === 0) return;
    if (this.#file === null) this.#openPart();
    const bytes = buffer.subarray(0, position);
    const file = this.#file!;
    try {
      for (let at = 0; at < position; ) at += this.#disk.append(file, bytes, at);
    } catch (cause) {
      throw new EngineError(
        'CONNECTOR_WRITE',
        `cannot write to ${this.#directory}: ${(cause as Error).message}`,
        { directory: this.#directory },
        cause,
      );
    }
    if (this.#durable) this.#crc32 = crc32(bytes, this.#crc32);
    this.#length += position;
    this.#output.position = 0;
  }

  #openPart(): void {
    this.#hidden = hiddenName(this.#nameOf(this.#epoch), this.#process);
    this.#file = this.#disk.createNow(path.join(this.#directory, this.#hidden));
    this.#length = 0;
    this.#crc32 = 0;
  }

  #nameOf(epoch: number): string {
    return `part-${this.#job}-${this.#instance}-${String(epoch).padStart(6, '0')}-0${this.#suffix}`;
  }

  prepare(epoch: number): PreparedEpoch {
    this.#flush();
    this.#epoch = epoch + 1;
    if (this.#file === null) return { prepared: Promise.resolve(null) };
    const file = this.#file;
    this.#file = null;
    const part: Part = {
      hidden: this.#hidden,
      name: this.#nameOf(epoch),
      length: this.#length,
      crc32: this.#durable ? this.#crc32 : null,
    };
    return { prepared: this.#close(file, part) };
  }

  async #close(file: number, part: Part): Promise<Part> {
    if (this.#durable) {
      await this.#disk.sync(file);
      this.#disk.syncDirectory(this.#directory);
    }
    this.#disk.closeNow(file);
    return part;
  }

  async commit(prepared: unknown): Promise<void> {
    const part = prepared as Part;
    const hidden = path.join(this.#directory, part.hidden);
    const visible = path.join(this.#directory, part.name);
    try {
      this.#disk.renameNow(hidden, visible);
    } catch (cause) {
      const done = this.#disk.status(visible);
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || done?.size !== part.length) {
        throw new EngineError(
          'CONNECTOR_WRITE',
          `output ${visible} cannot be made visible: ${(cause as Error).message}`,
          { file: visible },
          cause,
        );
      }
    }
    if (this.#durable) this.#disk.syncDirectory(this.#directory);
  }

  /**
   * Returns whether the part is neither hidden nor visible. Then the part was committed, and a
   * reader has removed it. It cannot be lost otherwise, because it was durable before the manifest
   * that lists it.
   */
  #consumed(part: Part): boolean {
    return [part.hidden, part.name].every((name) => this.#disk.status(path.join(this.#directory, name)) === null);
  }

  /** Checks a part that is not visible yet. The part must match the manifest. */
  async #check({ hidden, length, crc32: expected = null }: Part): Promise<void> {
    const file = path.join(this.#directory, hidden);
    let found = 0;
    let bytes = 0;
    try {
      for await (const piece of this.#disk.pieces(file)) {
        found = crc32(piece, found);
        bytes += piece.length;
      }
    } catch (error) {
      // The part is already visible. A process whose job was taken over may just have renamed it.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    if (bytes === length && (expected === null || found === expected)) return;
    throw new EngineError(
      'CHECKPOINT_CORRUPT',
      `output ${file} is damaged: it is not what the checkpoint has of it. Take an earlier checkpoint (--restore), or remove the file to go on without these rows`,
      { file },
    );
  }

  /** Starts without parts of an earlier run: in a directory that did not exist before. */
  begin(epoch: number, instance: string, process: string): void {
    makeDurableDirectory(this.#directory, this.#disk);
    this.#instance = instance;
    this.#process = process;
    this.#epoch = epoch + 1;
  }

  async restore(prepared: readonly unknown[], epoch: number, instance: string, process = ''): Promise<void> {
    const known = this.#disk.status(this.#directory);
    if (known !== null && !known.isDirectory) {
      throw new EngineError('CONNECTOR_WRITE', `the sink's path ${this.#directory} is a file; it must be a directory`, {
        path: this.#directory,
      });
    }
    makeDurableDirectory(this.#directory, this.#disk);
    for (const part of prepared as readonly Part[]) {
      if (this.#consumed(part)) continue;
      await this.#check(part);
      await this.commit(part);
    }
    this.#instance = instance;
    this.#process = process;
    const mine = new RegExp(`^\\.?part-${escapeRegExp(this.#job)}-([0-9a-z]+)-(\\d+)-\\d+`);
    for (const name of this.#disk.list(this.#directory)) {
      const found = mine.exec(name);
      if (found === null) continue;
      if (name.startsWith('.')) {
        // Without checkpoints the owner of other hidden parts is unknown: another process may be
        // writing them.
        if (this.#durable) this.#leftBehind.push(name);
      } else if (found[1] === instance && Number(found[2]) > epoch) {
        throw new EngineError(
          'CHECKPOINT_CORRUPT',
          `checkpoint ${epoch} is older than output that is visible already (${path.join(this.#directory, name)}): going on would write it twice. Move the later parts away to accept that`,
          { file: name },
        );
      }
    }
    this.#epoch = epoch + 1;
  }

  settle(): void {
    for (const name of this.#leftBehind.splice(0)) {
      try {
        this.#disk.removeNow(path.join(this.#directory, name));
      } catch {
        // The file stays hidden, and the next restore finds it.
      }
    }
  }

  async close(): Promise<void> {
    if (this.#file !== null) this.#disk.closeNow(this.#file);
    this.#file = null;
  }
}

/**
 * Returns the hidden name of a part. It includes the process, because a process whose job was taken
 * over may still write under another name.
 */
const hiddenName = (name: string, process: string): string => `.${name}.${process}.inprogress`;
const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
