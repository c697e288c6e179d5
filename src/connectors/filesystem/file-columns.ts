import path from 'node:path';
import { Batch } from '../../batch/batch.ts';
import { ConstantVector, type Vector } from '../../batch/vector.ts';
import { BIGINT, STRING, timestampLtz, withNullable } from '../../core/data-type.ts';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { MetadataColumn } from '../connector.ts';
import type { PartitionReader } from './partition-path.ts';
import { statOf } from './read-file.ts';

/** The metadata of a file. The keys and types are those of Flink's connector. */
export const FILE_METADATA: ReadonlyMap<string, MetadataColumn> = new Map(
  [
    { name: 'file.path', type: withNullable(STRING, false), summary: 'the absolute path' },
    { name: 'file.name', type: withNullable(STRING, false), summary: 'the name without folders' },
    {
      name: 'file.size',
      type: withNullable(BIGINT, false),
      summary: 'the number of bytes when the first row of the file is read',
    },
    {
      name: 'file.modification-time',
      type: timestampLtz(3, false),
      summary: 'the time of the last change when the first row of the file is read',
    },
  ].map((field) => [field.name, field]),
);

/**
 * The columns that have one value in all rows of a file: metadata, and the values in the names of
 * the folders. Size and time are those at the time when the first row of the file is read.
 */
export class FileColumns {
  readonly #node: ScanNode;
  readonly #partitions: PartitionReader;
  #file: string | null = null;
  /** By field: the column of the decoder, or the value of the file. */
  readonly #vectors: (number | ConstantVector)[];

  constructor(node: ScanNode, partitions: PartitionReader) {
    this.#node = node;
    this.#partitions = partitions;
    let decoded = 0;
    this.#vectors = node.columns.map(({ source }) => (source === 'physical' ? decoded++ : new ConstantVector(null)));
  }

  /** Called when another file is opened. */
  forget(): void {
    this.#file = null;
  }

  /** Adds the columns of the file to the decoded ones. */
  added(batch: Batch, file: string): Batch {
    if (this.#file !== file) {
      this.#node.columns.forEach(({ source, key }, i) => {
        if (source === 'metadata') this.#vectors[i] = new ConstantVector(metadataOf(file, key));
        else if (source === 'partition')
          this.#vectors[i] = new ConstantVector(
            this.#partitions.read(file, { name: key, type: this.#node.fields[i]!.type }),
          );
      });
      this.#file = file;
    }
    const columns = this.#vectors.map(
      (vector): Vector => (typeof vector === 'number' ? batch.columns[vector]! : vector),
    );
    return new Batch(batch.size, columns);
  }
}

function metadataOf(file: string, key: string): unknown {
  switch (key) {
    case 'file.path':
      return path.resolve(file);
    case 'file.name':
      return path.basename(file);
    case 'file.size':
      return statOf(file)?.size ?? 0;
    default:
      return Math.floor(statOf(file)?.mtimeMs ?? 0);
  }
}

/** Returns the node without the columns of the file; null: it has none. */
export function withoutFileColumns(node: ScanNode): ScanNode | null {
  const kept = node.columns.flatMap(({ source }, i) => (source === 'physical' ? [i] : []));
  if (kept.length === node.columns.length) return null;
  return { ...node, columns: kept.map((i) => node.columns[i]!), fields: kept.map((i) => node.fields[i]!) };
}
