import { type FileHead, hasHead, headOfFile } from './file-head.ts';

/** A file that was read: its path, and its first bytes at that time. */
export interface KnownFile {
  readonly file: string;
  readonly head: FileHead;
}

/**
 * Finds the earlier names of new files. A new file has been renamed (or copied and emptied, as some
 * programs rotate their logs) if it begins like a known file whose name has another content now.
 */
export class RenamedFiles {
  readonly #byHead = new Map<string, KnownFile[]>();
  readonly #lengths: ReadonlySet<number>;

  constructor(known: readonly KnownFile[]) {
    for (const each of known) {
      const key = each.head.join(' ');
      const same = this.#byHead.get(key);
      if (same === undefined) this.#byHead.set(key, [each]);
      else same.push(each);
    }
    this.#lengths = new Set(known.map(({ head }) => head[0]));
  }

  /** Returns the path at which the content of the file was read before, or null. */
  earlierName(file: string): string | null {
    for (const length of this.#lengths) {
      const head = headOfFile(file, length);
      if (head === null || head[0] !== length) continue;
      const found = this.#byHead.get(head.join(' '))?.find((known) => !hasHead(known.file, known.head));
      if (found !== undefined) return found.file;
    }
    return null;
  }
}
