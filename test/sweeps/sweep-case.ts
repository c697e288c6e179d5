import fs from 'node:fs';
import path from 'node:path';

/**
 * A question of a sweep: a text and its input files. A sweep is a family of many small cases, so
 * all cases of a family are lines of one file instead of folders.
 */
export interface SweepQuestion {
  readonly name: string;
  readonly sql: string;
  /** File name in `input/` → content. */
  readonly files: Readonly<Record<string, string>>;
  /** Default `multiset`. */
  readonly compare?: 'multiset' | 'ordered' | 'final';
}

/** A question with the oracle's answer: changelog lines, or the stage at which it was refused. */
export interface SweepCase extends SweepQuestion {
  readonly expected?: readonly string[];
  readonly error?: { readonly stage: string; readonly message: string };
}

/** Writes a question as a golden case without `expected/`. */
export function writeQuestion(question: SweepQuestion, directory: string): void {
  fs.mkdirSync(path.join(directory, 'input'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'query.sql'), question.sql);
  fs.writeFileSync(path.join(directory, 'case.json'), JSON.stringify({ compare: question.compare ?? 'multiset' }));
  for (const [name, content] of Object.entries(question.files)) {
    fs.writeFileSync(path.join(directory, 'input', name), content);
  }
}

/** Writes a case with its answer as a golden case. */
export function writeCase(recorded: SweepCase, directory: string): void {
  writeQuestion(recorded, directory);
  const expected = path.join(directory, 'expected');
  fs.mkdirSync(expected);
  if (recorded.error !== undefined) fs.writeFileSync(path.join(expected, 'error.json'), JSON.stringify(recorded.error));
  else fs.writeFileSync(path.join(expected, 'result.jsonl'), recorded.expected!.map((line) => `${line}\n`).join(''));
}

/** Reads the answer that the oracle wrote beside a question. Null: it gave none in time. */
export function readAnswer(question: SweepQuestion, directory: string): SweepCase | null {
  const error = path.join(directory, 'expected', 'error.json');
  const result = path.join(directory, 'expected', 'result.jsonl');
  if (fs.existsSync(error)) {
    return { ...question, error: JSON.parse(fs.readFileSync(error, 'utf8')) as { stage: string; message: string } };
  }
  if (!fs.existsSync(result)) return null;
  const lines = fs.readFileSync(result, 'utf8').split('\n');
  return { ...question, expected: lines.filter((line) => line !== '') };
}

const familyFile = (family: string): string => path.join(import.meta.dirname, family, 'recorded.jsonl');

/** Reads the recorded cases of a family. */
export function readFamily(family: string): readonly SweepCase[] {
  const lines = fs.readFileSync(familyFile(family), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SweepCase);
}

export function writeFamily(family: string, cases: readonly SweepCase[]): void {
  fs.writeFileSync(familyFile(family), cases.map((recorded) => `${JSON.stringify(recorded)}\n`).join(''));
}
