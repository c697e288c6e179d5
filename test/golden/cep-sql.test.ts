/**
 * Runs the recorded CEP cases as SQL. The text compiles into exactly the pattern of the case. A job
 * with this text gives the recorded matches in their order. If a case cannot be written in SQL, the
 * test counts the reason.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { compile } from '../../src/compiler/compile.ts';
import { EngineError } from '../../src/core/engine-error.ts';
import { loadCase } from '../../src/service/golden/golden-case.ts';
import { MATRIX, runGoldenCase } from '../../src/service/golden/golden-run.ts';
import { patternVariables } from '../../src/plan/walk-pattern.ts';
import { connectorCatalog } from '../../src/connectors/connector-registry.ts';
import { type CaseSql, caseSql } from './cep/case-sql.ts';
import { matchesOf } from './cep/match-case.ts';
import { type RecordedCase, type RecordedMatch, recordedCases, sequenceOf, skipOf, withinOf } from './cep/recorded-case.ts';

const root = mkdtempSync(path.join(tmpdir(), 'sequitur-cep-'));
after(() => rmSync(root, { recursive: true }));

const written = recordedCases.map((recorded) => ({ recorded, sql: caseSql(recorded) }));

describe('recorded CEP cases in SQL', () => {
  it('most can be said', (context) => {
    const reasons = new Map<string, number>();
    for (const { sql } of written) {
      if (sql.kind !== 'sql') reasons.set(sql.reason, (reasons.get(sql.reason) ?? 0) + 1);
    }
    context.diagnostic(JSON.stringify(Object.fromEntries(reasons)));
    assert.equal(written.filter(({ sql }) => sql.kind === 'sql').length, 216);
  });

  written.forEach(({ recorded, sql }, i) => {
    if (sql.kind !== 'sql') return;
    it(`${recorded.case}: the pattern`, () => assert.deepEqual(patternOf(sql.text), expectedPattern(recorded)));
    if (looksBack(recorded)) return;
    const mode = MATRIX[i % MATRIX.length]!;
    it(`${recorded.case}: the rows, ${mode.name}`, async () => {
      const golden = loadCase(writeCase(recorded, sql, `case-${i}`))!;
      assert.equal((await runGoldenCase(golden, mode)).failure, null);
    });
  });
});

/** Conditions on earlier events were not recorded with their results. */
function looksBack(recorded: RecordedCase): boolean {
  return JSON.stringify(recorded.pattern).includes('"ctx"');
}

function patternOf(text: string): unknown {
  const { statements, diagnostics } = compile(text, {
    fileName: 'case',
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: {},
  });
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error'), []);
  const job = statements.at(-1)!;
  assert.ok(job.kind === 'job');
  const node = job.plan.nodes.find((each) => each.kind === 'match');
  assert.ok(node?.kind === 'match');
  const { pattern, within, skip } = node;
  return { pattern, within, skip: 'failOnMiss' in skip ? { ...skip, failOnMiss: false } : skip };
}

function expectedPattern(recorded: RecordedCase): unknown {
  return { pattern: sequenceOf(recorded.pattern), within: withinOf(recorded.pattern), skip: skipOf(recorded.skip) };
}

function writeCase(recorded: RecordedCase, sql: Extract<CaseSql, { kind: 'sql' }>, name: string): string {
  const directory = path.join(root, name);
  mkdirSync(path.join(directory, 'input'), { recursive: true });
  mkdirSync(path.join(directory, 'expected'));
  writeFileSync(path.join(directory, 'query.sql'), sql.text);
  writeFileSync(path.join(directory, 'case.json'), '{"compare":"ordered"}');
  writeFileSync(path.join(directory, 'input/events.jsonl'), lines(sql.rows));
  const variables = patternVariables(sequenceOf(recorded.pattern));
  const matches = matchesInSql(recorded);
  if (matches === null) {
    writeFileSync(path.join(directory, 'expected/error.json'), '{"stage":"run"}');
    return directory;
  }
  const rows = matches.map(({ m }) => ({
    op: '+I',
    row: Object.fromEntries(variables.map((variable) => [`m ${variable}`, m[variable]?.join(',') ?? null])),
  }));
  writeFileSync(path.join(directory, 'expected/result.jsonl'), lines(rows));
  return directory;
}

/** Null: the job fails, because a match has no row to which AFTER MATCH SKIP TO could go. */
function matchesInSql(recorded: RecordedCase): RecordedMatch[] | null {
  try {
    return matchesOf(recorded, true);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'MATCH_SKIP') return null;
    throw error;
  }
}

const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
