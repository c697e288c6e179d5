import { SIMPLE_TYPES, TYPE_PARAMETERS } from '../../src/compiler/build-ast/build-data-type.ts';
import { sameType } from '../../src/core/data-type.ts';
import { code, paragraph, table } from './markdown.ts';
import { answerOf } from './run-example.ts';
import { typeNamed } from './typed-call.ts';
import { CAST_EXAMPLES } from './types/cast-examples.ts';
import { castTable } from './types/casts.ts';
import { commonTypeTable, decimalTable } from './types/common-types.ts';
import { TYPE_GROUPS, type TypeEntry, type TypeGroup } from './types/type-entries.ts';
import { formsOf } from './types/type-forms.ts';

/** Returns docs/types.md. Runs the examples. */
export async function typesPage(): Promise<string> {
  const groups: string[] = [];
  for (const group of TYPE_GROUPS) groups.push(await groupSection(group));
  return `# Types

Made by \`scripts/generate-reference.ts\` from \`src/core/data-type.ts\`, \`src/compiler/build-ast\` and
\`src/functions\`, and from the examples in \`scripts/reference/types\`. The tests run the examples.

A column may be NULL unless its type ends with \`NOT NULL\`. The columns *JSON* and *CSV* show how the
[formats](formats.md) write the example. Sequitur has the types of Flink SQL, except VARIANT,
BITMAP, RAW, structured types and TIMESTAMP WITH TIME ZONE. These types are refused by name.

${groups.join('\n')}
## Literals

${await literalTable()}

\`''\` inside a text stands for one quote mark. \`UNKNOWN\` is a NULL of the type BOOLEAN. The units
of an interval are YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE and SECOND, or a range such as
\`DAY TO SECOND\`.

## Casts

The table says which type can become which. STRING also stands for VARCHAR(n), and BYTES for
VARBINARY(n). A value becomes another type implicitly as the argument of a function and in INSERT.
Elements of nested types follow the same rules. A ROW becomes a ROW with the same number of fields.

${castTable()}

\`CAST\` fails the job at a value that does not fit. \`TRY_CAST\` gives NULL. A number becomes a time
with \`TO_TIMESTAMP_LTZ\`. The casts are those of Flink, with
[one exception](language-differences.md#intended-differences), and those marked *extended*.

${await castExamples()}

## Common types

The results of CASE and COALESCE, the elements of an array and the columns of UNION ALL have the
common type of the values. The two sides of a comparison, and of a calculation without DECIMAL,
also become the common type.

${commonTypeTable()}

A calculation with DECIMAL has room for all digits of the result, up to 38 digits. An integer counts
as a DECIMAL without a scale.

${decimalTable()}
`;
}

async function groupSection({ title, intro, entries }: TypeGroup): Promise<string> {
  const rows: string[][] = [];
  for (const entry of entries) {
    const { json, csv } = await formsOf(entry);
    const shown = (form: string | null): string => (form === null ? 'not possible' : code(form));
    rows.push([namesOf(entry), `${entry.values}${limitsOf(entry)}`, code(entry.example), shown(json), shown(csv)]);
  }
  const head = ['type', 'values', 'example', 'JSON', 'CSV'];
  return `## ${title}\n\n${intro === undefined ? '' : `${paragraph(intro)}\n\n`}${table(head, rows)}\n`;
}

/** Returns the name of a type with its synonyms. */
function namesOf({ type, column = type }: TypeEntry): string {
  const [name = '', parameters = ''] = /^(\w+)(\([^)]*\))?$/.exec(column)?.slice(1) ?? [];
  const own = typeNamed(column)?.type;
  const synonyms = [...Object.keys(SIMPLE_TYPES), ...Object.keys(TYPE_PARAMETERS)].flatMap((other) => {
    const found = other === name || name === '' ? null : typeNamed(other + parameters);
    if (found === null || own === undefined || !sameType(found.type, own)) return [];
    return `${code(other)}${found.portable ? '' : ' (*extended*)'}`;
  });
  return synonyms.length === 0 ? code(type) : `${code(type)}, also ${synonyms.join(', ')}`;
}

/** Describes the parameters of a type. */
function limitsOf({ type, column = type }: TypeEntry): string {
  if (column === type) return '';
  const letters = /\(([^)]*)\)/.exec(type)?.[1]?.split(', ') ?? [];
  const limits = (TYPE_PARAMETERS[/^\w+/.exec(type)![0]] ?? []).map(({ what, least, most, default: normal }, i) => {
    const greatest = what === 'scale' ? code(letters[0]!) : String(most);
    return `${code(letters[i]!)} from ${least} to ${greatest}, ${normal} by default`;
  });
  return limits.length === 0 ? '' : `; ${limits.join('; ')}`;
}

const LITERALS = [
  '7',
  '3000000000',
  '12345678901234567890',
  '1.50',
  '1.5E0',
  "'it''s'",
  "x'CAFE'",
  'TRUE',
  "DATE '2026-03-01'",
  "TIME '12:30:45'",
  "TIMESTAMP '2026-03-01 12:30:45.25'",
  "INTERVAL '5' MINUTE",
  "INTERVAL '1 02:03:04' DAY TO SECOND",
  "INTERVAL '1-6' YEAR TO MONTH",
  "ARRAY['a', 'b']",
  "MAP['a', 1]",
  "ROW(1, 'a')",
];

async function literalTable(): Promise<string> {
  const rows: string[][] = [];
  for (const literal of LITERALS) {
    const type = (await answer(`TYPEOF(${literal})`)).replaceAll(/^'|'$| NOT NULL/g, '');
    rows.push([code(literal), code(type)]);
  }
  return table(['literal', 'type'], rows);
}

async function castExamples(): Promise<string> {
  const rows: string[][] = [];
  for (const [rule, example] of CAST_EXAMPLES) {
    const { text, level } = await answerOf(FAMILY, { calls: [], example });
    rows.push([`${rule}${level === 'extended' ? ' *Extended.*' : ''}`, `${code(example)} → ${code(text)}`]);
  }
  return table(['rule', 'example'], rows);
}

const FAMILY = { title: 'Types', entries: [] };
const answer = async (example: string): Promise<string> => (await answerOf(FAMILY, { calls: [], example })).text;
