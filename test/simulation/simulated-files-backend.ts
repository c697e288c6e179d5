import path from 'node:path';
import type { Disk } from '../../src/core/disk.ts';
import { ByteReader, ByteWriter } from '../../src/engine/state/byte-codec.ts';
import { MemoryBackend } from '../../src/engine/state/memory-backend.ts';
import type { StateBackend, StateEntry, StateWrite } from '../../src/engine/state/state-backend.ts';
import type { SimulatedProcess } from './world.ts';

/**
 * State in files that never change, as RocksDB keeps it: each snapshot writes the changes since the
 * last one into a new file. Sometimes it writes all state into one file. It links the files into
 * the snapshot and adds a short list of them. At the start it uses all files that it finds in its
 * directory.
 */
export class SimulatedFilesBackend implements StateBackend {
  readonly kind = 'rocksdb';
  readonly #life: SimulatedProcess;
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #entries: MemoryBackend;
  #unwritten: StateWrite[] = [];
  #files: string[] = [];
  #number = 0;

  private constructor(life: SimulatedProcess, disk: Disk, directory: string) {
    this.#life = life;
    this.#disk = disk;
    this.#directory = directory;
    this.#entries = new MemoryBackend(disk);
  }

  static async open(life: SimulatedProcess, disk: Disk, directory: string): Promise<SimulatedFilesBackend> {
    const backend = new SimulatedFilesBackend(life, disk, directory);
    if (disk.makeDirectory(directory) !== null || !disk.list(directory).includes('CURRENT')) return backend;
    const { files, number } = JSON.parse((await disk.read(path.join(directory, 'CURRENT'))).toString());
    backend.#files = files;
    backend.#number = number;
    for (const name of files) {
      const reader = new ByteReader(await disk.read(path.join(directory, name)));
      const writes: StateWrite[] = [];
      while (reader.position < reader.end) {
        const key = Buffer.from(reader.bytes());
        const value = Buffer.from(reader.bytes());
        writes.push({ key, value: value[0] === 1 ? value.subarray(1) : null });
      }
      await backend.#entries.write(writes);
    }
    return backend;
  }

  async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | null)[]> {
    await this.#life.inTime('', 0.5, () => {});
    return this.#entries.getMany(keys);
  }

  async write(operations: readonly StateWrite[]): Promise<void> {
    const copies = operations.map(({ key, value }) => ({
      key: Buffer.from(key),
      value: value && Buffer.from(value),
    }));
    await this.#life.inTime('', 0.5, () => {});
    await this.#entries.write(copies);
    this.#unwritten.push(...copies);
  }

  async deleteRange(from: Buffer, to: Buffer): Promise<void> {
    const deleted: StateWrite[] = [];
    for await (const chunk of this.#entries.scan(from, to))
      for (const { key } of chunk) deleted.push({ key, value: null });
    await this.write(deleted);
  }

  scan(from: Buffer, to: Buffer): AsyncIterable<readonly StateEntry[]> {
    return this.#entries.scan(from, to);
  }

  async snapshotTo(directory: string): Promise<readonly string[]> {
    if (this.#unwritten.length > 0 || this.#files.length === 0) {
      let writes = this.#unwritten;
      const merges = this.#life.world.random.chance(0.2);
      if (merges) {
        writes = [];
        for await (const chunk of this.#entries.scan(Buffer.alloc(0), Buffer.alloc(8, 0xff))) writes.push(...chunk);
      }
      const name = `${String(++this.#number).padStart(6, '0')}.sst`;
      await this.#disk.write(path.join(this.#directory, name), encode(writes), false);
      this.#unwritten = [];
      const old = this.#files;
      this.#files = merges ? [name] : [...old, name];
      if (merges) for (const file of old) await this.#disk.remove(path.join(this.#directory, file));
    }
    for (const name of this.#files) {
      await this.#disk.link(path.join(this.#directory, name), path.join(directory, name));
    }
    const list = JSON.stringify({ files: this.#files, number: this.#number });
    for (const place of [this.#directory, directory]) {
      await this.#disk.write(path.join(place, 'CURRENT'), Buffer.from(list), false);
    }
    return ['CURRENT', ...this.#files];
  }

  memoryBytes(): Promise<number> {
    return this.#entries.memoryBytes();
  }

  freeDiskBytes(): Promise<number> {
    return this.#entries.freeDiskBytes();
  }

  async close(): Promise<void> {}
}

function encode(writes: readonly StateWrite[]): Buffer {
  const writer = new ByteWriter(1 << 12);
  for (const { key, value } of writes) {
    writer.bytes(key);
    writer.bytes(value === null ? Buffer.of(0) : Buffer.concat([Buffer.of(1), value]));
  }
  return Buffer.from(writer.buffer.subarray(0, writer.position));
}
