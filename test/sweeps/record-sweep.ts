/**
 * Records the answers of an oracle to the questions of a sweep:
 * `node test/sweeps/record-sweep.ts --oracle DIR FAMILY…`.
 * With `--missing` only the questions without an answer are asked.
 *
 * An oracle is a folder with a program `run`: `run record DIR` writes `expected/result.jsonl` or
 * `expected/error.json` beside each `query.sql` below DIR, in the format of the golden cases.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FAMILIES } from './families.ts';
import { readAnswer, readFamily, type SweepQuestion, writeFamily, writeQuestion } from './sweep-case.ts';

/** Identifies a question by all of its parts. */
const textOf = ({ name, sql, files, compare }: SweepQuestion): string => JSON.stringify([name, sql, files, compare]);

const { values, positionals } = parseArgs({
  options: { oracle: { type: 'string' }, missing: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (values.oracle === undefined) throw new Error('--oracle DIR is missing');
for (const family of positionals.length > 0 ? positionals : FAMILIES.keys()) {
  const questions = FAMILIES.get(family);
  if (questions === undefined) throw new Error(`no family ${family}; there are: ${[...FAMILIES.keys()].join(', ')}`);
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-sweep-'));
  const known = values.missing ? readFamily(family) : [];
  const answerOf = new Map(known.map((recorded) => [textOf(recorded), recorded]));
  const unanswered = questions().filter((question) => !answerOf.has(textOf(question)));
  const asked = unanswered.map((question, i) => {
    const directory = path.join(root, String(i).padStart(5, '0'));
    writeQuestion(question, directory);
    return { question, directory };
  });
  const run = spawnSync(path.join(values.oracle, 'run'), ['record', root], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (run.error !== undefined) throw run.error;
  for (const { question, directory } of asked) {
    const answer = readAnswer(question, directory);
    if (answer !== null) answerOf.set(textOf(question), answer);
  }
  const recorded = questions().flatMap((question) => answerOf.get(textOf(question)) ?? []);
  writeFamily(family, recorded);
  const refused = recorded.filter(({ error }) => error !== undefined).length;
  console.log(`${family}: ${recorded.length} of ${questions().length} recorded, ${refused} of them refused`);
  fs.rmSync(root, { recursive: true, force: true });
}
