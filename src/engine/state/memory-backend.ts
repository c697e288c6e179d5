import path from 'node:path';
import { type Disk, systemDisk } from '../../core/disk.ts';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import type { StateBackend, StateEntry, StateWrite } from './state-backend.ts';

/** State in memory: for tests, simulation and small jobs. A snapshot is one file of all entries. */
export class MemoryBackend implements StateBackend {
  readonly kind = 'memory';
  readonly #disk: Disk;
  /** The key as latin1 text, which sorts like its bytes. */
  readonly #entries = new Map<string, Buffer>();
  #sorted: string[] | null = null;

  constructor(disk: Disk = systemDisk) {
    this.#disk = disk;
  }

  static async restore(directory: string, disk: Disk = systemDisk): Promise<MemoryBackend> {
    const backend = new MemoryBackend(disk);
    const reader = new ByteReader(await disk.read(path.join(directory, SNAPSHOT_FILE)));
    while (reader.position < reader.end) backend.#entries.set(reader.bytes().latin1Slice(), reader.bytes());
    return backend;
  }

  async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | null)[]> {
    return keys.map((key) => this.#entries.get(key.latin1Slice()) ?? null);
  }

  async write(operations: readonly StateWrite[]): Promise<void> {
    for (const { key, value } of operations) {
      const name = key.latin1Slice();
      if (value === null ? this.#entries.delete(name) : !this.#entries.has(name)) this.#sorted = null;
      if (value !== null) this.#entries.set(name, value);
    }
  }

  async deleteRange(from: Buffer, to: Buffer): Promise<void> {
    const first = from.latin1Slice();
    const last = to.latin1Slice();
    for (const name of this.#entries.keys()) if (name >= first && name < last) this.#entries.delete(name);
    this.#sorted = null;
  }

  async *scan(from: Buffer, to: Buffer): AsyncIterable<readonly StateEntry[]> {
    this.#sorted ??= [...this.#entries.keys()].sort();
    const sorted = this.#sorted;
    const first = from.latin1Slice();
    const last = to.latin1Slice();
    let at = lowerBound(sorted, first);
    while (at < sorted.length && sorted[at]! < last) {
      const chunk: StateEntry[] = [];
      for (; at < sorted.length && chunk.length < 1024 && sorted[at]! < last; at++) {
        const value = this.#entries.get(sorted[at]!);
        if (value !== undefined) chunk.push({ key: Buffer.from(sorted[at]!, 'latin1'), value });
      }
      yield chunk;
    }
  }

  async snapshotTo(directory: string): Promise<readonly string[]> {
    this.#disk.makeDirectory(directory);
    const writer = new ByteWriter(1 << 16);
    for (const [key, value] of this.#entries) {
      writer.bytes(Buffer.from(key, 'latin1'));
      writer.bytes(value);
    }
    await this.#disk.write(path.join(directory, SNAPSHOT_FILE), writer.buffer.subarray(0, writer.position), false);
    return [SNAPSHOT_FILE];
  }

  async memoryBytes(): Promise<number> {
    let sum = 0;
    for (const [key, value] of this.#entries) sum += 100 + key.length + value.length;
    return sum;
  }

  async freeDiskBytes(): Promise<number> {
    return Number.POSITIVE_INFINITY;
  }

  async close(): Promise<void> {}
}

export const SNAPSHOT_FILE = 'entries.bin';

function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
