/**
 * Writes docs/errors.md from the one table of error codes: `node scripts/generate-error-docs.ts`. A
 * test fails when the page is stale.
 */
import fs from 'node:fs';
import path from 'node:path';
import { ERROR_CODES, type ErrorCode } from '../src/core/error-codes.ts';
import { ERROR_MEANINGS } from './error-meanings.ts';

const GROUPS: readonly (readonly [prefix: string, title: string])[] = [
  ['SQL_', 'Mistakes in the text'],
  ['CONFIG_', 'Options, settings, command line'],
  ['CONNECTOR_', 'Sources and sinks'],
  ['FORMAT_', 'Data'],
  ['EXPRESSION_', 'Expressions at run time'],
  ['MATCH_', 'Patterns at run time'],
  ['STATE_', 'State'],
  ['CHECKPOINT_', 'Checkpoints'],
  ['SAVEPOINT_', 'Savepoints'],
  ['JOB_', 'Jobs'],
  ['HTTP_', 'The HTTP API'],
];

export function errorPage(): string {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  const sections = GROUPS.map(([prefix, title]) => {
    const rows = codes.filter((code) => code.startsWith(prefix)).map(row);
    return `## ${title}\n\n| code | what happened | what to do | exit | HTTP |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Error codes

Made by \`scripts/generate-error-docs.ts\` from \`src/core/error-codes.ts\`.

A code never changes its meaning; the text of a message may. Exit codes of the command line: 0 all is well, 1 a job failed while it ran, 2 nothing ran because
something is wrong with the text, the options or what is asked for. \`HTTP\` is the status with which the service answers. Codes marked with ↻ may succeed when tried again.

${sections.join('\n')}`;
}

function row(code: ErrorCode): string {
  const { exit, http, retryable } = ERROR_CODES[code];
  const [meaning, remedy] = ERROR_MEANINGS[code];
  return `| \`${code}\`${retryable ? ' ↻' : ''} | ${meaning} | ${remedy} | ${exit} | ${http} |`;
}

if (process.argv[1] === import.meta.filename) {
  fs.writeFileSync(path.join(import.meta.dirname, '..', 'docs', 'errors.md'), errorPage());
}
