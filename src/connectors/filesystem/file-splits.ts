import path from 'node:path';
import { Alarm } from '../../core/alarm.ts';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Source, SourceMetrics, Split } from '../../engine/source.ts';
import type { FileList } from './file-list.ts';
import { type KnownFile, RenamedFiles } from './renamed-files.ts';
import type { FileSource, FileSourcePosition } from './source.ts';

/** The id of the split that a directory is without `source.split-by`. */
const WHOLE = '';

interface FileSplitsOptions {
  readonly root: string;
  readonly list: FileList;
  readonly clock: Clock;
  /** Milliseconds between two looks for new files and appended lines; null: none. */
  readonly monitorMs: number | null;
  /** Reads one file, whose path relative to the root is the split's id. */
  readonly open: (file: string, id: string) => FileSource;
}

/**
 * Each file of a directory as a split with its own watermark. Files that are removed while the
 * directory is followed are at their end. A file that is renamed would be a new split and be read
 * again, so it is refused.
 */
export class FileSplits implements Source {
  readonly growing: boolean;
  readonly #options: FileSplitsOptions;
  #readers: readonly FileSource[] = [];
  /** The files that were read before: in the checkpoint, or at the last look. */
  #known: readonly KnownFile[] = [];
  #listed = false;
  /** The positions in files from a checkpoint without splits, by id. */
  #offsets: ReadonlyMap<string, number> = new Map();
  #alarm: Alarm | null = null;
  #done: SourceMetrics = { malformed: 0, bytes: 0 };

  constructor(options: FileSplitsOptions) {
    this.#options = options;
    this.growing = options.monitorMs !== null;
  }

  start(wake: () => void): void {
    const { clock, monitorMs } = this.#options;
    if (monitorMs === null) return;
    const alarm = new Alarm(clock, () => {
      alarm.set(monitorMs);
      wake();
    });
    alarm.set(monitorMs);
    this.#alarm = alarm;
  }

  restore(positions: ReadonlyMap<string, unknown>): void {
    const whole = positions.get(WHOLE) as FileSourcePosition | undefined;
    if (whole !== undefined) {
      const { offsets, current } = whole;
      this.#offsets = new Map(
        Object.entries(current === null ? offsets : { ...offsets, [current.file]: current.offset }),
      );
    }
    if (this.growing) {
      this.#known = [...positions].flatMap(([id, position]) => this.#knownFile(id, position as FileSourcePosition));
      return;
    }
    const here = new Set(this.splits().map(({ id }) => id));
    for (const id of [...positions.keys(), ...this.#offsets.keys()]) {
      if (id === WHOLE || here.has(id)) continue;
      const file = path.join(this.#options.root, id);
      throw new EngineError('CONNECTOR_READ', `${file} was read before the checkpoint, but is gone`, { file });
    }
  }

  splits(): readonly Split[] {
    if (this.#listed && !this.growing) return this.#readers;
    this.#listed = true;
    const { root, list } = this.#options;
    const known = new Map(this.#readers.map((reader) => [reader.id, reader]));
    const read = this.#readers.flatMap((reader) => this.#knownFile(reader.id, reader.position()));
    const before = [...this.#known, ...read];
    if (read.length > 0) this.#known = read;
    let renamed: RenamedFiles | null = null;
    const readers = list().map((file) => {
      const id = path.relative(root, file);
      if (this.growing && !known.has(id)) {
        renamed ??= new RenamedFiles(before);
        this.#refuseRenamed(file, renamed.earlierName(file));
      }
      const reader = known.get(id) ?? this.#open(file, id);
      known.delete(id);
      return reader;
    });
    for (const gone of known.values()) this.#forget(gone);
    this.#readers = readers;
    return readers;
  }

  #knownFile(id: string, { current }: FileSourcePosition): readonly KnownFile[] {
    if (id === WHOLE || current?.head === undefined) return [];
    return [{ file: path.join(this.#options.root, id), head: current.head }];
  }

  #refuseRenamed(file: string, earlier: string | null): void {
    if (earlier === null) return;
    throw new EngineError(
      'CONNECTOR_READ',
      `${file} was read before under the name ${earlier}; with source.split-by = file, files must keep their names. Move renamed files out of the directory, or leave source.split-by out`,
      { file, earlier },
    );
  }

  #open(file: string, id: string): FileSource {
    const reader = this.#options.open(file, id);
    const offset = this.#offsets.get(id);
    if (offset !== undefined) reader.seek({ offsets: {}, current: { file: '', offset }, malformed: 0 });
    return reader;
  }

  /** Its counts are kept in the metrics of the source. */
  #forget(reader: FileSource): void {
    const { malformed, bytes } = reader.metrics();
    this.#done = { malformed: this.#done.malformed + malformed, bytes: this.#done.bytes + bytes };
  }

  metrics(): SourceMetrics {
    const all = [this.#done, ...this.#readers.map((reader) => reader.metrics())];
    return {
      malformed: all.reduce((sum, { malformed }) => sum + malformed, 0),
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  close(): void {
    this.#alarm?.clear();
    for (const reader of this.#readers) reader.close();
  }
}
