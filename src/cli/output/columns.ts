/**
 * Aligns the cells of a table and returns its lines, the head first. `right`: the positions of the
 * columns with numbers, which are aligned on the right.
 */
export function columnLines(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number>,
): string[] {
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c]!.length)));
  return [head, ...rows].map((cells) =>
    cells
      .map((cell, c) => (right.has(c) ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
      .join('  ')
      .trimEnd(),
  );
}
