import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { EngineError } from '../../core/engine-error.ts';
import { findCases, type GoldenCase } from '../../service/golden/golden-case.ts';
import { type GoldenMode, MATRIX, runGoldenCase, STRAIGHT } from '../../service/golden/golden-run.ts';
import type { TestFlags } from '../command-flags.ts';

interface CaseResult {
  readonly golden: GoldenCase;
  readonly failures: readonly string[];
  readonly ms: number;
}

/** Runs `sequitur test DIR…`. Resolves to exit code 1 if a case differs. */
export async function testCommand(directories: readonly string[], flags: TestFlags): Promise<number> {
  for (const directory of directories) {
    if (!fs.existsSync(directory)) throw new EngineError('CONFIG_USAGE', `there is no directory ${directory}`, {});
  }
  let exitCode = await testOnce(directories, flags);
  if (!flags.watch) return exitCode;
  const { watch } = await import('chokidar');
  let pending: NodeJS.Timeout | null = null;
  watch([...directories], { ignoreInitial: true }).on('all', () => {
    if (pending !== null) clearTimeout(pending);
    pending = setTimeout(() => {
      void testOnce(directories, flags).then((code) => {
        exitCode = code;
      });
    }, 100);
  });
  return new Promise((resolve) => process.once('SIGINT', () => resolve(exitCode)));
}

async function testOnce(directories: readonly string[], flags: TestFlags): Promise<number> {
  const cases = findCases(directories);
  if (cases.length === 0)
    throw new EngineError(
      'CONFIG_USAGE',
      `no test cases in ${directories.join(', ')}: a case is a folder with one .sql file, input/ and expected/`,
      {},
    );
  const modes = flags.matrix ? [STRAIGHT, ...MATRIX] : [STRAIGHT];
  const results: CaseResult[] = [];
  for (const golden of cases) {
    const result = flags.update ? await updateCase(golden, flags) : await runCase(golden, modes, flags);
    results.push(result);
    report(result);
  }
  if (flags.junit !== undefined) fs.writeFileSync(flags.junit, junit(results));
  const failed = results.filter((r) => r.failures.length > 0).length;
  process.stdout.write(`${results.length - failed} of ${results.length} cases passed\n`);
  return failed === 0 ? 0 : 1;
}

async function runCase(golden: GoldenCase, modes: readonly GoldenMode[], flags: TestFlags): Promise<CaseResult> {
  const since = performance.now();
  const missing = missingPart(golden);
  if (missing !== null) return { golden, failures: [missing], ms: 0 };
  const failures: string[] = [];
  for (const mode of modes) {
    const { failure } = await runGoldenCase(golden, mode, flags.set);
    if (failure !== null) failures.push(mode === STRAIGHT ? failure : `${mode.name}: ${failure}`);
  }
  return { golden, failures, ms: performance.now() - since };
}

/**
 * Returns what a case lacks, or null. A case that compares nothing must not look like a passed one.
 */
function missingPart(golden: GoldenCase): string | null {
  const { directory, sqlFile } = golden;
  // A text without tables, for example with VALUES only, needs no input.
  const hasTables = /\bCREATE\s+(TEMPORARY\s+)?TABLE\b/i.test(fs.readFileSync(sqlFile, 'utf8'));
  if (hasTables && !fs.existsSync(path.join(directory, 'input'))) {
    return 'input/ is missing: it holds the rows of each table, in input/<table>.jsonl';
  }
  if (golden.expected.size > 0 || golden.error !== null) return null;
  return `expected/ has no rows to compare: \`sequitur test --update ${directory}\` records the actual output`;
}

/** Writes the actual output as the expected files. The user must review the diff. */
async function updateCase(golden: GoldenCase, flags: TestFlags): Promise<CaseResult> {
  const since = performance.now();
  const { failure, actual } = await runGoldenCase({ ...golden, expected: new Map(), error: null }, STRAIGHT, flags.set);
  if (failure === null) {
    const directory = path.join(golden.directory, 'expected');
    fs.mkdirSync(directory, { recursive: true });
    fs.rmSync(path.join(directory, 'error.json'), { force: true });
    for (const [sink, lines] of actual) {
      fs.writeFileSync(path.join(directory, `${sink}.jsonl`), lines.map((line) => `${line}\n`).join(''));
    }
  }
  return { golden, failures: failure === null ? [] : [failure], ms: performance.now() - since };
}

function report({ golden, failures, ms }: CaseResult): void {
  const mark = failures.length === 0 ? styleText('green', 'ok') : styleText('red', 'FAIL');
  process.stdout.write(`${mark} ${golden.name} ${styleText('dim', `${ms.toFixed(0)} ms`)}\n`);
  for (const failure of failures) process.stdout.write(`   ${failure.replaceAll('\n', '\n   ')}\n`);
}

function junit(results: readonly CaseResult[]): string {
  const escaped = (text: string): string => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const cases = results.map(({ golden, failures, ms }) => {
    const inner = failures
      .map((f) => `<failure message="${escaped(f.split('\n')[0]!)}">${escaped(f)}</failure>`)
      .join('');
    return `  <testcase classname="sequitur" name="${escaped(golden.name)}" time="${(ms / 1000).toFixed(3)}">${inner}</testcase>`;
  });
  const failed = results.filter((r) => r.failures.length > 0).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="sequitur" tests="${results.length}" failures="${failed}">\n${cases.join('\n')}\n</testsuite>\n`;
}
