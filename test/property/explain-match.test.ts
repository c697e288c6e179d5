/**
 * Law: EXPLAIN MATCH and the run always agree. It lists the matches that the matcher finds, with
 * the same rows, in the same order. Every attempt has an end. Its statement about the row that
 * ended an attempt is true.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog } from '../../src/connectors/connector-registry.ts';
import { AttemptLog } from '../../src/engine/match/explain/attempt-log.ts';
import type { ExplainedWay } from '../../src/engine/match/explain/match-explanation.ts';
import { loadCase } from '../../src/service/golden/golden-case.ts';
import { runGoldenCase, STRAIGHT } from '../../src/service/golden/golden-run.ts';
import { explainMatch } from '../../src/service/match-explanation/explain-match.ts';
import { explanationJson } from '../../src/service/match-explanation/explanation-json.ts';
import { caseSql, writeSqlCase } from '../fuzz/case-sql.ts';
import { engineFindings } from '../fuzz/engine-findings.ts';
import { randomCase } from '../fuzz/generate/random-case.ts';
import { resultVariables } from '../fuzz/match-node-of.ts';
import { referenceFindings, TooManyAttempts } from '../fuzz/reference/reference-run.ts';

const SEED = 20_260_202;
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-why-not-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));

describe('explanation of a matcher', () => {
  it('lists the matches that are found, in their order', () => {
    for (let number = 0; number < 250; number++) {
      const given = randomCase(SEED, number, number % 3 === 0 ? 'portable' : 'cep');
      const expected = findingsOf(() => referenceFindings(given));
      if (expected === null || expected.at(-1) === 'failed') continue;
      const log = new AttemptLog();
      assert.deepEqual(engineFindings(given, Number.POSITIVE_INFINITY, log), expected, `case ${number}, observed`);
      const { attempts } = log.explanation('test');
      const ways = attempts.flatMap((attempt) => attempt.ways);
      const matches = ways.flatMap((way) => (way.end.kind === 'match' ? [{ number: way.end.number, way }] : []));
      assert.deepEqual(
        matches.sort((a, b) => a.number - b.number).map(({ way }) => rowsOf(way)),
        expected.filter((line) => !line.includes('timeout')).map((line) => line.replace(/^[^:]*: /, '')),
        `case ${number}`,
      );
      for (const { end } of ways) {
        if (end.kind !== 'ended') continue;
        for (const { failed, insteadOf } of end.wanted) {
          assert.ok(failed.length > 0 || insteadOf.length > 0, `case ${number}: nothing kept the row away`);
        }
      }
    }
  });
});

describe('EXPLAIN MATCH of a query', () => {
  it('gives the rows that the query gives for the key, each with a match of those rows', async () => {
    for (let number = 0; number < 40; number++) {
      const given = randomCase(SEED, number, 'portable');
      const directory = path.join(root, String(number));
      writeSqlCase(given, directory, 'test');
      const golden = loadCase(directory)!;
      const run = await runGoldenCase({ ...golden, error: null }, STRAIGHT);
      if (run.failure !== null) continue;
      const rows = run.actual.get('result')!.map((line) => (JSON.parse(line) as { row: Record<string, unknown> }).row);
      for (const key of given.partitioned ? ['p', 'q'] : [null]) {
        const answer = await explained(caseSql(given), key, directory);
        const wanted = key === null ? rows : rows.filter(({ k }) => k === key);
        assert.deepEqual(answer.results, wanted, `case ${number}, key ${key}`);
        const matches = answer.attempts
          .flatMap(({ ways }) => ways)
          .flatMap((way) => (way.outcome === 'match' ? [way] : []))
          .sort((a, b) => a.number - b.number);
        assert.equal(matches.length, wanted.length);
        for (const [i, match] of matches.entries()) {
          for (const [v, variable] of resultVariables(given).entries()) {
            const ids = match.rows.filter((bound) => bound.variable === variable).map(({ row }) => row['id']);
            const { [`m${7 * v}`]: first, [`m${7 * v + 1}`]: last, [`m${7 * v + 2}`]: count } = wanted[i]!;
            assert.deepEqual([ids[0] ?? null, ids.at(-1) ?? null, ids.length], [first, last, count]);
          }
        }
      }
    }
  });
});

async function explained(sql: string, key: string | null, baseDirectory: string) {
  const question = `${sql}\nEXPLAIN MATCH result${key === null ? '' : ` FOR KEY ('${key}')`};`;
  const { statements, diagnostics } = compile(question, {
    fileName: 'query',
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: {},
  });
  const statement = statements.find((each) => each.kind === 'explain-match');
  assert.ok(statement, JSON.stringify(diagnostics));
  return explanationJson(await explainMatch(statement, { baseDirectory, roots: null }));
}

function findingsOf(compute: () => string[]): string[] | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TooManyAttempts) return null;
    throw error;
  }
}

const rowsOf = ({ rows }: ExplainedWay): string =>
  rows.map(({ variable, row }) => `${variable}=${row.values[0]}`).join(' ');
