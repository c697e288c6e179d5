import { CommanderError } from 'commander';
import { buildProgram } from './build-program.ts';
import { failureExitCode, reportFailure } from './output/report-failure.ts';

/**
 * Parses the command line and runs a command. Resolves to the exit code:
 * - 0: the command succeeded.
 * - 1: a job failed, or a test differed.
 * - 2: the SQL, the configuration or the usage is wrong.
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    // A closed pipe (`| head`) ends a command without an error; the service continues.
    if (args[0] !== 'serve') process.exit(0);
  });
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    reportFailure(error);
    return failureExitCode(error);
  }
  return exitCode;
}
