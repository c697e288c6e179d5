import fs from 'node:fs';
import path from 'node:path';

/**
 * A golden case is a folder: one `.sql` file, `input/<table>.jsonl` in arrival order, and either
 * `expected/<sink>.jsonl` (changelog lines `{"op":"+I","row":{…}}`; a bare SELECT is `result`) or
 * `expected/error.json` if the text must be refused or the job must fail. `case.json` may set
 * options and say how lines are compared.
 */
export interface GoldenCase {
  readonly name: string;
  readonly directory: string;
  readonly sqlFile: string;
  /** Table → file with its rows. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Sink → expected lines. */
  readonly expected: ReadonlyMap<string, string>;
  readonly error: { readonly stage: string } | null;
  readonly compare: 'multiset' | 'ordered' | 'final';
  readonly settings: Readonly<Record<string, string>>;
}

/** Finds the cases in and below the directories. Sorts them by path. */
export function findCases(directories: readonly string[]): readonly GoldenCase[] {
  return directories.flatMap((directory) => casesBelow(path.resolve(directory), path.resolve(directory)));
}

function casesBelow(directory: string, root: string): GoldenCase[] {
  const entries = fs.readdirSync(directory, { withFileTypes: true });
  const found = loadCase(directory, path.relative(path.dirname(root), directory));
  if (found !== null) return [found];
  return entries
    .filter((e) => e.isDirectory() && !e.name.startsWith('.') && e.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) => casesBelow(path.join(directory, e.name), root));
}

/** Reads the case in a folder. Returns null if the folder is not a case. */
export function loadCase(directory: string, name = path.basename(directory)): GoldenCase | null {
  const sql = fs.readdirSync(directory).filter((file) => file.endsWith('.sql'));
  const hasData = fs.existsSync(path.join(directory, 'input')) || fs.existsSync(path.join(directory, 'expected'));
  if (sql.length !== 1 || !hasData) return null;
  const meta = readJson(path.join(directory, 'case.json')) as { compare?: string; set?: Record<string, string> } | null;
  const error = readJson(path.join(directory, 'expected', 'error.json')) as { stage: string } | null;
  const expected = linesFiles(path.join(directory, 'expected'));
  return {
    name,
    directory,
    sqlFile: path.join(directory, sql[0]!),
    inputs: new Map([...linesFiles(path.join(directory, 'input'))]),
    expected: new Map([...expected].map(([sink, file]) => [sink, fs.readFileSync(file, 'utf8')])),
    error,
    compare: (meta?.compare as GoldenCase['compare'] | undefined) ?? 'multiset',
    settings: meta?.set ?? {},
  };
}

function linesFiles(directory: string): ReadonlyMap<string, string> {
  if (!fs.existsSync(directory)) return new Map();
  const files = fs.readdirSync(directory).filter((file) => file.endsWith('.jsonl'));
  return new Map(files.map((file) => [file.slice(0, -'.jsonl'.length), path.join(directory, file)]));
}

function readJson(file: string): unknown {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}
