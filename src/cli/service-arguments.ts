import type { Command } from 'commander';
import { type ServiceCommandFlags, withService } from './service-flags.ts';

/** Adds the commands for the jobs of a running service, except the commands for savepoints. */
export function addServiceCommands(program: Command, done: (exitCode: number) => void): void {
  withService(program.command('jobs'))
    .description("List a running service's jobs with their states and counts.")
    .addHelpText('after', '\nExamples:\n  sequitur jobs\n  sequitur jobs --json | jq -r .jobs[].id')
    .action(async (flags: ServiceCommandFlags) => {
      const { jobsCommand } = await import('./commands/jobs.ts');
      done(await jobsCommand(flags));
    });
  withService(program.command('stop'))
    .description(
      'Stop a job of a running service after a last checkpoint. `sequitur savepoint stop` stops it with a savepoint.',
    )
    .argument('<job>', 'the id of the job, as `sequitur jobs` prints it')
    .option('--savepoint [name]', 'stop with a savepoint; the name is optional')
    .option('--drain', 'with --savepoint: first send the last watermark, so that windows and absences fire')
    .addHelpText(
      'after',
      '\nExamples:\n  sequitur stop alerts.out\n  sequitur stop alerts.out --savepoint before-upgrade',
    )
    .action(async (job: string, flags: ServiceCommandFlags & { savepoint?: string | true; drain?: boolean }) => {
      const { stopCommand } = await import('./commands/jobs.ts');
      done(await stopCommand(job, flags));
    });
  withService(program.command('start'))
    .description('Start a job of a running service that has ended, from its newest checkpoint or a savepoint.')
    .argument('<job>', 'the id of the job, as `sequitur jobs` prints it')
    .option('--savepoint <name>', 'start from this savepoint')
    .action(async (job: string, flags: ServiceCommandFlags & { savepoint?: string }) => {
      const { startCommand } = await import('./commands/jobs.ts');
      done(await startCommand(job, flags));
    });
  withService(program.command('logs'))
    .description(
      'Print the latest messages about a job of a running service, at most 200: states, failures and warnings.',
    )
    .argument('<job>', 'the id of the job, as `sequitur jobs` prints it')
    .action(async (job: string, flags: ServiceCommandFlags) => {
      const { logsCommand } = await import('./commands/jobs.ts');
      done(await logsCommand(job, flags));
    });
}
