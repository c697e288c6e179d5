import { styleText } from 'node:util';
import type { OneWay, SemanticsComparison } from '../../service/semantics-comparison/compare-semantics.ts';

/** The number of rows shown for each semantics. */
const SHOWN = 20;

/**
 * Returns the differences between the two semantics of patterns as text. `-`: only Flink's
 * semantics gives the row. `+`: only the standard's semantics gives the row.
 */
export function comparisonText(comparisons: readonly SemanticsComparison[], color: boolean): string {
  if (comparisons.length === 0) return '  compared   no pattern\n';
  return comparisons.flatMap((comparison) => linesOf(comparison, color)).join('');
}

function linesOf({ pattern, both, flink, standard }: SemanticsComparison, color: boolean): string[] {
  const dim = (text: string): string => (color ? styleText('dim', text) : text);
  const same = flink.only.length === 0 && standard.only.length === 0;
  const what = same
    ? `both semantics give the same ${rowsText(both)}`
    : `${rowsText(both)} with both semantics, ${flink.only.length} only with flink, ${standard.only.length} only with standard`;
  return [
    `  ${dim('compared')}   ${pattern}: ${what}\n`,
    ...waysText('-', 'flink', flink, color),
    ...waysText('+', 'standard', standard, color),
  ];
}

const rowsText = (count: number): string => `${count} row${count === 1 ? '' : 's'}`;

function waysText(sign: '-' | '+', name: string, { only, failure }: OneWay, color: boolean): string[] {
  const painted = (text: string): string => (color ? styleText(sign === '-' ? 'red' : 'green', text) : text);
  const more = only.length - SHOWN;
  return [
    ...only.slice(0, SHOWN).map((row) => `    ${painted(`${sign} ${name.padEnd(8)} ${row}`)}\n`),
    ...(more > 0 ? [`    ${sign} ${name.padEnd(8)} and ${more} more\n`] : []),
    ...(failure === null ? [] : [`    ${sign} ${name.padEnd(8)} stops here: ${failure}\n`]),
  ];
}
