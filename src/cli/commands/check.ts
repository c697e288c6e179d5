import { positionOf } from '../../core/diagnostic.ts';
import { compileFile, printDiagnostics } from '../compile-file.ts';

/** `sequitur check FILE…`: all mistakes of all files; exit code 2 when there is one. */
export async function checkCommand(
  files: readonly string[],
  flags: { set: Record<string, string>; json?: boolean },
): Promise<number> {
  let failed = false;
  for (const file of files) {
    const compiled = compileFile(file, flags.set);
    failed ||= compiled.failed;
    if (flags.json) {
      for (const d of compiled.result.diagnostics) {
        process.stdout.write(`${JSON.stringify({ file, ...positionOf(compiled.text, d.span.start), ...d })}\n`);
      }
      continue;
    }
    printDiagnostics(compiled);
    if (compiled.failed) continue;
    const jobs = compiled.result.statements.filter((s) => s.kind === 'job');
    const level = compileFile(file, { ...flags.set, 'sequitur.sql.level': 'portable' }).failed
      ? 'extended'
      : 'portable';
    process.stdout.write(
      `${file}: ok, ${level}, ${jobs.length} job${jobs.length === 1 ? '' : 's'}${jobs.map((j) => ` ${j.plan.name}`).join('')}\n`,
    );
  }
  return failed ? 2 : 0;
}
