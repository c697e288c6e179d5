/** Places of the smallest table. */
const SMALLEST = 1024;
/** Stands for the hash 0, since 0 marks a free place. */
const FOR_ZERO = 0x5bd1e995;
/** A rest that is below every weight. */
const NONE = 0;

/**
 * Which keys are in the back end and not in memory, by the hashes of their keys: a key whose hash
 * is not here need not be read. Each key counts once, so that one of two with the same hash can
 * leave. Open addressing over whole hashes, which makes growing possible without the keys; at most
 * three of four places taken.
 *
 * Beside each, where asked for, what its entry rests below (`TableSpec.restsBelow`) as the upper
 * half of a 32-bit float, never above the true number. So a place takes four or six bytes.
 */
export class StoredKeys {
  #table = new Int32Array(SMALLEST);
  #rests: Uint16Array | null;
  #mask = SMALLEST - 1;
  #size = 0;

  constructor(withRests = false) {
    this.#rests = withRests ? new Uint16Array(SMALLEST) : null;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Whether there may be a key of this hash whose entry a row of this weight has something to do
   * with.
   */
  has(hash: number, weight: number = Number.POSITIVE_INFINITY): boolean {
    const table = this.#table;
    const rests = this.#rests;
    const mask = this.#mask;
    const wanted = hash | 0 || FOR_ZERO;
    for (let at = homeOf(wanted) & mask; table[at] !== 0; at = (at + 1) & mask) {
      if (table[at] !== wanted) continue;
      if (rests === null || rests[at] === NONE || !(weight < numberOf(rests[at]!))) return true;
    }
    return false;
  }

  add(hash: number, restsBelow: number = Number.NEGATIVE_INFINITY): void {
    if (this.#size * 4 >= this.#table.length * 3) this.#resize(this.#table.length * 2);
    this.#place(hash | 0 || FOR_ZERO, this.#rests === null ? NONE : codeOf(restsBelow));
    this.#size++;
  }

  #place(hash: number, rest: number): void {
    let at = homeOf(hash) & this.#mask;
    while (this.#table[at] !== 0) at = (at + 1) & this.#mask;
    this.#table[at] = hash;
    if (this.#rests !== null) this.#rests[at] = rest;
  }

  /** Takes one key of this hash out. */
  delete(hash: number): void {
    const table = this.#table;
    const mask = this.#mask;
    const wanted = hash | 0 || FOR_ZERO;
    let hole = homeOf(wanted) & mask;
    while (table[hole] !== wanted) {
      if (table[hole] === 0) return;
      hole = (hole + 1) & mask;
    }
    if (this.#rests !== null) this.#wake(wanted, hole);
    for (let next = (hole + 1) & mask; table[next] !== 0; next = (next + 1) & mask) {
      // It may move into the hole unless its home lies cyclically in (hole, next].
      if (((next - homeOf(table[next]!)) & mask) < ((next - hole) & mask)) continue;
      table[hole] = table[next]!;
      if (this.#rests !== null) this.#rests[hole] = this.#rests[next]!;
      hole = next;
    }
    table[hole] = 0;
    this.#size--;
    if (table.length > SMALLEST && this.#size * 8 < table.length) this.#resize(table.length / 2);
  }

  /** Which of several keys with one hash leaves cannot be told: those that stay rest no longer. */
  #wake(hash: number, from: number): void {
    const mask = this.#mask;
    for (let at = from; this.#table[at] !== 0; at = (at + 1) & mask) {
      if (this.#table[at] === hash) this.#rests![at] = NONE;
    }
  }

  clear(): void {
    this.#table = new Int32Array(SMALLEST);
    if (this.#rests !== null) this.#rests = new Uint16Array(SMALLEST);
    this.#mask = SMALLEST - 1;
    this.#size = 0;
  }

  #resize(length: number): void {
    const old = this.#table;
    const rests = this.#rests;
    this.#table = new Int32Array(length);
    if (rests !== null) this.#rests = new Uint16Array(length);
    this.#mask = length - 1;
    for (let i = 0; i < old.length; i++) if (old[i] !== 0) this.#place(old[i]!, rests === null ? NONE : rests[i]!);
  }

  bytes(): number {
    return this.#table.byteLength + (this.#rests?.byteLength ?? 0);
  }
}

/** The low bits of key hashes alone are too regular for short runs. */
function homeOf(hash: number): number {
  const h = Math.imul(hash, 0x9e3779b1);
  return h ^ (h >>> 15);
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

function numberOf(code: number): number {
  bits[0] = code << 16;
  return float[0]!;
}

/** Rounded down. Zero and what is below it, and NaN, become `NONE`. */
function codeOf(value: number): number {
  if (!(value > 0)) return NONE;
  float[0] = value;
  const code = bits[0]! >>> 16;
  return numberOf(code) > value ? code - 1 : code;
}
