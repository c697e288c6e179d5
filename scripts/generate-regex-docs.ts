/**
 * Writes docs/regular-expressions.md from the constructs that the sweep tests:
 * `node scripts/generate-regex-docs.ts`. A test fails when the page is stale.
 */
import fs from 'node:fs';
import path from 'node:path';
import { toLinear } from '../src/core/regex/linear-pattern.ts';
import { parsePattern } from '../src/core/regex/parse-pattern.ts';
import { InvalidPattern, UnsupportedPattern } from '../src/core/regex/pattern-error.ts';
import { REGEX_SECTIONS, type RegexConstruct } from '../test/sweeps/regex/constructs.ts';

export function regexPage(): string {
  const sections = REGEX_SECTIONS.map(
    ({ title, constructs }) =>
      `## ${title}\n\n| construct | meaning | Sequitur |\n|---|---|---|\n${constructs.map(row).join('\n')}\n`,
  );
  return `# Regular expressions

Made by \`scripts/generate-regex-docs.ts\` from \`test/sweeps/regex/constructs.ts\`.

Regular expressions are those of \`java.util.regex.Pattern\` of Java 17, as in Flink, with the characters of Unicode 13. \`REGEXP\`, \`REGEXP_REPLACE\`,
\`REGEXP_EXTRACT\`, \`REGEXP_EXTRACT_ALL\`, \`REGEXP_COUNT\`, \`REGEXP_INSTR\` and \`REGEXP_SUBSTR\` search in a text; \`STR_TO_MAP\` takes them as separators.
\`SIMILAR TO\` has a syntax of its own, whose rest is the same. \`SPLIT\` and \`SPLIT_INDEX\` take plain texts. The replacement of \`REGEXP_REPLACE\` is taken as it is:
\`$1\` in it is no reference to a group, as in Flink.

- *same*: every answer is that of Java. The sweep \`test/sweeps/regex\` holds the recorded answers.
- *refused*: a literal pattern with the construct is an error of compilation with its place in the literal. A pattern from a column fails the job with \`EXPRESSION_FAILED\`.
- *linear*: the time is linear in the length of the text, except for texts with characters that the linear engine takes another way, such as line breaks for \`$\`.
- *steps*: the text is matched by backtracking. A text that needs more than 4,000,000 steps, and 32 more for each of its code units, fails the job with
  \`EXPRESSION_FAILED\` and the pattern. That is about a tenth of a second.

What Java does not accept as a regular expression gives NULL (\`REGEXP\`: FALSE), as in Flink. For a literal the compiler warns and shows the place. \`SIMILAR TO\` and \`STR_TO_MAP\`
fail the job, as in Flink.

${sections.join('\n')}`;
}

function row(construct: RegexConstruct): string {
  return `| ${codeOf(construct.construct)} | ${construct.meaning} | ${answer(construct)} |`;
}

/** Writes code into a cell of a table, where a bar needs an escape. */
const codeOf = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

function answer({ patterns }: RegexConstruct): string {
  let linear: string | null = null;
  let refused = false;
  for (const pattern of patterns) {
    try {
      linear ??= toLinear(parsePattern(pattern), true) === null ? 'same, steps' : 'same, linear';
    } catch (error) {
      if (error instanceof UnsupportedPattern) refused = true;
      else if (!(error instanceof InvalidPattern)) throw error;
    }
  }
  if (refused) return linear === null ? 'refused' : `${linear}; others refused`;
  return linear ?? 'same';
}

if (process.argv[1] === import.meta.filename) {
  fs.writeFileSync(path.join(import.meta.dirname, '..', 'docs', 'regular-expressions.md'), regexPage());
}
