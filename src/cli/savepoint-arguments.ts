import type { Command } from 'commander';
import type { SavepointFlags } from './commands/savepoint.ts';
import { withService } from './service-flags.ts';

/** Adds `sequitur savepoint …`, the commands for savepoints of a running service. */
export function addSavepointCommands(program: Command, done: (exitCode: number) => void): void {
  const savepoint = program
    .command('savepoint')
    .description("Take, list, restore and delete savepoints of a running service's jobs.")
    .addHelpText(
      'after',
      '\nExamples:\n  sequitur savepoint take alerts.out before-upgrade\n  sequitur savepoint stop alerts.out the-end --drain\n  sequitur savepoint restore alerts.out before-upgrade',
    );
  withService(savepoint.command('take', { isDefault: true }))
    .description(
      'Take a savepoint of a running job and wait until it is complete. `sequitur savepoint <job>` does the same.',
    )
    .argument('<job>', 'the id of the job')
    .argument('[name]', 'unique among the savepoints of the job; by default made of the time')
    .action(async (job: string, name: string | undefined, flags: SavepointFlags) => {
      const { takeCommand } = await import('./commands/savepoint.ts');
      done(await takeCommand(job, name, {}, flags));
    });
  withService(savepoint.command('stop'))
    .description('Stop a job with a savepoint; it can go on from there.')
    .argument('<job>', 'the id of the job')
    .argument('[name]', 'as for take')
    .option('--drain', 'send the last watermark before, so that windows and absences fire: the job has finished then')
    .action(async (job: string, name: string | undefined, flags: SavepointFlags & { drain?: boolean }) => {
      const { takeCommand } = await import('./commands/savepoint.ts');
      done(await takeCommand(job, name, { stop: true, drain: flags.drain === true }, flags));
    });
  withService(savepoint.command('list'))
    .description('List the savepoints of a job, oldest first, including failed ones.')
    .argument('<job>', 'the id of the job')
    .action(async (job: string, flags: SavepointFlags) => {
      const { listCommand } = await import('./commands/savepoint.ts');
      done(await listCommand(job, flags));
    });
  withService(savepoint.command('restore'))
    .description('Start a job that has ended again, from one of its savepoints.')
    .argument('<job>', 'the id of the job')
    .argument('<name>', 'the savepoint')
    .action(async (job: string, name: string, flags: SavepointFlags) => {
      const { startCommand } = await import('./commands/jobs.ts');
      done(await startCommand(job, { ...flags, savepoint: name }));
    });
  withService(savepoint.command('delete'))
    .description("Delete a savepoint; the job's next checkpoint removes its data.")
    .argument('<job>', 'the id of the job')
    .argument('<name>', 'the savepoint')
    .action(async (job: string, name: string, flags: SavepointFlags) => {
      const { deleteCommand } = await import('./commands/savepoint.ts');
      done(await deleteCommand(job, name, flags));
    });
}
