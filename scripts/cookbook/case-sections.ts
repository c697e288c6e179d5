import fs from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');
const ROWS = 3;

/** Returns the SQL text of a case, with its settings as statements. `folder`: from the root. */
export function textOf(folder: string): string {
  const directory = path.join(ROOT, folder);
  const file = fs.readdirSync(directory).find((name) => name.endsWith('.sql'))!;
  const text = fs.readFileSync(path.join(directory, file), 'utf8').trimEnd();
  return [...settingsOf(directory), text].join('\n');
}

/** Returns the text without its CREATE TABLE statements. */
export const queryOf = (folder: string): string => textOf(folder).replaceAll(/^CREATE TABLE [\s\S]*?;\n+/gm, '');

/** Returns the settings of the case as statements, without the language level of the test. */
function settingsOf(directory: string): string[] {
  const file = path.join(directory, 'case.json');
  if (!fs.existsSync(file)) return [];
  const { set = {} } = JSON.parse(fs.readFileSync(file, 'utf8')) as { set?: Record<string, string> };
  return Object.entries(set).flatMap(([key, value]) =>
    key === 'sequitur.sql.level' ? [] : [`SET '${key}' = '${value}';`],
  );
}

/** Returns the first rows of each expected table. The op is left out if no row is changed. */
export function outputOf(folder: string): string {
  const expected = path.join(ROOT, folder, 'expected');
  return fs
    .readdirSync(expected)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => {
      const lines = fs
        .readFileSync(path.join(expected, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      const changes = lines.map(
        (line) => /^\{"op": ?"(..)", ?"row": ?(.*)\}$/.exec(line)!.slice(1) as [string, string],
      );
      const grows = changes.every(([op]) => op === '+I');
      const shown = changes.slice(0, ROWS).map(([op, row]) => (grows ? row : `${op} ${row}`));
      const rest = changes.length > ROWS ? `, the first ${ROWS} of ${changes.length}` : '';
      return `\`${name.replace('.jsonl', '')}\`${rest}:\n\n\`\`\`text\n${shown.join('\n')}\n\`\`\``;
    })
    .join('\n\n');
}
