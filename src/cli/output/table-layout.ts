import stringWidth from 'string-width';

/** The width of the blanks around a cell, one on each side. */
const PADDING = 2;
/** A column is at least this wide, or as wide as its values if these are narrower. */
const LEAST = 4;

/** The widths of the columns that are shown, with their padding. */
export interface TableLayout {
  readonly widths: readonly number[];
  /** The number of columns that are shown. The last columns are left out if there is no space. */
  readonly shown: number;
  /** Whether a column is too narrow for its values. */
  readonly cuts: boolean;
}

/**
 * Fits a table into the width of a terminal. Makes the widest columns narrower first. Leaves out
 * the last columns if the table is too wide with the narrowest columns. `available`: the width of
 * the terminal; null: any width.
 */
export function layTable(rows: readonly (readonly string[])[], available: number | null): TableLayout {
  const wanted = (rows[0] ?? []).map(
    (_, column) => Math.max(1, ...rows.map((row) => stringWidth(row[column]!))) + PADDING,
  );
  if (available === null) return { widths: wanted, shown: wanted.length, cuts: false };
  let shown = wanted.length;
  const least = wanted.map((width) => Math.min(width, LEAST + PADDING));
  while (shown > 1 && total(least.slice(0, shown)) > available) shown--;
  const widths = wanted.slice(0, shown);
  for (let over = total(widths) - available; over > 0; ) {
    const widest = Math.max(...widths);
    if (widest <= LEAST + PADDING) break;
    const next = Math.max(LEAST + PADDING, ...widths.filter((width) => width < widest));
    const share = widths.filter((width) => width === widest).length;
    const step = Math.max(1, Math.min(widest - next, Math.ceil(over / share)));
    for (let column = 0; column < shown && over > 0; column++) {
      if (widths[column] !== widest) continue;
      const less = Math.min(step, over);
      widths[column] = widest - less;
      over -= less;
    }
  }
  return { widths, shown, cuts: widths.some((width, column) => width < wanted[column]!) };
}

/** Returns whether a layout shows as much of the rows as a layout of their own would. */
export function fits(rows: readonly (readonly string[])[], layout: TableLayout, available: number | null): boolean {
  const own = layTable(rows, available);
  return own.widths.every((width, column) => width <= (layout.widths[column] ?? width));
}

/** Returns the width of a table: its columns and the lines around them. */
const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0) + widths.length + 1;
