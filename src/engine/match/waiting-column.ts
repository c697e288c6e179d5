import { BooleanVector, BytesVector, LongVector, NumberVector, ObjectVector, type Vector } from '../../batch/vector.ts';
import { type DataType, physicalOf } from '../../core/data-type.ts';

/**
 * One column of the rows that wait in memory, in typed arrays. Text is UTF-8 in an arena. `gather`
 * creates a vector of waiting rows and rows of a batch. The next call reuses the vector's memory.
 */
export interface WaitingColumn {
  /** Copies rows of a vector into the slots from `slot` on. */
  append(vector: Vector, rows: Int32Array, count: number, slot: number): void;
  /** Sets one value, for rows from the table. */
  set(slot: number, value: unknown): void;
  get(slot: number): unknown;
  /**
   * Returns a vector. Its n-th value comes from waiting slot `picks[n]`, or from row
   * `-1 - picks[n]` of `vector`.
   */
  gather(picks: Int32Array, count: number, vector: Vector | null): Vector;
  /** Keeps only these slots, in ascending order, and renumbers them from 0 to `count - 1`. */
  keep(slots: Int32Array, count: number): void;
  /** The number of bytes of the values outside the typed arrays. */
  readonly bytes: number;
}

export function waitingColumn(type: DataType): WaitingColumn {
  switch (physicalOf(type)) {
    case 'number':
      return new WaitingNumbers();
    case 'long':
      return new WaitingLongs();
    case 'text':
      return new WaitingTexts();
    case 'boolean':
      return new WaitingValues(
        (values, nulls) =>
          new BooleanVector(
            Uint8Array.from(values, (v) => (v === true ? 1 : 0)),
            nulls,
          ),
      );
    default:
      return new WaitingValues((values) => new ObjectVector(values));
  }
}

class WaitingNumbers implements WaitingColumn {
  readonly bytes = 0;
  #values = new Float64Array(64);
  #nulls = new Uint8Array(64);
  #out = new Float64Array(0);
  #outNulls = new Uint8Array(0);

  append(vector: Vector, rows: Int32Array, count: number, slot: number): void {
    this.#reserve(slot + count);
    const values = this.#values;
    const nulls = this.#nulls;
    if (vector.kind === 'number' && vector.nulls === null) {
      const from = vector.values;
      for (let k = 0; k < count; k++) values[slot + k] = from[rows[k]!]!;
      nulls.fill(0, slot, slot + count);
    } else for (let k = 0; k < count; k++) this.set(slot + k, vector.get(rows[k]!));
  }

  set(slot: number, value: unknown): void {
    this.#reserve(slot + 1);
    this.#nulls[slot] = value === null ? 1 : 0;
    this.#values[slot] = value === null ? 0 : (value as number);
  }

  get(slot: number): unknown {
    return this.#nulls[slot] === 1 ? null : this.#values[slot]!;
  }

  gather(picks: Int32Array, count: number, vector: Vector | null): Vector {
    if (this.#out.length < count) {
      this.#out = new Float64Array(count * 2);
      this.#outNulls = new Uint8Array(count * 2);
    }
    const out = this.#out;
    const outNulls = this.#outNulls;
    const values = this.#values;
    const nulls = this.#nulls;
    const plain = vector !== null && vector.kind === 'number' && vector.nulls === null ? vector.values : null;
    let some = 0;
    for (let n = 0; n < count; n++) {
      const pick = picks[n]!;
      if (pick >= 0) {
        out[n] = values[pick]!;
        some |= outNulls[n] = nulls[pick]!;
      } else if (plain !== null) {
        out[n] = plain[-1 - pick]!;
        outNulls[n] = 0;
      } else {
        const value = vector!.get(-1 - pick) as number | null;
        out[n] = value ?? 0;
        some |= outNulls[n] = value === null ? 1 : 0;
      }
    }
    return new NumberVector(out, some === 0 ? null : outNulls);
  }

  keep(slots: Int32Array, count: number): void {
    const values = this.#values;
    const nulls = this.#nulls;
    for (let k = 0; k < count; k++) {
      values[k] = values[slots[k]!]!;
      nulls[k] = nulls[slots[k]!]!;
    }
  }

  #reserve(slots: number): void {
    if (slots <= this.#values.length) return;
    const values = new Float64Array(Math.max(this.#values.length * 2, slots));
    values.set(this.#values);
    this.#values = values;
    const nulls = new Uint8Array(values.length);
    nulls.set(this.#nulls);
    this.#nulls = nulls;
  }
}

/** BIGINT as numbers. Values beyond 2^53-1 are stored separately by slot. */
class WaitingLongs implements WaitingColumn {
  readonly bytes = 0;
  readonly #numbers = new WaitingNumbers();
  #wide = new Map<number, bigint>();

  append(vector: Vector, rows: Int32Array, count: number, slot: number): void {
    if (vector.kind === 'number') this.#numbers.append(vector, rows, count, slot);
    else for (let k = 0; k < count; k++) this.set(slot + k, vector.get(rows[k]!));
  }

  set(slot: number, value: unknown): void {
    if (typeof value === 'bigint') this.#wide.set(slot, value);
    this.#numbers.set(slot, typeof value === 'bigint' ? Number.NaN : value);
  }

  get(slot: number): unknown {
    const value = this.#numbers.get(slot) as number | null;
    return value !== value ? this.#wide.get(slot)! : value;
  }

  gather(picks: Int32Array, count: number, vector: Vector | null): Vector {
    if (this.#wide.size === 0 && (vector === null || vector.kind === 'number')) {
      return this.#numbers.gather(picks, count, vector);
    }
    const longs = new BigInt64Array(count);
    const nulls = new Uint8Array(count);
    for (let n = 0; n < count; n++) {
      const pick = picks[n]!;
      const value = pick >= 0 ? this.get(pick) : vector!.get(-1 - pick);
      if (value === null) nulls[n] = 1;
      else longs[n] = BigInt(value as number | bigint);
    }
    return new LongVector(longs, nulls);
  }

  keep(slots: Int32Array, count: number): void {
    this.#numbers.keep(slots, count);
    if (this.#wide.size === 0) return;
    const wide = new Map<number, bigint>();
    for (let k = 0; k < count; k++) {
      const value = this.#wide.get(slots[k]!);
      if (value !== undefined) wide.set(k, value);
    }
    this.#wide = wide;
  }
}

/** Below this a loop over the bytes is faster than a call. */
const SHORT = 24;

class WaitingTexts implements WaitingColumn {
  #arena: Buffer = Buffer.allocUnsafeSlow(1024);
  #end = 0;
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  #nulls = new Uint8Array(64);
  #out: Buffer = Buffer.allocUnsafeSlow(1024);
  #outStarts = new Int32Array(0);
  #outEnds = new Int32Array(0);
  #outNulls = new Uint8Array(0);

  get bytes(): number {
    return this.#end;
  }

  append(vector: Vector, rows: Int32Array, count: number, slot: number): void {
    if (vector.kind !== 'bytes' || vector.nulls !== null) {
      for (let k = 0; k < count; k++) this.set(slot + k, vector.get(rows[k]!));
      return;
    }
    this.#reserve(slot + count);
    const { buffer, starts, ends } = vector;
    for (let k = 0; k < count; k++) {
      const row = rows[k]!;
      const from = starts[row]!;
      const to = ends[row]!;
      if (this.#end + to - from > this.#arena.length) this.#arena = grown(this.#arena, this.#end, to - from);
      this.#starts[slot + k] = this.#end;
      this.#end = copyBytes(buffer, from, to, this.#arena, this.#end);
      this.#ends[slot + k] = this.#end;
    }
    this.#nulls.fill(0, slot, slot + count);
  }

  set(slot: number, value: unknown): void {
    this.#reserve(slot + 1);
    this.#starts[slot] = this.#end;
    this.#nulls[slot] = value === null ? 1 : 0;
    if (value !== null) {
      const text = value as string;
      const length = Buffer.byteLength(text);
      if (this.#end + length > this.#arena.length) this.#arena = grown(this.#arena, this.#end, length);
      this.#end += this.#arena.utf8Write(text, this.#end, length);
    }
    this.#ends[slot] = this.#end;
  }

  get(slot: number): unknown {
    return this.#nulls[slot] === 1 ? null : this.#arena.utf8Slice(this.#starts[slot]!, this.#ends[slot]!);
  }

  gather(picks: Int32Array, count: number, vector: Vector | null): Vector {
    if (this.#outStarts.length < count) {
      this.#outStarts = new Int32Array(count * 2);
      this.#outEnds = new Int32Array(count * 2);
      this.#outNulls = new Uint8Array(count * 2);
    }
    const plain = vector !== null && vector.kind === 'bytes' && vector.nulls === null ? vector : null;
    const outStarts = this.#outStarts;
    const outEnds = this.#outEnds;
    const outNulls = this.#outNulls;
    let out = this.#out;
    let end = 0;
    let some = 0;
    for (let n = 0; n < count; n++) {
      const pick = picks[n]!;
      outStarts[n] = end;
      outNulls[n] = 0;
      if (pick >= 0 || plain !== null) {
        const own = pick >= 0;
        const row = own ? pick : -1 - pick;
        const from = own ? this.#starts[row]! : plain!.starts[row]!;
        const to = own ? this.#ends[row]! : plain!.ends[row]!;
        if (end + to - from > out.length) out = grown(out, end, to - from);
        end = copyBytes(own ? this.#arena : plain!.buffer, from, to, out, end);
        if (own) some |= outNulls[n] = this.#nulls[row]!;
      } else {
        const text = vector!.get(-1 - pick) as string | null;
        if (text === null) some |= outNulls[n] = 1;
        else {
          const length = Buffer.byteLength(text);
          if (end + length > out.length) out = grown(out, end, length);
          end += out.utf8Write(text, end, length);
        }
      }
      outEnds[n] = end;
    }
    this.#out = out;
    return new BytesVector(out, outStarts, outEnds, some === 0 ? null : outNulls);
  }

  /**
   * Keeps only these slots. Slots are in the order of their bytes, so the bytes only move to the
   * front.
   */
  keep(slots: Int32Array, count: number): void {
    let end = 0;
    for (let k = 0; k < count; k++) {
      const slot = slots[k]!;
      const from = this.#starts[slot]!;
      const to = this.#ends[slot]!;
      this.#arena.copyWithin(end, from, to);
      this.#nulls[k] = this.#nulls[slot]!;
      this.#starts[k] = end;
      end += to - from;
      this.#ends[k] = end;
    }
    this.#end = end;
  }

  #reserve(slots: number): void {
    if (slots <= this.#starts.length) return;
    const size = Math.max(this.#starts.length * 2, slots);
    const starts = new Int32Array(size);
    starts.set(this.#starts);
    this.#starts = starts;
    const ends = new Int32Array(size);
    ends.set(this.#ends);
    this.#ends = ends;
    const nulls = new Uint8Array(size);
    nulls.set(this.#nulls);
    this.#nulls = nulls;
  }
}

function copyBytes(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  if (end - start > SHORT) return at + from.copy(to, at, start, end);
  let p = at;
  for (let i = start; i < end; i++) to[p++] = from[i]!;
  return p;
}

function grown(buffer: Buffer, used: number, more: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, used + more));
  buffer.copy(larger, 0, 0, used);
  return larger;
}

/** Internal values of types without a typed array. */
class WaitingValues implements WaitingColumn {
  readonly #values: unknown[] = [];
  readonly #make: (values: unknown[], nulls: Uint8Array | null) => Vector;

  constructor(make: (values: unknown[], nulls: Uint8Array | null) => Vector) {
    this.#make = make;
  }

  /** Returns an estimate, because the sizes of the values are unknown here. */
  get bytes(): number {
    return this.#values.length * 64;
  }

  append(vector: Vector, rows: Int32Array, count: number, slot: number): void {
    for (let k = 0; k < count; k++) this.#values[slot + k] = vector.get(rows[k]!);
  }

  set(slot: number, value: unknown): void {
    this.#values[slot] = value;
  }

  get(slot: number): unknown {
    return this.#values[slot];
  }

  gather(picks: Int32Array, count: number, vector: Vector | null): Vector {
    const values = new Array<unknown>(count);
    let nulls: Uint8Array | null = null;
    for (let n = 0; n < count; n++) {
      const pick = picks[n]!;
      const value = pick >= 0 ? this.#values[pick] : vector!.get(-1 - pick);
      values[n] = value;
      if (value !== null) continue;
      nulls ??= new Uint8Array(count);
      nulls[n] = 1;
    }
    return this.#make(values, nulls);
  }

  keep(slots: Int32Array, count: number): void {
    for (let k = 0; k < count; k++) this.#values[k] = this.#values[slots[k]!];
    this.#values.length = count;
  }
}
