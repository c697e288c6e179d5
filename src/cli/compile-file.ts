import fs from 'node:fs';
import path from 'node:path';
import { compile } from '../compiler/compile.ts';
import type { CompileResult } from '../compiler/compile-result.ts';
import { formatDiagnostics, maskSecrets } from '../compiler/format-diagnostic.ts';
import { checkSetting } from '../compiler/settings.ts';
import { connectorCatalog } from '../connectors/connector-registry.ts';
import { EngineError } from '../core/engine-error.ts';
import { claimStandardInput } from '../core/standard-input.ts';

export interface CompiledFile {
  readonly file: string;
  readonly text: string;
  readonly result: CompileResult;
  readonly failed: boolean;
}

/**
 * Compiles a file. `settings` come from flags and override SET in the text. SET overrides `base`.
 */
export function compileFile(
  file: string,
  settings: Readonly<Record<string, string>>,
  base: Readonly<Record<string, string>> = {},
): CompiledFile {
  return compileText(file, settings, (text) => text, base);
}

/** Compiles a text that is derived from the file's text. Otherwise works like `compileFile`. */
export function compileText(
  file: string,
  settings: Readonly<Record<string, string>>,
  extend: (text: string) => string,
  base: Readonly<Record<string, string>> = {},
): CompiledFile {
  let text: string;
  try {
    text = readText(file).replace(/^\ufeff/, '');
  } catch (cause) {
    throw new EngineError('CONFIG_USAGE', `cannot read ${file}: ${(cause as Error).message}`, { file }, cause);
  }
  checkSettings({ ...base, ...settings });
  text = extend(text);
  const result = compile(text, {
    fileName: file === '-' ? 'stdin' : path.basename(file, path.extname(file)),
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: { ...base, ...settings },
    fixedSettings: new Set(Object.keys(settings)),
  });
  return { file, text, result, failed: result.diagnostics.some((d) => d.severity === 'error') };
}

/** The text from standard input. A command may compile it several times. */
let inputText: string | null = null;

/** Reads a file, or standard input for `-`. */
function readText(file: string): string {
  if (file !== '-') return fs.readFileSync(file, 'utf8');
  if (inputText === null) {
    claimStandardInput('the SQL text');
    inputText = fs.readFileSync(0, 'utf8');
  }
  return inputText;
}

/** Prints diagnostics on standard error, also warnings. */
export function printDiagnostics({ file, text, result }: CompiledFile): void {
  if (result.diagnostics.length === 0) return;
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  process.stderr.write(
    `${formatDiagnostics(result.diagnostics, maskSecrets(text, result.secrets), { file, color }).trimEnd()}\n`,
  );
}

/**
 * Checks settings from flags by the rules for SET. Reports all mistakes at once. Prints warnings on
 * standard error.
 */
export function checkSettings(settings: Readonly<Record<string, string>>): void {
  const problems = Object.entries(settings).flatMap(([key, value]) => checkSetting(key, value) ?? []);
  const text = (p: (typeof problems)[number]): string => `${p.message}${p.hint === undefined ? '' : `; ${p.hint}`}`;
  for (const problem of problems)
    if (problem.severity === 'warning') process.stderr.write(`warning[${problem.code}]: ${text(problem)}\n`);
  const errors = problems.filter((p) => p.severity === 'error');
  if (errors.length > 0) throw new EngineError(errors[0]!.code, errors.map(text).join('\n'), {});
}
