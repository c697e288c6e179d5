/**
 * Writes docs/cli.md from the program of the command line: `node scripts/generate-cli-docs.ts`. A
 * test fails when the page is stale.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Argument, Command, Option } from 'commander';
import { buildProgram } from '../src/cli/build-program.ts';

const WIDTH = 100;

const HEAD = `# Command line

Made by \`scripts/generate-cli-docs.ts\` from \`src/cli/build-program.ts\`.

\`sequitur COMMAND --help\` prints the same texts. The exit code is 0 after success. It is 1 if a job
failed or a test differed. It is 2 if the SQL, the configuration or the usage is wrong. Commands
that print an object or a list print text on a terminal and JSON in a pipe.

The commands \`jobs\`, \`stop\`, \`start\`, \`logs\` and \`savepoint\` ask a running service over its
[HTTP API](http-api.md). The other commands need no service.
`;

export function cliPage(): string {
  const program = buildProgram(() => {});
  const commands = program.commands.flatMap((command) => leavesOf(command, ''));
  const list = commands.map(({ name }) => `- [\`${name}\`](#${anchorOf(name)})`);
  return [HEAD, `${list.join('\n')}\n`, ...commands.map(sectionOf)].join('\n');
}

interface Leaf {
  readonly name: string;
  readonly command: Command;
}

/** Returns the commands without subcommands, with their full names. */
function leavesOf(command: Command, before: string): Leaf[] {
  const name = `${before} ${command.name()}`.trim();
  if (command.commands.length === 0) return [{ name, command }];
  return command.commands.flatMap((inner) => leavesOf(inner, name));
}

const anchorOf = (name: string): string => `sequitur-${name.replaceAll(' ', '-')}`;

function sectionOf({ name, command }: Leaf): string {
  const args = command.registeredArguments;
  const usage = ['sequitur', name, ...(command.options.length > 0 ? ['[options]'] : []), ...args.map(argumentText)];
  const rows = [
    ...args.flatMap((arg) =>
      arg.description === '' ? [] : [`| \`${argumentText(arg)}\` | ${cell(arg.description)} |`],
    ),
    ...command.options.map((option) => `| \`${option.flags}\` | ${cell(option.description)}${noteOf(option)} |`),
  ];
  const table = rows.length === 0 ? '' : `\n| argument or option | meaning |\n|---|---|\n${rows.join('\n')}\n`;
  return `## sequitur ${name}\n\n${wrapped(command.description())}\n\n\`\`\`\n${usage.join(' ')}\n\`\`\`\n${table}`;
}

function argumentText(arg: Argument): string {
  const name = `${arg.name()}${arg.variadic ? '...' : ''}`;
  return arg.required ? `<${name}>` : `[${name}]`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function noteOf({ argChoices, defaultValue, defaultValueDescription }: Option): string {
  const choices = argChoices === undefined ? '' : `; one of ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`;
  if (defaultValueDescription !== undefined) return `${choices}; default: ${defaultValueDescription}`;
  const value: unknown = defaultValue;
  return typeof value === 'string' || typeof value === 'number' ? `${choices}; default: \`${value}\`` : choices;
}

/** Breaks a paragraph into lines. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

if (process.argv[1] === import.meta.filename) {
  fs.writeFileSync(path.join(import.meta.dirname, '..', 'docs', 'cli.md'), cliPage());
}
