import { positionOf } from '../../core/diagnostic.ts';
import { compileFile, printDiagnostics } from '../compile-file.ts';
import { checkReport, checkText } from '../output/check-report.ts';

/**
 * `sequitur check FILE…`: all mistakes of all files; for a file without any its level, the extensions it uses, how its patterns match, and a bound on what each
 * operator keeps. With `json` a line for each diagnostic, then one for each file without mistakes. Exit code 2 when there is a mistake.
 */
export async function checkCommand(
  files: readonly string[],
  flags: { set: Record<string, string>; json?: boolean },
): Promise<number> {
  let failed = false;
  const color = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  for (const file of files) {
    const compiled = compileFile(file, flags.set);
    failed ||= compiled.failed;
    if (flags.json) {
      for (const d of compiled.result.diagnostics) {
        process.stdout.write(`${JSON.stringify({ file, ...positionOf(compiled.text, d.span.start), ...d })}\n`);
      }
    } else printDiagnostics(compiled);
    if (compiled.failed) continue;
    const portable = compileFile(file, { ...flags.set, 'sequitur.sql.level': 'portable' });
    const report = checkReport(compiled, portable.failed ? 'extended' : 'portable');
    process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : checkText(report, color));
  }
  return failed ? 2 : 0;
}
