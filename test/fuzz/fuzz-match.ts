/**
 * `npm run fuzz:match`: compares the engine with the simple reference matcher, and with an oracle
 * if one is given, on random patterns and random rows. The README.md in this folder explains how to
 * use it and how to keep a failure.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareWithOracle } from './against-oracle.ts';
import { writeSqlCase } from './case-sql.ts';
import { type Difference, differenceInMatcher, differenceInOperator, randomModes } from './find-difference.ts';
import { type CaseLevel, randomCase } from './generate/random-case.ts';
import type { MatchCase } from './match-case.ts';
import { SeededRandom } from './seeded-random.ts';
import { shrinkCase } from './shrink-case.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    oracle: { type: 'string' },
    'oracle-cases': { type: 'string', default: '200' },
    keep: { type: 'string' },
  },
});
const seed = Number(values.seed);
let failures = 0;

const levelOf = (number: number): CaseLevel => (number % 4 === 3 ? 'portable' : number % 8 === 2 ? 'counted' : 'cep');
/** Returns whether the case also runs through the whole operator. One of four cases does. */
const throughOperator = (number: number): boolean => number % 4 >= 2 && number % 8 < 4;

async function differenceIn(given: MatchCase, number: number): Promise<Difference> {
  try {
    const difference = differenceInMatcher(given);
    if (difference !== null || !throughOperator(number)) return difference;
    return await differenceInOperator(given, randomModes(new SeededRandom(seed, -1 - number)));
  } catch (error) {
    return `thrown: ${(error as Error).stack ?? String(error)}`;
  }
}

async function againstReference(): Promise<void> {
  const numbers = values.case === undefined ? range(Number(values.cases)) : [Number(values.case)];
  let tooLarge = 0;
  let operators = 0;
  for (const number of numbers) {
    const given = randomCase(seed, number, levelOf(number));
    const difference = await differenceIn(given, number);
    if (throughOperator(number)) operators++;
    if (difference === 'too large') tooLarge++;
    else if (difference !== null) await report(given, number, difference);
    if (number % 500 === 0) progress(`${number} of ${numbers.length}, ${failures} different`);
  }
  progress('');
  console.log(
    `reference: seed ${seed}, ${numbers.length} cases, ${operators} of them through the operator; ${failures} different, ${tooLarge} too large`,
  );
}

async function report(given: MatchCase, number: number, difference: string): Promise<void> {
  failures++;
  console.log(`\nseed ${seed} case ${number}: ${difference}`);
  const smaller = await shrinkCase(given, async (candidate) => isFailure(await differenceIn(candidate, number)));
  console.log(`shrunk to ${smaller.rows.length} rows: ${await differenceIn(smaller, number)}`);
  console.log(JSON.stringify(smaller));
  if (values.keep === undefined) return;
  const name = `seed-${seed}-case-${number}`;
  if (levelOf(number) === 'portable')
    writeSqlCase(smaller, path.join(values.keep, name), `found by fuzz:match, ${name}`);
  else {
    fs.mkdirSync(values.keep, { recursive: true });
    fs.writeFileSync(path.join(values.keep, `${name}.json`), `${JSON.stringify(smaller, null, 2)}\n`);
  }
  console.log(`kept as ${path.join(values.keep, name)}`);
}

const isFailure = (difference: Difference): boolean => difference !== null && difference !== 'too large';

async function againstOracle(oracle: string): Promise<void> {
  const count = Number(values['oracle-cases']);
  progress(`the oracle records ${count} cases`);
  const summary = await compareWithOracle(oracle, seed, count, (done) => progress(`${done} of ${count} compared`));
  progress('');
  for (const { number, what, directory } of summary.differences) {
    console.log(`\nseed ${seed} oracle case ${number}: ${what}\n  ${directory}`);
  }
  failures += summary.differences.length;
  const { compared, withRows, failedInBoth, differences } = summary;
  console.log(
    `oracle: seed ${seed}, ${compared} cases compared, ${withRows} with rows, ${failedInBoth} failing in both; ${differences.length} different`,
  );
  if (compared < count) console.log(`${count - compared} cases were not answered by the oracle`);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}

await againstReference();
if (values.oracle !== undefined) await againstOracle(values.oracle);
process.exitCode = failures > 0 ? 1 : 0;
