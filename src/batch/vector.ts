import type { DataType } from '../core/data-type.ts';
import { physicalOf } from '../core/data-type.ts';

/**
 * One column of a batch. `nulls[i]` is 1 if row i is NULL. `nulls` is null if no row is NULL.
 * Vectors are immutable after they were sent. The producer may reuse their memory when its `emit`
 * has returned. Therefore code that keeps a value after the batch copies the value.
 *
 * | physical  | class          | holds |
 * |-----------|----------------|---|
 * | number    | NumberVector   | Float64Array |
 * | long      | NumberVector   | BIGINT while all |v| <= 2^53-1 … |
 * |           | LongVector     | … otherwise BigInt64Array |
 * | boolean   | BooleanVector  | Uint8Array of 0 and 1 |
 * | text      | BytesVector    | UTF-8 slices (start, end) of one buffer, e.g. the scanned block |
 * |           | ObjectVector   | … or JS strings |
 * | object    | ObjectVector   | internal values (`core/data-type.ts`); NULL is `null` |
 * |           | RowVector      | … or a ROW as one vector for each field |
 * | any       | ConstantVector | one value for all rows (a literal) |
 */
export type Vector =
  | NumberVector
  | LongVector
  | BooleanVector
  | BytesVector
  | ObjectVector
  | RowVector
  | ConstantVector;

export type Nulls = Uint8Array | null;

export class NumberVector {
  readonly kind = 'number';
  readonly values: Float64Array;
  nulls: Nulls;
  constructor(values: Float64Array, nulls: Nulls = null) {
    this.values = values;
    this.nulls = nulls;
  }
  isNull(i: number): boolean {
    return this.nulls !== null && this.nulls[i] === 1;
  }
  get(i: number): number | null {
    return this.nulls !== null && this.nulls[i] === 1 ? null : this.values[i]!;
  }
}

export class LongVector {
  readonly kind = 'long';
  readonly values: BigInt64Array;
  nulls: Nulls;
  constructor(values: BigInt64Array, nulls: Nulls = null) {
    this.values = values;
    this.nulls = nulls;
  }
  isNull(i: number): boolean {
    return this.nulls !== null && this.nulls[i] === 1;
  }
  get(i: number): number | bigint | null {
    return this.nulls !== null && this.nulls[i] === 1 ? null : narrowLong(this.values[i]!);
  }
}

export class BooleanVector {
  readonly kind = 'boolean';
  readonly values: Uint8Array;
  nulls: Nulls;
  constructor(values: Uint8Array, nulls: Nulls = null) {
    this.values = values;
    this.nulls = nulls;
  }
  isNull(i: number): boolean {
    return this.nulls !== null && this.nulls[i] === 1;
  }
  get(i: number): boolean | null {
    return this.nulls !== null && this.nulls[i] === 1 ? null : this.values[i] === 1;
  }
}

/** UTF-8 text as slices of one buffer. */
export class BytesVector {
  readonly kind = 'bytes';
  readonly buffer: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  nulls: Nulls;
  constructor(buffer: Buffer, starts: Int32Array, ends: Int32Array, nulls: Nulls = null) {
    this.buffer = buffer;
    this.starts = starts;
    this.ends = ends;
    this.nulls = nulls;
  }
  isNull(i: number): boolean {
    return this.nulls !== null && this.nulls[i] === 1;
  }
  get(i: number): string | null {
    return this.nulls !== null && this.nulls[i] === 1 ? null : this.buffer.utf8Slice(this.starts[i]!, this.ends[i]!);
  }
}

export class ObjectVector {
  readonly kind = 'object';
  readonly values: unknown[];
  constructor(values: unknown[]) {
    this.values = values;
  }
  isNull(i: number): boolean {
    return this.values[i] === null;
  }
  get(i: number): unknown {
    return this.values[i];
  }
}

/**
 * A ROW as one vector for each field. A source that reads fields into vectors needs no object per
 * row. The vector of a field is made when it is first used.
 */
export class RowVector {
  readonly kind = 'row';
  nulls: Nulls;
  readonly #makers: readonly (() => Vector)[];
  readonly #fields: (Vector | undefined)[];
  readonly #count: number;
  #rows: unknown[] | null = null;

  /** `fields[i]` makes the vector of field i, which is NULL where the row is. `count`: rows. */
  constructor(fields: readonly (() => Vector)[], count: number, nulls: Nulls = null) {
    this.#makers = fields;
    this.#count = count;
    this.#fields = new Array(fields.length).fill(undefined);
    this.nulls = nulls;
  }

  /** The number of fields. */
  get size(): number {
    return this.#makers.length;
  }

  field(index: number): Vector {
    this.#fields[index] ??= this.#makers[index]!();
    return this.#fields[index];
  }

  isNull(i: number): boolean {
    return this.nulls !== null && this.nulls[i] === 1;
  }

  get(i: number): readonly unknown[] | null {
    if (this.isNull(i)) return null;
    // Conditions of patterns read a row several times.
    this.#rows ??= new Array(this.#count);
    this.#rows[i] ??= this.#makers.map((_, index) => this.field(index).get(i));
    return this.#rows[i] as readonly unknown[];
  }
}

export class ConstantVector {
  readonly kind = 'constant';
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
  isNull(_i: number): boolean {
    return this.value === null;
  }
  get(_i: number): unknown {
    return this.value;
  }
}

/** Returns the internal form of a BIGINT: a number wherever that is exact. */
export function narrowLong(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/**
 * Collects boxed values of one type into a vector. It is slower than a loop for the type. BIGINT
 * values are stored as floats until a value needs 64-bit integers. `capacity`: the number of rows.
 * Rows may be set in any order.
 */
export class VectorBuilder {
  readonly #physical: ReturnType<typeof physicalOf>;
  #capacity: number;
  #numbers: Float64Array | null = null;
  #longs: BigInt64Array | null = null;
  #bits: Uint8Array | null = null;
  #objects: unknown[] | null = null;
  #nulls: Uint8Array | null = null;

  constructor(type: DataType, capacity: number) {
    this.#physical = physicalOf(type);
    this.#capacity = capacity;
    if (this.#physical === 'number' || this.#physical === 'long') this.#numbers = new Float64Array(capacity);
    else if (this.#physical === 'boolean') this.#bits = new Uint8Array(capacity);
    else this.#objects = new Array(capacity).fill(null);
  }

  set(i: number, value: unknown): void {
    if (value === null || value === undefined) {
      if (this.#objects) this.#objects[i] = null;
      else {
        if (this.#nulls === null) this.#nulls = new Uint8Array(this.#capacity);
        this.#nulls[i] = 1;
      }
      return;
    }
    if (this.#objects) this.#objects[i] = value;
    else if (this.#bits) this.#bits[i] = value === true ? 1 : 0;
    else if (this.#longs) this.#longs[i] = BigInt(value as number | bigint);
    else if (typeof value === 'bigint') {
      this.#widen();
      this.#longs![i] = value;
    } else this.#numbers![i] = value as number;
    if (this.#nulls) this.#nulls[i] = 0;
  }

  /** Makes room for more rows. */
  grow(capacity: number): void {
    if (this.#objects) for (let i = this.#capacity; i < capacity; i++) this.#objects.push(null);
    if (this.#numbers) this.#numbers = grown(this.#numbers, new Float64Array(capacity));
    if (this.#longs) this.#longs = grown(this.#longs, new BigInt64Array(capacity));
    if (this.#bits) this.#bits = grown(this.#bits, new Uint8Array(capacity));
    if (this.#nulls) this.#nulls = grown(this.#nulls, new Uint8Array(capacity));
    this.#capacity = capacity;
  }

  #widen(): void {
    const from = this.#numbers!;
    const longs = new BigInt64Array(this.#capacity);
    for (let i = 0; i < from.length; i++) if (from[i] !== 0) longs[i] = BigInt(from[i]!);
    this.#longs = longs;
    this.#numbers = null;
  }

  finish(): Vector {
    if (this.#objects) return new ObjectVector(this.#objects);
    if (this.#bits) return new BooleanVector(this.#bits, this.#nulls);
    if (this.#longs) return new LongVector(this.#longs, this.#nulls);
    return new NumberVector(this.#numbers!, this.#nulls);
  }
}

function grown<T extends Float64Array | BigInt64Array | Uint8Array>(from: T, into: T): T {
  into.set(from as never);
  return into;
}
