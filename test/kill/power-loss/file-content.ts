import type { SeededRandom } from '../../fuzz/seeded-random.ts';

type Change =
  | { readonly kind: 'written'; readonly from: number; readonly bytes: Buffer }
  | { readonly kind: 'resized'; readonly size: number };

/** A file with the changes of its content, of which the first ones are synced. */
export class FileContent {
  readonly #base: Buffer;
  readonly #changes: Change[] = [];
  #synced = 0;

  constructor(base: Buffer) {
    this.#base = base;
  }

  change(change: Change): void {
    this.#changes.push(change);
  }

  /** The number of changes so far. A sync that begins now makes them durable. */
  get changes(): number {
    return this.#changes.length;
  }

  synced(changes: number): void {
    this.#synced = Math.max(this.#synced, changes);
  }

  /** Returns the content that the processes see. */
  current(): Buffer {
    return applied(this.#base, this.#changes);
  }

  /**
   * Returns a content that the disk may have after a loss of power. The synced changes are there.
   * Of the others there may be none, all, the first ones, or any of them, and writes may be torn.
   */
  afterPowerLoss(random: SeededRandom): Buffer {
    const open = this.#changes.slice(this.#synced);
    const way = random.below(4);
    const first = random.below(open.length + 1);
    const kept = open.flatMap((change, i) => {
      if (way === 0) return [];
      if (way === 1) return [change];
      if (way === 2) return i < first ? [change] : [];
      return random.chance(0.5) ? [random.chance(0.3) ? torn(change, random) : change] : [];
    });
    return applied(this.#base, [...this.#changes.slice(0, this.#synced), ...kept]);
  }
}

function torn(change: Change, random: SeededRandom): Change {
  if (change.kind === 'resized') return change;
  return { ...change, bytes: change.bytes.subarray(0, random.below(change.bytes.length + 1)) };
}

/** Bytes of a gap between the end of the file and a later write are zero. */
function applied(base: Buffer, changes: readonly Change[]): Buffer {
  let size = base.length;
  let largest = size;
  for (const change of changes) {
    const end = change.kind === 'resized' ? change.size : change.from + change.bytes.length;
    largest = Math.max(largest, end);
  }
  const content = Buffer.alloc(largest);
  base.copy(content);
  for (const change of changes) {
    if (change.kind === 'resized') {
      if (change.size < size) content.fill(0, change.size, size);
      size = change.size;
    } else {
      change.bytes.copy(content, change.from);
      size = Math.max(size, change.from + change.bytes.length);
    }
  }
  return content.subarray(0, size);
}
