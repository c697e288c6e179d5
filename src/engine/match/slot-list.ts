/** Slots in a growing typed array, which keeps its memory when it is emptied. */
export class SlotList {
  slots = new Int32Array(64);
  count = 0;

  add(slot: number): void {
    if (this.count === this.slots.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.slots);
      this.slots = grown;
    }
    this.slots[this.count++] = slot;
  }

  clear(): void {
    this.count = 0;
  }
}
