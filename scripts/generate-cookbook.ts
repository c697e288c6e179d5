/**
 * Writes docs/cookbook.md and docs/coming-from-esper-siddhi.md from the cases that the tests run:
 * `node scripts/generate-cookbook.ts`. A test fails when a page is stale.
 */
import fs from 'node:fs';
import path from 'node:path';
import { outputOf, queryOf, textOf } from './cookbook/case-sections.ts';
import { CHAPTERS, type Recipe } from './cookbook/recipes.ts';
import { TRANSLATIONS, type Translation } from './cookbook/translations.ts';

const ROOT = path.join(import.meta.dirname, '..');
const TEMPLATE = path.join(import.meta.dirname, 'cookbook/coming-from-esper-siddhi.md');

export function cookbookPage(): string {
  const chapters = CHAPTERS.map(({ title, recipes }) => `## ${title}\n\n${recipes.map(sectionOf).join('\n')}`);
  return `# Cookbook

Questions that people have, each with a text that answers it. \`scripts/generate-cookbook.ts\` makes
this page. Every answer is a folder with a text, its input and the expected rows. The tests run all
of them. To try one, copy its folder, change the text, and run \`sequitur test FOLDER\`.

${chapters.join('\n')}`;
}

function sectionOf({ question, note, folder }: Recipe): string {
  return `### ${question}

${note}

\`\`\`sql
${textOf(folder)}
\`\`\`

${outputOf(folder)}

The folder: [\`${folder}\`](../${folder})
`;
}

/** Returns the page for users of Esper and Siddhi: a template with the translated statements. */
export function esperSiddhiPage(): string {
  const statements = TRANSLATIONS.map(translationOf).join('\n');
  return fs.readFileSync(TEMPLATE, 'utf8').replace('<!-- statements -->\n', () => statements);
}

function translationOf({ title, esper, siddhi, folder, differences }: Translation): string {
  return `### ${title}

Esper:

\`\`\`text
${esper}
\`\`\`

Siddhi:

\`\`\`text
${siddhi}
\`\`\`

Sequitur ([\`${folder}\`](../${folder})):

\`\`\`sql
${queryOf(folder)}
\`\`\`

${outputOf(folder)}

${differences.map((each) => `- ${each}`).join('\n')}
`;
}

if (process.argv[1] === import.meta.filename) {
  fs.writeFileSync(path.join(ROOT, 'docs/cookbook.md'), cookbookPage());
  fs.writeFileSync(path.join(ROOT, 'docs/coming-from-esper-siddhi.md'), esperSiddhiPage());
}
