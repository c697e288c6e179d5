import type { StateColumn } from '../state/state-store.ts';

/**
 * Two columns of a key's state: rows up to this time and below this value do not change it
 * (`Matcher.rowNumbers`).
 */
export const THRESHOLD_COLUMNS: readonly StateColumn[] = [{ kind: 'number' }, { kind: 'number' }];

/**
 * A note about a key's state that is only on disk: rows below this value do not change it
 * (`Matcher.changeThreshold`). It is the upper half of a 32-bit float. 0: any row may change it.
 */
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Returns the note of a threshold, rounded down. Zero, negative numbers and NaN become 0. */
export function thresholdNote(below: number): number {
  if (!(below > 0)) return 0;
  float[0] = below;
  const note = bits[0]! >>> 16;
  return belowOf(note) > below ? note - 1 : note;
}

/** Returns whether a row with this number may change a state with this note. */
export function mayChange(rowNumber: number, note: number): boolean {
  return note === 0 || !(rowNumber < belowOf(note));
}

function belowOf(note: number): number {
  bits[0] = note << 16;
  return float[0]!;
}
