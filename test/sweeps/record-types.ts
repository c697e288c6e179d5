/**
 * Records the result types of the questions of `result-types/` from an oracle:
 * `node test/sweeps/record-types.ts --oracle DIR`. An oracle is that of `record-sweep.ts`. With
 * `--missing` only the questions without an answer are asked.
 *
 * The oracle says the type of a column by TYPEOF. Expressions that Sequitur accepts are asked in
 * groups. A group that is refused is asked in smaller groups, and then each expression alone. Most
 * of the other expressions make no sense; one in eight is asked, alone, and those that
 * `differences.ts` explains.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { keptType } from './result-types/differences.ts';
import { FILES, queryOf, type TypeQuestion, tablesOf, typeQuestions } from './result-types/questions.ts';
import { type RecordedType, readTypes, typesOf, writeTypes } from './result-types/recorded-type.ts';
import { readAnswer, writeQuestion } from './sweep-case.ts';

const GROUP = 24;
/** The number of questions for one start of the oracle. */
const CHUNK = 300;
const { values } = parseArgs({
  options: { oracle: { type: 'string' }, missing: { type: 'boolean', default: false } },
});
if (values.oracle === undefined) throw new Error('--oracle DIR is missing');
const oracle = path.join(values.oracle, 'run');

interface Group {
  readonly expressions: readonly string[];
  readonly from: string;
}

const questions = typeQuestions();
const answers = new Map<string, RecordedType>();
const keyOf = ({ expression, from }: TypeQuestion): string => `${expression} ${from}`;

if (values.missing) for (const recorded of readTypes()) answers.set(keyOf(recorded), recorded);

let open = groupsOf(questions);
for (const size of [6, 1, 0]) {
  const failed = chunks(open, CHUNK).flatMap((some) => ask(some));
  open = size === 0 ? [] : failed.flatMap(({ expressions, from }) => split(expressions, from, size));
}
console.log(`${answers.size} of ${questions.length} recorded`);

function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

function split(expressions: readonly string[], from: string, size: number): readonly Group[] {
  return chunks(expressions, size).map((some) => ({ expressions: some, from }));
}

/** Groups expressions that Sequitur accepts and that have the same rest of the query. */
function groupsOf(all: readonly TypeQuestion[]): readonly Group[] {
  const byRest = Map.groupBy(all, ({ from }) => from);
  return [...byRest].flatMap(([from, list]) => {
    const every = list.map(({ expression }) => expression);
    const expressions = every.filter((expression) => !answers.has(keyOf({ expression, from })));
    const accepted = expressions.filter((expression) => typeof typesOf([expression], from) !== 'string');
    const refused = expressions.filter(
      (expression) =>
        !accepted.includes(expression) && (every.indexOf(expression) % 8 === 0 || keptType(expression, from) !== null),
    );
    return [...split(accepted, from, GROUP), ...split(refused, from, 1)];
  });
}

/**
 * Returns the stage at which an expression was refused. A job that fails with a value says nothing
 * about its types (null), but generated code that does not compile refuses the expression.
 */
function stageOf({ stage, message }: { readonly stage: string; readonly message: string }): string | null {
  if (stage !== 'run') return stage;
  return message.startsWith('Line ') ? 'code' : null;
}

/** Asks the oracle. Returns the groups that are refused, except those of one expression. */
function ask(groups: readonly Group[]): readonly Group[] {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-types-'));
  const cases = groups.map((group, i) => {
    const { expressions, from } = group;
    const columns = expressions.map((_, n) => `TYPEOF(x${n}) AS t${n}`).join(', ');
    const sql = `${tablesOf(from)}SELECT ${columns} FROM (${queryOf(expressions, from)});\n`;
    const question = { name: String(i), sql, files: FILES };
    const directory = path.join(root, String(i).padStart(6, '0'));
    writeQuestion(question, directory);
    return { group, question, directory };
  });
  const run = spawnSync(oracle, ['record', root], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (run.error !== undefined) throw run.error;
  for (const { group, question, directory } of cases) {
    const { expressions, from } = group;
    const answer = readAnswer(question, directory);
    const line = answer?.expected?.at(-1);
    if (line !== undefined) {
      const { row } = JSON.parse(line) as { row: Record<string, string> };
      for (const [n, expression] of expressions.entries()) {
        answers.set(keyOf({ expression, from }), { expression, from, type: row[`t${n}`]! });
      }
    } else if (expressions.length === 1 && answer?.error !== undefined) {
      const [expression] = expressions as [string];
      const refused = stageOf(answer.error);
      if (refused !== null) answers.set(keyOf({ expression, from }), { expression, from, refused });
    }
  }
  fs.rmSync(root, { recursive: true, force: true });
  writeTypes(questions.flatMap((question) => answers.get(keyOf(question)) ?? []));
  return groups.filter(
    ({ expressions, from }) => expressions.length > 1 && !answers.has(keyOf({ expression: expressions[0]!, from })),
  );
}
