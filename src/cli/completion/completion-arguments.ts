import { Argument, type Command } from 'commander';
import type { Shell } from './completion-script.ts';

/** Adds `sequitur completion`. */
export function addCompletionCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('completion')
    .description('Print a script that completes commands and options in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nExamples:\n  source <(sequitur completion bash)\n  sequitur completion zsh > ~/.zfunc/_sequitur\n  sequitur completion fish > ~/.config/fish/completions/sequitur.fish',
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion-script.ts');
      process.stdout.write(completionScript(program, shell));
      done(0);
    });
}
