import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { comparisonText } from '../../../../src/cli/output/comparison-text.ts';
import { compile } from '../../../../src/compiler/compile.ts';
import { connectorCatalog } from '../../../../src/connectors/connector-registry.ts';
import type { Plan } from '../../../../src/plan/plan.ts';
import {
  compareSemantics,
  type SemanticsComparison,
} from '../../../../src/service/semantics-comparison/compare-semantics.ts';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-compare-test-'));
after(() => fs.rmSync(directory, { recursive: true, force: true }));

const kinds = 'aabacb';
fs.writeFileSync(
  path.join(directory, 'moves.jsonl'),
  [...kinds].map((kind, i) => `${JSON.stringify({ id: i + 1, kind, ts: `2024-06-01 09:00:0${i}` })}\n`).join(''),
);

const pattern = (
  text: string,
  define: string,
  skip = 'PAST LAST ROW',
  options = "'connector' = 'filesystem'",
): string => `
CREATE TABLE moves (id INT, kind STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH (${options}, 'path' = 'moves.jsonl', 'format' = 'json');
SELECT * FROM moves MATCH_RECOGNIZE (
  ORDER BY ts MEASURES A.id AS a, B.id AS b
  AFTER MATCH SKIP ${skip} PATTERN (${text}) DEFINE ${define}
) WHERE a > 100;`;

function plans(text: string, semantics: string): Plan[] {
  const settings = { 'sequitur.match.semantics': semantics };
  const catalog = { tables: new Map(), views: new Map() };
  const fixedSettings = new Set(Object.keys(settings));
  const result = compile(text, { fileName: 'q', catalog, connectors: connectorCatalog, settings, fixedSettings });
  assert.deepEqual(
    result.diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  return result.statements.flatMap((statement) => (statement.kind === 'job' ? [statement.plan] : []));
}

async function compare(text: string): Promise<SemanticsComparison> {
  const both = { flink: plans(text, 'flink'), standard: plans(text, 'standard') };
  const [comparison, ...others] = await compareSemantics(both, {
    baseDirectory: directory,
    roots: null,
  });
  assert.deepEqual(others, []);
  return comparison!;
}

describe('both semantics over one input', () => {
  it('shows rows that only one of them gives, before the nodes after the pattern drop them', async () => {
    const comparison = await compare(pattern('A+ B', "A AS kind <> 'c', B AS kind = 'b'"));
    assert.deepEqual(comparison, {
      pattern: 'result.match',
      both: 0,
      flink: { only: [], failure: null },
      standard: { only: ['{"op":"+I","row":{"a":2,"b":3}}'], failure: null },
    });
    assert.equal(
      comparisonText([comparison], false),
      '  compared   result.match: 0 rows with both semantics, 0 only with flink, 1 only with standard\n' +
        '    + standard {"op":"+I","row":{"a":2,"b":3}}\n',
    );
  });

  it('reports that there is no difference', async () => {
    const comparison = await compare(pattern('A B', "A AS kind = 'a', B AS kind = 'b'"));
    assert.equal(comparison.both, 1);
    assert.equal(
      comparisonText([comparison], false),
      '  compared   result.match: both semantics give the same 1 row\n',
    );
  });

  it('reports an AFTER MATCH that names no row with one of them', async () => {
    const comparison = await compare(
      pattern('A B? C', "A AS kind = 'a', B AS kind = 'b', C AS kind IN ('a', 'c')", 'TO LAST B'),
    );
    assert.match(comparison.standard.failure ?? '', /^MATCH_SKIP: /);
    assert.match(comparisonText([comparison], false), /\+ standard stops here: MATCH_SKIP: /);
  });

  it('refuses input that never ends', async () => {
    await assert.rejects(
      compare(
        pattern('A B', 'B AS id > 0', 'PAST LAST ROW', "'connector' = 'filesystem', 'source.monitor-interval' = '1 s'"),
      ),
      /never ends/,
    );
  });
});
