/**
 * Tests the explanations of matches and missing matches. Each folder of `why-not/` has a text with
 * EXPLAIN MATCH, its input, the output for people (`expected.txt`) and the output for programs
 * (`expected.json`). `UPDATE=1` writes them.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { explanationText } from '../../src/cli/output/explanation-text.ts';
import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog } from '../../src/connectors/connector-registry.ts';
import { explainMatch } from '../../src/service/match-explanation/explain-match.ts';
import { explanationJson } from '../../src/service/match-explanation/explanation-json.ts';

const root = path.join(import.meta.dirname, 'why-not');

for (const name of fs.readdirSync(root).sort()) {
  test(name, async () => {
    const directory = path.join(root, name);
    const { statements, diagnostics } = compile(fs.readFileSync(path.join(directory, 'query.sql'), 'utf8'), {
      fileName: 'query',
      catalog: { tables: new Map(), views: new Map() },
      connectors: connectorCatalog,
      settings: {},
    });
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
    const texts: string[] = [];
    const answers: unknown[] = [];
    for (const statement of statements) {
      if (statement.kind !== 'explain-match') continue;
      const place = { baseDirectory: directory, roots: null };
      const answer = explanationJson(await explainMatch(statement, place));
      texts.push(explanationText(answer, false));
      answers.push(answer);
    }
    same(path.join(directory, 'expected.txt'), texts.join('\n'));
    same(path.join(directory, 'expected.json'), `${JSON.stringify(answers, null, 1)}\n`);
  });
}

function same(file: string, actual: string): void {
  if (process.env['UPDATE'] === '1') fs.writeFileSync(file, actual);
  assert.equal(actual, fs.readFileSync(file, 'utf8'));
}
