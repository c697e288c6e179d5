import type { OptionSpec } from '../../src/connectors/connector-options.ts';
import { FORMATS, type Format } from '../../src/formats/format-registry.ts';
import { code, paragraph, table } from './markdown.ts';
import { exampleSection } from './tables/example-section.ts';
import { FORMAT_NOTES } from './tables/format-notes.ts';
import { optionTable } from './tables/option-table.ts';
import { CAST_TYPES } from './types/casts.ts';

/** Returns docs/formats.md. Runs the examples. */
export async function formatsPage(): Promise<string> {
  const formats = [...FORMATS.values()];
  const sections: string[] = [];
  for (const format of formats) sections.push(await sectionOf(format));
  return `# Formats

Made by \`scripts/generate-reference.ts\` from the definitions in \`src/formats\` and the examples in
\`scripts/reference/tables\`. The tests run the examples.

The option \`format\` of a table says how a [connector](connectors.md) reads and writes rows as bytes.
Text is UTF-8. [Types](types.md) shows the form of a value of each type. An option marked *extended*
is not in Flink. [Where Sequitur differs](language-differences.md) lists the other exceptions.

${table(['format', 'what', 'source', 'sink', 'changes', 'files'], formats.map(overviewOf))}

*Changes* says whether a sink accepts rows that update and delete earlier rows. *Files* is the end
of the names of written files.

${sections.join('\n')}`;
}

function overviewOf({ name, summary, uses, acceptsChangelog, suffix }: Format): string[] {
  return [
    `[\`${name}\`](#${name})`,
    summary,
    uses.includes('source') ? 'yes' : '',
    uses.includes('sink') ? 'yes' : '',
    acceptsChangelog ? 'yes' : 'no',
    code(suffix),
  ];
}

async function sectionOf(format: Format): Promise<string> {
  const { name, summary, options } = format;
  const notes = FORMAT_NOTES[name];
  if (notes === undefined) throw new Error(`the format ${name} has no example`);
  const parts = [`## ${name}`, summary];
  if (options.length === 0) parts.push('It has no options.');
  else parts.push(optionTable(options as readonly OptionSpec[], { connector: 'filesystem', format: name }));
  parts.push([...notes.rules, ...typesOf(format)].map(listItem).join('\n'));
  parts.push(await exampleSection(notes.example));
  return `${parts.join('\n\n')}\n`;
}

/** Names the types of a column if the format cannot have all of them. */
function typesOf({ problem }: Format): string[] {
  if (problem === undefined) return [];
  const names = CAST_TYPES.filter(([name, type]) => problem([{ name, type }]) === null).map(([name]) => name);
  return [`The column has one of these types: ${names.join(', ')}.`];
}

const listItem = (text: string): string => `- ${paragraph(text).replaceAll('\n', '\n  ')}`;
