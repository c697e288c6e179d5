import type { SettingValue } from '../setting-value.ts';

/** Returns the settings as a table. The line below each setting gives its meaning. */
export function configText(settings: readonly SettingValue[]): string {
  const rows = settings.map(({ key, value, origin, type, default: normal }) => [
    key,
    value ?? '(none)',
    origin === 'default' ? '' : `${origin}, default ${normal ?? '(none)'}`,
    type,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row, i) => {
      const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
      return `${cells.join('  ').trimEnd()}\n    ${settings[i]!.meaning}\n`;
    })
    .join('');
}
