const LEAST = 64;

/** The bytes of a timer in the columns, without its key. */
export const COLUMN_BYTES = 32;

/** Exact timers in memory, in the order of registration. */
export class TimerColumns {
  count = 0;
  times = new Float64Array(LEAST);
  sequences = new Float64Array(LEAST);
  /** The slot of the key, and the version of the slot when the timer was set. */
  slots = new Int32Array(LEAST);
  versions = new Int32Array(LEAST);
  /** Where the encoded key is in the bytes of the bucket. */
  starts = new Int32Array(LEAST);
  ends = new Int32Array(LEAST);

  add(time: number, sequence: number, slot: number, version: number, start: number, end: number): void {
    if (this.count === this.times.length) this.#grow(this.count * 2);
    const i = this.count++;
    this.times[i] = time;
    this.sequences[i] = sequence;
    this.slots[i] = slot;
    this.versions[i] = version;
    this.starts[i] = start;
    this.ends[i] = end;
  }

  #grow(capacity: number): void {
    this.times = grownFloats(this.times, capacity);
    this.sequences = grownFloats(this.sequences, capacity);
    this.slots = grownIntegers(this.slots, capacity);
    this.versions = grownIntegers(this.versions, capacity);
    this.starts = grownIntegers(this.starts, capacity);
    this.ends = grownIntegers(this.ends, capacity);
  }

  /** Removes all timers but the chosen ones, which are given in ascending order. */
  retain(chosen: Int32Array, count: number): void {
    for (let to = 0; to < count; to++) {
      const from = chosen[to]!;
      this.times[to] = this.times[from]!;
      this.sequences[to] = this.sequences[from]!;
      this.slots[to] = this.slots[from]!;
      this.versions[to] = this.versions[from]!;
      this.starts[to] = this.starts[from]!;
      this.ends[to] = this.ends[from]!;
    }
    this.count = count;
  }

  /** The positions of the timers in the order in which they fire: by time, then by sequence. */
  order(): Int32Array {
    const { count, times, sequences } = this;
    const order = new Int32Array(count);
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      if (times[i]! < first) first = times[i]!;
      if (times[i]! > last) last = times[i]!;
    }
    const scale = 2 ** Math.ceil(Math.log2(count + 1));
    if ((last - first + 1) * scale > Number.MAX_SAFE_INTEGER) {
      for (let i = 0; i < count; i++) order[i] = i;
      return order.sort((a, b) => times[a]! - times[b]! || sequences[a]! - sequences[b]!);
    }
    // Numbers that contain the time and the position sort faster than a comparison function does.
    const keys = new Float64Array(count);
    for (let i = 0; i < count; i++) keys[i] = (times[i]! - first) * scale + i;
    keys.sort();
    for (let i = 0; i < count; i++) order[i] = keys[i]! - Math.floor(keys[i]! / scale) * scale;
    sortTies(order, times, sequences);
    return order;
  }
}

/** Sorts timers of the same time by sequence. There are few of them. */
function sortTies(order: Int32Array, times: Float64Array, sequences: Float64Array): void {
  for (let i = 1; i < order.length; i++) {
    const own = order[i]!;
    let at = i;
    while (at > 0 && times[order[at - 1]!] === times[own] && sequences[order[at - 1]!]! > sequences[own]!) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = own;
  }
}

function grownFloats(array: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(array);
  return grown;
}

function grownIntegers(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(array);
  return grown;
}
