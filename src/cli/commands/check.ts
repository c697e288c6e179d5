import path from 'node:path';
import { positionOf } from '../../core/diagnostic.ts';
import type { Plan } from '../../plan/plan.ts';
import { compareSemantics, type SemanticsComparison } from '../../service/semantics-comparison/compare-semantics.ts';
import { type CompiledFile, compileFile, printDiagnostics } from '../compile-file.ts';
import { checkReport, checkText } from '../output/check-report.ts';
import { comparisonText } from '../output/comparison-text.ts';

/**
 * Runs `sequitur check FILE…`. Prints all mistakes of all files. For a file without mistakes it
 * prints the level, the extensions, the semantics of its patterns, and the bound on the state of
 * each operator. With `json` it prints a line for each diagnostic, then a line for each file
 * without mistakes. With `compareSemantics` it runs each pattern with Flink's and with the
 * standard's semantics and prints the differences. Exit code 2 when there is a mistake.
 */
export async function checkCommand(
  files: readonly string[],
  flags: { set: Record<string, string>; json?: boolean; compareSemantics?: boolean },
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
    const comparison = flags.compareSemantics ? await compared(file, flags) : null;
    failed ||= comparison === 'refused';
    if (flags.json) {
      const compares = comparison === null || comparison === 'refused' ? {} : { comparison };
      process.stdout.write(`${JSON.stringify({ ...report, ...compares })}\n`);
    } else {
      process.stdout.write(checkText(report, color));
      if (comparison !== null && comparison !== 'refused') process.stdout.write(comparisonText(comparison, color));
    }
  }
  return failed ? 2 : 0;
}

/**
 * Runs the patterns of a file with both semantics. Returns `refused` after reporting the semantics
 * under which the text has a mistake.
 */
async function compared(
  file: string,
  flags: { set: Record<string, string> },
): Promise<readonly SemanticsComparison[] | 'refused'> {
  const ways = ['flink', 'standard'].map((semantics) =>
    compileFile(file, { ...flags.set, 'sequitur.match.semantics': semantics }),
  ) as [CompiledFile, CompiledFile];
  for (const [i, way] of ways.entries()) {
    if (!way.failed) continue;
    printDiagnostics(way);
    const name = i === 0 ? 'flink' : 'standard';
    process.stderr.write(
      `${file}: cannot be compared, since with 'sequitur.match.semantics' = '${name}' it is refused\n`,
    );
    return 'refused';
  }
  const [flink, standard] = ways.map(plansOf) as [Plan[], Plan[]];
  const baseDirectory = path.dirname(path.resolve(file));
  return compareSemantics({ flink, standard }, { baseDirectory, roots: null });
}

const plansOf = ({ result }: CompiledFile): Plan[] =>
  result.statements.flatMap((statement) => (statement.kind === 'job' ? [statement.plan] : []));
