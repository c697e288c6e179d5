import { Command, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../core/version.ts';
import type { JobFlags, ServeFlags, TestFlags } from './command-flags.ts';
import type { ConfigFlags } from './commands/config.ts';
import type { ExplainMatchFlags } from './commands/explain-match.ts';
import type { SizeFlags } from './commands/size.ts';
import type { StateFlags } from './commands/state.ts';
import { addCompletionCommand } from './completion/completion-arguments.ts';
import { addSavepointCommands } from './savepoint-arguments.ts';
import { addServiceCommands } from './service-arguments.ts';

/**
 * Builds the command line: its commands, arguments, options and texts. A command passes its exit
 * code to `done`.
 */
export function buildProgram(done: (exitCode: number) => void): Command {
  const program = new Command('sequitur')
    .description('Flink SQL and row patterns on event streams, in one process, on a checkpointed runtime.')
    .version(VERSION, '-v, --version')
    .showHelpAfterError('(add --help for the options)')
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false })
    .exitOverride();

  withJobFlags(program.command('run'))
    .description('Run a SQL file. Each INSERT runs as a job. The rows of a SELECT go to standard output.')
    .argument('<file.sql>', 'the SQL file; relative paths are resolved against its directory')
    .addOption(
      new Option(
        '--output <form>',
        'format of the rows of a SELECT: a table, one JSON row per line, or changes; default: a table on a terminal, otherwise jsonl. A result that changes rows (GROUP BY without a window) has its op (+I, -U, +U, -D) in each format, see --hide-op',
      ).choices(['table', 'jsonl', 'changelog']),
    )
    .option('--hide-op', 'leave out the op of the rows of a result that changes rows')
    .option(
      '--allow-non-restored-state',
      'resume a changed query; unchanged operators keep their state, the others start empty and are listed',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  sequitur run query.sql\n  sequitur run alerts.sql --checkpoint-dir ./checkpoints --checkpoint-interval 10s\n  sequitur run query.sql --output changelog | jq .row',
    )
    .action(async (file: string, flags: JobFlags & { output?: 'table' | 'jsonl' | 'changelog'; hideOp?: boolean }) => {
      const { runCommand } = await import('./commands/run.ts');
      done(await runCommand(file, flags));
    });

  program
    .command('check')
    .description(
      'Check SQL files. Print each error with its position, the language level, and the state bound of each job.',
    )
    .argument('<files...>', 'SQL files')
    .addOption(setOption())
    .option('--json', 'print the diagnostics as JSON')
    .option(
      '--compare-semantics',
      "run each pattern over its bounded input with Flink's semantics and with the SQL standard's, and print the differences",
    )
    .action(
      async (files: string[], flags: { set: Record<string, string>; json?: boolean; compareSemantics?: boolean }) => {
        const { checkCommand } = await import('./commands/check.ts');
        done(await checkCommand(files, flags));
      },
    );

  program
    .command('explain')
    .description('Print the plan of every job in a SQL file.')
    .argument('<file.sql>')
    .addOption(setOption())
    .option('--json', 'print the plan as JSON')
    .action(async (file: string, flags: { set: Record<string, string>; json?: boolean }) => {
      const { explainCommand } = await import('./commands/explain.ts');
      done(await explainCommand(file, flags));
    });

  program
    .command('size')
    .description(
      'Estimate the cores, memory and disk that a SQL file needs at a given rate. The file runs on its own input, and the output is discarded.',
    )
    .argument('<file.sql>', 'the SQL file; its sources are read, but its sinks are not written')
    .requiredOption('--rate <rows per second>', 'input rows per second of all sources together', positiveNumber)
    .option('--seconds <n>', 'maximum run time of each job in seconds', positiveNumber, 20)
    .option('--config <file>', 'settings file with one `key: value` per line (SEQUITUR_CONFIG)')
    .option('--json', 'print JSON; the default when the output is piped')
    .addOption(setOption())
    .addHelpText('after', '\nExample:\n  sequitur size alerts.sql --rate 5000')
    .action(async (file: string, flags: SizeFlags) => {
      const { sizeCommand } = await import('./commands/size.ts');
      done(await sizeCommand(file, flags));
    });

  program
    .command('explain-match')
    .description(
      'Explain why a pattern matches or does not match for one key. Print how far each attempt got and what ended it.',
    )
    .argument('<file.sql>', 'the SQL file; its input is read again and must be bounded')
    .argument(
      '[name]',
      'the view with MATCH_RECOGNIZE, the table that receives its matches, or the job; required if the file has several patterns',
    )
    .option('--key <value...>', 'the values of the PARTITION BY columns')
    .option('--from <time>', 'only attempts that began at or after this time')
    .option('--to <time>', 'only attempts that began at or before this time')
    .option('--json', 'print JSON; the default when the output is piped')
    .addOption(setOption())
    .addHelpText(
      'after',
      "\nExample:\n  sequitur explain-match alerts.sql alerts --key card-7 --from '2026-01-01 10:00:00' --to '2026-01-01 11:00:00'",
    )
    .action(async (file: string, name: string | undefined, flags: ExplainMatchFlags) => {
      const { explainMatchCommand } = await import('./commands/explain-match.ts');
      done(await explainMatchCommand(file, name, flags));
    });

  program
    .command('test')
    .description(
      'Run golden tests. A test is a folder with one .sql file, input/<table>.jsonl and expected/<sink>.jsonl.',
    )
    .argument('<dirs...>', 'folders to search for tests')
    .option('--update', 'write the actual output as the expected files')
    .option('--watch', 'run again when a file changes')
    .option('--junit <file>', 'write a JUnit report')
    .option(
      '--matrix',
      'also run each test in batches of 1, 7 and 1,024 rows on both state back ends, with and without a kill and restore after a checkpoint',
    )
    .addOption(setOption())
    .action(async (dirs: string[], flags: TestFlags) => {
      const { testCommand } = await import('./commands/test.ts');
      done(await testCommand(dirs, flags));
    });

  withJobFlags(program.command('serve'))
    .description(
      'Run the service. It accepts SQL over HTTP, watches pattern files, and serves a page with live counts.',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; default: 8181 or the next free port', portNumber)
    .option('--data-dir <dir>', 'directory of the catalogue, the jobs and the checkpoints', './.sequitur')
    .option('--patterns <dir>', 'folder of pattern files to watch; default: ./patterns')
    .option(
      '--token-file <file>',
      'file with the token that requests must carry; required for addresses other than loopback',
    )
    .option(
      '--allowed-host <host...>',
      'additional Host header to accept: the value that a proxy passes on, with a port only if the header has one',
    )
    .option(
      '--demo',
      'run the patterns on their own inputs in a loop, with times shifted to the present; without ./patterns, run those of the package',
    )
    .action(async (flags: ServeFlags) => {
      const { serveCommand } = await import('./commands/serve.ts');
      done(await serveCommand(flags));
    });

  program
    .command('state')
    .description('Inspect checkpoints and savepoints.')
    .command('inspect')
    .description(
      'Print the position and watermark of each source, and the entries and bytes of each table. With --table, print the entries of one table.',
    )
    .argument('<path>', 'the manifest of a checkpoint, or the directory of a job, to read its newest checkpoint')
    .option('--table <operator.table>', 'print the decoded entries of this table as JSON lines')
    .option('--json', 'print JSON; the default when the output is piped')
    .action(async (place: string, flags: StateFlags) => {
      const { inspectStateCommand } = await import('./commands/state.ts');
      done(await inspectStateCommand(place, flags));
    });

  addServiceCommands(program, done);
  addSavepointCommands(program, done);

  program
    .command('config')
    .description('Print the type, default, value, source of the value, and meaning of every setting.')
    .argument('[keys...]', 'print only settings whose names contain one of these')
    .option('--service', 'use the defaults of `serve`, some of which differ')
    .option('--config <file>', 'settings file with one `key: value` per line (SEQUITUR_CONFIG)')
    .addOption(setOption())
    .option('--json', 'print JSON; the default when the output is piped')
    .action(async (keys: string[], flags: ConfigFlags) => {
      const { configCommand } = await import('./commands/config.ts');
      done(configCommand(keys, flags));
    });

  addCompletionCommand(program, done);
  return program;
}

function withJobFlags(command: Command): Command {
  return command
    .addOption(new Option('--state <kind>', 'state back end (state.backend.type)').choices(['rocksdb', 'memory']))
    .option('--state-dir <dir>', 'directory of the live state; default: a temporary directory')
    .option('--checkpoint-dir <dir>', 'directory of checkpoints (execution.checkpointing.dir); the job resumes from it')
    .option('--checkpoint-interval <time>', 'time between checkpoints, e.g. 10s (execution.checkpointing.interval)')
    .option(
      '--config <file>',
      'settings file with one `key: value` per line; flags and SET override it (SEQUITUR_CONFIG)',
    )
    .option('--batch-rows <n>', 'rows per batch', positiveNumber)
    .option(
      '--restore <path>',
      'checkpoint to resume from instead of the newest; give its number or the path of its manifest',
    )
    .option('--fresh', 'start over and delete older checkpoints of the job')
    .addOption(setOption());
}

function setOption(): Option {
  return new Option('--set <key=value>', 'a setting, as with SET in the SQL text; can be repeated')
    .default({}, 'none')
    .argParser((text: string, before: Record<string, string>) => {
      const at = text.indexOf('=');
      if (at < 1) throw new InvalidArgumentError('it must have the form key=value');
      return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
    });
}

function positiveNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('it must be a whole number of at least 1');
  return Number(text);
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new InvalidArgumentError('it must be a port number');
  return Number(text);
}
