/**
 * Records the answers of an oracle to the questions of a sweep:
 * `node test/sweeps/record-sweep.ts --oracle DIR FAMILY…`.
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
import { readAnswer, type SweepCase, writeFamily, writeQuestion } from './sweep-case.ts';

const { values, positionals } = parseArgs({ options: { oracle: { type: 'string' } }, allowPositionals: true });
if (values.oracle === undefined) throw new Error('--oracle DIR is missing');
for (const family of positionals.length > 0 ? positionals : FAMILIES.keys()) {
  const questions = FAMILIES.get(family);
  if (questions === undefined) throw new Error(`no family ${family}; there are: ${[...FAMILIES.keys()].join(', ')}`);
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-sweep-'));
  const asked = questions().map((question, i) => {
    const directory = path.join(root, String(i).padStart(5, '0'));
    writeQuestion(question, directory);
    return { question, directory };
  });
  const run = spawnSync(path.join(values.oracle, 'run'), ['record', root], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (run.error !== undefined) throw run.error;
  const answers = asked.map(({ question, directory }) => readAnswer(question, directory));
  const recorded = answers.filter((answer): answer is SweepCase => answer !== null);
  writeFamily(family, recorded);
  const refused = recorded.filter(({ error }) => error !== undefined).length;
  console.log(`${family}: ${recorded.length} of ${asked.length} recorded, ${refused} of them refused`);
  fs.rmSync(root, { recursive: true, force: true });
}
