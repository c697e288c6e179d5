import type { Field } from '../../core/data-type.ts';

/** Returns the name of a column in EXPLAIN. */
export const columnName = (input: readonly Field[], index: number): string => input[index]?.name ?? `$${index}`;

export const columnNames = (input: readonly Field[], columns: readonly number[]): string =>
  columns.map((index) => columnName(input, index)).join(', ');

/** Returns `expression AS name`, or only the name if both are the same. */
export const aliased = (text: string, name: string): string => (text === name ? text : `${text} AS ${name}`);
