import path from 'node:path';
import { Batch } from '../../batch/batch.ts';
import { systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { PreparedEpoch, Sink } from '../../engine/sink.ts';
import { FileSink, type FileSinkOptions } from './sink.ts';

/** A folder has its own buffer, so it is smaller than that of a sink without partitions. */
const FLUSH_AT = 1 << 15;

/** The parts of an epoch by folder, as the manifest lists them. */
interface PreparedFolders {
  readonly folders: readonly (readonly [folder: string, part: unknown])[];
}

export interface PartitionedSinkOptions extends FileSinkOptions {
  /** The positions of the partition columns. */
  readonly partitionedBy: readonly number[];
  /** The number of columns of the table. */
  readonly width: number;
  /** Returns the folder of the values of the partition columns: `day=2026-01-01`. */
  readonly folderOf: (values: readonly unknown[]) => string;
}

/**
 * Writes the rows of each partition into a separate folder, without the partition columns. Each
 * folder is a `FileSink`, so all parts of a checkpoint become visible when its manifest is durable.
 */
export class PartitionedSink implements Sink {
  readonly #options: PartitionedSinkOptions;
  readonly #stored: readonly number[];
  /** The folders of this epoch. Each holds an open file, so they are dropped with the epoch. */
  #open = new Map<string, FileSink>();
  /** Folders that existed at the start. */
  #restored: readonly FileSink[] = [];
  #epoch = 0;
  #instance = '';
  #process = '';

  constructor(options: PartitionedSinkOptions) {
    this.#options = options;
    const all = Array.from({ length: options.width }, (_, i) => i);
    this.#stored = all.filter((i) => !options.partitionedBy.includes(i));
  }

  write(batch: Batch): void {
    const { partitionedBy, folderOf } = this.#options;
    const keys = partitionedBy.map((i) => batch.columns[i]!);
    const rows = new Map<string, number[]>();
    for (let i = 0; i < batch.selected; i++) {
      const row = batch.selection === null ? i : batch.selection[i]!;
      const folder = folderOf(keys.map((key) => key.get(row)));
      const selected = rows.get(folder);
      if (selected === undefined) rows.set(folder, [row]);
      else selected.push(row);
    }
    const columns = this.#stored.map((i) => batch.columns[i]!);
    for (const [folder, selection] of rows)
      this.#sinkOf(folder).write(new Batch(batch.size, columns, batch.kinds, Int32Array.from(selection)));
  }

  #sinkOf(folder: string): FileSink {
    const known = this.#open.get(folder);
    if (known !== undefined) return known;
    const sink = this.#sink(folder);
    try {
      sink.begin(this.#epoch, this.#instance, this.#process);
    } catch (cause) {
      const { directory } = this.#options;
      const message = `cannot create the folder ${folder} in ${directory}: ${(cause as Error).message}`;
      throw new EngineError('CONNECTOR_WRITE', message, { directory }, cause);
    }
    this.#open.set(folder, sink);
    return sink;
  }

  #sink(folder: string): FileSink {
    return new FileSink({
      ...this.#options,
      directory: path.join(this.#options.directory, folder),
      flushAt: FLUSH_AT,
    });
  }

  prepare(epoch: number): PreparedEpoch {
    const prepared = [...this.#open].map(([folder, sink]) => ({ folder, part: sink.prepare(epoch).prepared }));
    this.#open = new Map();
    this.#epoch = epoch;
    return { prepared: this.#prepared(prepared) };
  }

  async #prepared(
    all: readonly { readonly folder: string; readonly part: Promise<unknown> }[],
  ): Promise<PreparedFolders | null> {
    const parts = await Promise.all(all.map(({ part }) => part));
    const folders = all.flatMap(({ folder }, i) => (parts[i] === null ? [] : [[folder, parts[i]] as const]));
    return folders.length === 0 ? null : { folders };
  }

  async commit(prepared: unknown): Promise<void> {
    for (const [folder, part] of (prepared as PreparedFolders).folders) await this.#sink(folder).commit(part);
  }

  async restore(prepared: readonly unknown[], epoch: number, instance: string, process = ''): Promise<void> {
    const { directory, disk = systemDisk } = this.#options;
    const known = disk.status(directory);
    if (known !== null && !known.isDirectory) {
      throw new EngineError('CONNECTOR_WRITE', `the sink's path ${directory} is a file; it must be a directory`, {
        path: directory,
      });
    }
    const parts = new Map<string, unknown[]>(this.#existingFolders().map((folder) => [folder, []]));
    for (const { folders } of prepared as readonly PreparedFolders[]) {
      for (const [folder, part] of folders) parts.set(folder, [...(parts.get(folder) ?? []), part]);
    }
    const restored: FileSink[] = [];
    for (const [folder, own] of parts) {
      const sink = this.#sink(folder);
      await sink.restore(own, epoch, instance, process);
      restored.push(sink);
    }
    this.#restored = restored;
    this.#epoch = epoch;
    this.#instance = instance;
    this.#process = process;
  }

  /** Returns the folders of partitions that exist, as deep as there are partition columns. */
  #existingFolders(): string[] {
    const { directory, disk = systemDisk, partitionedBy } = this.#options;
    let folders = [''];
    for (let level = 0; level < partitionedBy.length; level++) {
      folders = folders.flatMap((folder) => {
        if (disk.status(path.join(directory, folder)) === null) return [];
        const inside = disk.list(path.join(directory, folder)).filter((name) => name.includes('='));
        return inside
          .map((name) => path.join(folder, name))
          .filter((each) => disk.status(path.join(directory, each))?.isDirectory === true);
      });
    }
    return folders;
  }

  settle(): void {
    for (const sink of this.#restored) sink.settle();
    this.#restored = [];
  }

  async close(): Promise<void> {
    for (const sink of this.#open.values()) await sink.close();
  }
}
