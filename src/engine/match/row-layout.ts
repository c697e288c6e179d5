import { type Field, type Physical, physicalOf } from '../../core/data-type.ts';

/**
 * Columns of a waiting row in the sorter's table: time, arrival, bits of NULLs, then the kept
 * columns.
 */
export const TIME = 0;
export const ARRIVAL = 1;
const FIRST_MASK = 2;
/** The NULLs of numeric columns are bits of a float. A float holds this number of bits exactly. */
const BITS = 50;

export interface RowLayout {
  readonly fields: readonly Field[];
  /** Position of each input column among the kept ones; -1 if it is not kept. */
  readonly placeOf: Int32Array;
  /** State column of the first kept one. */
  readonly firstColumn: number;
  /** Returns the physical type by place among the kept columns. */
  physicalAt(place: number): Physical;
}

export function rowLayout(fields: readonly Field[], columns: readonly number[]): RowLayout {
  const placeOf = new Int32Array(fields.length).fill(-1);
  columns.forEach((column, place) => {
    placeOf[column] = place;
  });
  const firstColumn = FIRST_MASK + Math.ceil(columns.length / BITS);
  const physical = columns.map((column) => physicalOf(fields[column]!.type));
  return { fields, placeOf, firstColumn, physicalAt: (place) => physical[place]! };
}

/** Returns the state column with the NULL bit of the kept column at `place`. */
export function maskColumn(place: number): number {
  return FIRST_MASK + Math.floor(place / BITS);
}

export function nullBit(place: number): number {
  return 2 ** (place % BITS);
}

export function isNullBit(mask: number, place: number): boolean {
  return mask !== 0 && Math.floor(mask / nullBit(place)) % 2 === 1;
}
