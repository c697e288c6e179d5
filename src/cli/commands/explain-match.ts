import path from 'node:path';
import type { MatchQuestion } from '../../compiler/compile-result.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { EngineError } from '../../core/engine-error.ts';
import { matchesIn } from '../../plan/match-question.ts';
import { patternText } from '../../plan/pattern-text.ts';
import { explainMatch } from '../../service/match-explanation/explain-match.ts';
import { explanationJson } from '../../service/match-explanation/explanation-json.ts';
import { compileFile, compileText, printDiagnostics } from '../compile-file.ts';
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
  let length = 0;
  const compiled = compileText(file, flags.set, (text) => {
    length = text.length;
    return `${text}\n;${statementOf(name, flags)}`;
  });
  const { diagnostics, statements } = compiled.result;
  const ofFile = diagnostics.filter(({ span }) => span.start <= length);
  printDiagnostics({ ...compiled, result: { ...compiled.result, diagnostics: ofFile } });
  if (compiled.failed) {
    const ofFlags = diagnostics.filter((each) => each.severity === 'error' && !ofFile.includes(each));
    for (const diagnostic of ofFlags) process.stderr.write(`${withoutPlace(diagnostic)}\n`);
    return 2;
  }
  const question = statements.findLast((statement) => statement.kind === 'explain-match');
  if (question === undefined)
    throw new EngineError('CONFIG_USAGE', 'the last statement of the file is not complete', { file });
  await writeExplanation(file, question, flags.json === true);
  return 0;
}

/** Returns the text of a mistake in the flags, without a position: the file does not contain it. */
function withoutPlace({ severity, code, message, hint }: Diagnostic): string {
  return `${severity}[${code}]: ${message}${hint === undefined ? '' : `\nhint: ${hint}`}`;
}

/**
 * Returns the name of the only pattern of a file. Returns null after reporting mistakes of the
 * file.
 */
function onlyPattern(file: string, { set }: ExplainMatchFlags): string | null {
  const compiled = compileFile(file, set);
  if (compiled.failed) {
    printDiagnostics(compiled);
    return null;
  }
  const jobs = compiled.result.statements.flatMap((statement) => (statement.kind === 'job' ? [statement.plan] : []));
  const found = jobs.flatMap((plan) => matchesIn(plan).map((match) => ({ plan, match })));
  const views = [...compiled.result.catalog.views.keys()];
  if (found.length === 1) return found[0]!.plan.name;
  if (found.length === 0 && views.length === 1) return views[0]!;
  if (found.length === 0) {
    const named = views.length === 0 ? 'has no pattern' : `has no job; name one of its views: ${views.join(', ')}`;
    throw new EngineError('CONFIG_USAGE', `${file} ${named}`, { file });
  }
  const names = found.map(({ match }) => match.name);
  const list = found.map(({ plan, match }) => {
    const unique = names.filter((each) => each === match.name).length === 1;
    return `  ${unique ? match.name : `${plan.name}/${match.name}`}  PATTERN (${patternText(match.pattern)})`;
  });
  throw new EngineError('CONFIG_USAGE', `${file} has ${found.length} patterns, name one:\n${list.join('\n')}`, {
    file,
  });
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
  const keyText = (value: string): string => (value === 'NULL' ? value : text(value));
  const forKey = key === undefined ? '' : ` FOR KEY (${key.map(keyText).join(', ')})`;
  const between = from === undefined ? '' : ` BETWEEN ${text(from)} AND ${text(to!)}`;
  return `EXPLAIN MATCH ${text(name)}${forKey}${between}`;
}
