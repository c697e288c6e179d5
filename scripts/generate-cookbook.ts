/**
 * Writes docs/cookbook.md from the recipes and the folders that answer them:
 * `node scripts/generate-cookbook.ts`. A test fails when the page is stale.
 */
import fs from 'node:fs';
import path from 'node:path';
import { CHAPTERS, type Recipe } from './cookbook/recipes.ts';

const ROOT = path.join(import.meta.dirname, '..');
const ROWS = 3;

export function cookbookPage(): string {
  const chapters = CHAPTERS.map(({ title, recipes }) => `## ${title}\n\n${recipes.map(sectionOf).join('\n')}`);
  return `# Cookbook

Questions that people have, each with a text that answers it. \`scripts/generate-cookbook.ts\` makes
this page. Every answer is a folder with a text, its input and the expected rows. The tests run all
of them. To try one, copy its folder, change the text, and run \`sequitur test FOLDER\`.

${chapters.join('\n')}`;
}

function sectionOf({ question, note, folder }: Recipe): string {
  const directory = path.join(ROOT, folder);
  const file = fs.readdirSync(directory).find((name) => name.endsWith('.sql'))!;
  const text = fs.readFileSync(path.join(directory, file), 'utf8').trimEnd();
  return `### ${question}

${note}

\`\`\`sql
${[...settingsOf(directory), text].join('\n')}
\`\`\`

${outputOf(directory)}

The folder: [\`${folder}\`](../${folder})
`;
}

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
function outputOf(directory: string): string {
  const expected = path.join(directory, 'expected');
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

if (process.argv[1] === import.meta.filename) fs.writeFileSync(path.join(ROOT, 'docs/cookbook.md'), cookbookPage());
