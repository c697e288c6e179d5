import fs from 'node:fs';
import type { Batch } from '../batch/batch.ts';
import { nearest } from '../core/did-you-mean.ts';
import type { PollResult, Source, Split } from '../engine/source.ts';
import type { ScanNode } from '../plan/nodes/scan.ts';

/** The number of bytes at the start of a file in which the keys of its lines are looked for. */
const SAMPLE_BYTES = 1 << 16;

/** Finds the columns of a JSON table that are NULL in every row. */
export class EmptyColumns {
  readonly #node: ScanNode;
  #left: readonly number[];
  #rows = 0;
  /** The first file whose rows left a column empty; null: not known. */
  #file: string | null = null;

  constructor(node: ScanNode) {
    this.#node = node;
    this.#left = node.columns.flatMap(({ source }, i) => (source === 'physical' ? [i] : []));
  }

  /** Wraps a source. The wrapper notes which columns of the source's rows have values. */
  watch(source: Source): Source {
    const watched = new WeakMap<Split, Split>();
    const watch = (split: Split): Split => {
      const known = watched.get(split) ?? this.#watchSplit(split);
      watched.set(split, known);
      return known;
    };
    return {
      start: (wake) => source.start?.(wake),
      restore: (positions) => source.restore?.(positions),
      splits: () => source.splits().map(watch),
      get growing() {
        return source.growing === true;
      },
      metrics: () => source.metrics(),
      close: () => source.close(),
    };
  }

  #watchSplit(split: Split): Split {
    const note = (result: PollResult): PollResult => {
      if (typeof result !== 'string') this.#note(result, split);
      return result;
    };
    return {
      id: split.id,
      poll: (maxRows) => {
        const polled = split.poll(maxRows);
        return polled instanceof Promise ? polled.then(note) : note(polled);
      },
      position: () => split.position(),
      seek: (position) => split.seek(position),
      placeOf: (row) => split.placeOf?.(row) ?? null,
      pendingBytes: () => split.pendingBytes?.() ?? null,
    };
  }

  #note({ size, columns }: Batch, split: Split): void {
    this.#rows += size;
    if (this.#left.length === 0 || size === 0) return;
    this.#left = this.#left.filter((column) => {
      for (let row = 0; row < size; row++) if (!columns[column]!.isNull(row)) return false;
      return true;
    });
    if (this.#left.length > 0) this.#file ??= /^(.*?):\d+/.exec(split.placeOf?.(0) ?? '')?.[1] ?? null;
  }

  /** Returns a message for each empty column whose key no line has. */
  report(): readonly string[] {
    if (this.#rows === 0 || this.#left.length === 0) return [];
    const keys = this.#file === null ? null : keysOf(this.#file);
    return this.#left.flatMap((column) => {
      const { key } = this.#node.columns[column]!;
      const rows = this.#rows === 1 ? 'the only row' : `all ${this.#rows} rows`;
      const empty = `table ${this.#node.table}: column \`${key}\` was NULL in ${rows}`;
      if (keys === null) return [`${empty}; is there such a key?`];
      if (keys.has(key)) return [];
      const near = nearest(key, keys);
      const meant =
        near === undefined ? `the keys are ${[...keys].slice(0, 20).join(', ')}` : `did you mean \`${near}\`?`;
      return [`${empty}, because no line has the key; ${meant}`];
    });
  }
}

/** Returns the keys of the objects in the first lines of a file; null: there are no keys. */
function keysOf(file: string): ReadonlySet<string> | null {
  const keys = new Set<string>();
  for (const line of sample(file).split('\n').slice(0, -1)) {
    try {
      const value = JSON.parse(line) as unknown;
      for (const each of Array.isArray(value) ? value : [value])
        if (typeof each === 'object' && each !== null) for (const key of Object.keys(each)) keys.add(key);
    } catch {
      // The line is malformed. Other lines may be well-formed.
    }
  }
  return keys.size === 0 ? null : keys;
}

function sample(file: string): string {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const bytes = Buffer.alloc(SAMPLE_BYTES);
    const read = fs.readSync(fd, bytes, 0, bytes.length, 0);
    return `${bytes.toString('utf8', 0, read)}${read < bytes.length ? '\n' : ''}`;
  } finally {
    fs.closeSync(fd);
  }
}
