import { CONDITIONALS } from '../../src/compiler/typecheck/conditional.ts';
import { findFunction } from '../../src/functions/registry.ts';
import { FAMILIES } from './functions/families.ts';
import type { FunctionEntry, FunctionFamily } from './functions/function-entry.ts';
import { anchor, code, paragraph, table } from './markdown.ts';
import { constantResult } from './result-type.ts';
import { answerOf } from './run-example.ts';
import { argumentsIn } from './typed-call.ts';

/** Returns docs/functions.md. Runs every example. */
export async function functionsPage(): Promise<string> {
  const list = FAMILIES.map(({ title }) => `- [${title}](#${anchor(title)})`);
  const sections: string[] = [];
  for (const family of FAMILIES) sections.push(await sectionOf(family));
  return `# Functions

Made by \`scripts/generate-reference.ts\` from the definitions in \`src/functions\` and \`src/compiler\`
and from the examples in \`scripts/reference/functions\`. The answers come from the engine.

- A function gives NULL if an argument is NULL, unless its row says otherwise.
- Brackets \`[…]\` in a call mark a part that may be left out. Names are case-insensitive.
- A row marked *extended* is not in Flink SQL.
- Functions give the same results as in Flink.
  [Where Sequitur differs](language-differences.md) lists the exceptions.
- *Common type* is defined on the page of [types](types.md#common-types).
- \`SHOW FUNCTIONS\` lists the names.

${list.join('\n')}

${sections.join('\n')}`;
}

async function sectionOf(family: FunctionFamily): Promise<string> {
  const rows: string[][] = [];
  for (const entry of family.entries) rows.push(await rowOf(family, entry));
  const intro = family.intro === undefined ? '' : `${paragraph(family.intro)}\n\n`;
  // Functions that create windows have no value.
  const hasResults = family.entries.some((entry) => resultOf(family, entry) !== null);
  const head = ['call', ...(hasResults ? ['result'] : []), 'meaning', 'example'];
  return `## ${family.title}\n\n${intro}${table(head, hasResults ? rows : rows.map((row) => row.toSpliced(1, 1)))}\n`;
}

async function rowOf(family: FunctionFamily, entry: FunctionEntry): Promise<string[]> {
  const { text, level } = await answerOf(family, entry);
  const note = entry.note === undefined ? '' : ` ${entry.note}`;
  const mark = level === 'extended' ? ' *extended*' : '';
  return [
    entry.calls.map(code).join('<br>') + mark,
    (resultOf(family, entry) ?? '').replaceAll('<', '\\<'),
    meaningOf(family, entry) + note,
    `${code(entry.example)} → ${code(text)}`,
  ];
}

/** Returns the name of the definition of an entry. */
export function definitionOf({ definition, calls }: FunctionEntry): string {
  return definition ?? /^\w+/.exec(calls[0]!)![0];
}

export function meaningOf(family: FunctionFamily, entry: FunctionEntry): string {
  const name = definitionOf(entry);
  const meaning = entry.meaning ?? (family.summaryOf ?? summaryOfScalar)(name);
  if (meaning === undefined) throw new Error(`${name} has no description`);
  return meaning;
}

const summaryOfScalar = (name: string): string | undefined =>
  findFunction(name)?.summary ?? CONDITIONALS[name]?.summary;

/** Returns the type of the result: the declared one, or the computed one of a scalar function. */
export function resultOf(family: FunctionFamily, entry: FunctionEntry): string | null {
  if (entry.result !== undefined) return entry.result;
  const name = definitionOf(entry);
  if (family.summaryOf !== undefined || findFunction(name) === undefined) return null;
  const args = argumentsIn(entry.example, name);
  if (args === null) throw new Error(`the example of ${name} does not call it`);
  return constantResult(name, args);
}
