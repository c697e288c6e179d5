import path from 'node:path';
import type { MatchQuestion } from '../../compiler/compile-result.ts';
import { EngineError } from '../../core/engine-error.ts';
import { matchesIn } from '../../plan/match-question.ts';
import { explainMatch } from '../../service/match-explanation/explain-match.ts';
import { explanationJson } from '../../service/match-explanation/explanation-json.ts';
import { compileText, printDiagnostics } from '../compile-file.ts';
import { explanationText } from '../output/explanation-text.ts';

export interface ExplainMatchFlags {
  readonly key?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly set: Readonly<Record<string, string>>;
}

/**
 * Runs `sequitur explain-match FILE.sql [NAME]`. Adds EXPLAIN MATCH to the end of the file's text.
 */
export async function explainMatchCommand(
  file: string,
  given: string | undefined,
  flags: ExplainMatchFlags,
): Promise<number> {
  const name = given ?? onlyPattern(file, flags);
  if (name === null) return 2;
  const compiled = compileText(file, flags.set, (text) => `${text}\n;${statementOf(name, flags)}`);
  printDiagnostics(compiled);
  if (compiled.failed) return 2;
  const question = compiled.result.statements.findLast((statement) => statement.kind === 'explain-match');
  if (question === undefined)
    throw new EngineError('CONFIG_USAGE', 'the last statement of the file is not complete', { file });
  await writeExplanation(file, question, flags.json === true);
  return 0;
}

/**
 * Returns the job of a file with one pattern. Returns null after reporting mistakes of the file.
 */
function onlyPattern(file: string, { set }: ExplainMatchFlags): string | null {
  const compiled = compileText(file, set, (text) => text);
  if (compiled.failed) {
    printDiagnostics(compiled);
    return null;
  }
  const jobs = compiled.result.statements.flatMap((statement) => (statement.kind === 'job' ? [statement.plan] : []));
  const found = jobs.flatMap((plan) => matchesIn(plan).map(() => plan.name));
  if (found.length === 1) return found[0]!;
  const reason = found.length === 0 ? 'has no pattern' : `has ${found.length} patterns, say which: ${found.join(', ')}`;
  throw new EngineError('CONFIG_USAGE', `${file} ${reason}`, { file });
}

/** Writes an explanation: text on a terminal, JSON if the output is piped. */
export async function writeExplanation(file: string, question: MatchQuestion, asJson: boolean): Promise<void> {
  const baseDirectory = path.dirname(path.resolve(file));
  const answer = explanationJson(await explainMatch(question, { baseDirectory, roots: null }));
  const json = asJson || !process.stdout.isTTY;
  const color = process.env['NO_COLOR'] === undefined;
  process.stdout.write(json ? `${JSON.stringify(answer, null, 2)}\n` : explanationText(answer, color));
}

function statementOf(name: string, { key, from, to }: ExplainMatchFlags): string {
  if ((from === undefined) !== (to === undefined)) {
    throw new EngineError('CONFIG_USAGE', '--from and --to belong together', {});
  }
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const forKey = key === undefined ? '' : ` FOR KEY (${key.map(text).join(', ')})`;
  const between = from === undefined ? '' : ` BETWEEN ${text(from)} AND ${text(to!)}`;
  return `EXPLAIN MATCH ${text(name)}${forKey}${between}`;
}
