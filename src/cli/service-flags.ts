import type { Command } from 'commander';
import type { ServiceFlags } from './service-client.ts';

/** The flags of all commands for a running service. */
export interface ServiceCommandFlags extends ServiceFlags {
  readonly json?: boolean;
}

/** Adds the flags of a command for a running service. */
export function withService(command: Command): Command {
  return command
    .option('--url <address>', 'of the service, as it prints it', 'http://127.0.0.1:8181')
    .option('--token-file <file>', 'file with the token of the service')
    .option('--json', 'print JSON; the default when the output is piped');
}

/** Prints a reply: text on a terminal, JSON in a pipe or with --json. */
export function printReply(json: object, text: string, { json: wanted }: ServiceCommandFlags): void {
  process.stdout.write(wanted === true || process.stdout.isTTY !== true ? `${JSON.stringify(json)}\n` : text);
}
