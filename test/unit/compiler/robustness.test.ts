import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { scan } from '../../../grammar/scanner.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { formatDiagnostics } from '../../../src/compiler/format-diagnostic.ts';
import { decodePlan, encodePlan } from '../../../src/plan/plan-json.ts';
import { fakeConnectors } from '../../support/fake-connectors.ts';

const ROOT = join(import.meta.dirname, '../../golden/errors');
const TEXTS = readdirSync(ROOT).map((name) =>
  scan(readFileSync(join(ROOT, name, 'query.sql'), 'utf8')).tokens.map((token) => token.image),
);
const WORDS = [...new Set(TEXTS.flat())];

/** Takes a text of the golden cases and removes, inserts or replaces some tokens. */
const mutated = fc
  .tuple(
    fc.constantFrom(...TEXTS),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'insert', 'replace'), fc.constantFrom(...WORDS)), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([tokens, edits]) => {
    const result = [...tokens];
    for (const [place, action, word] of edits) {
      const at = place % (result.length + 1);
      if (action === 'drop') result.splice(at, 1);
      else result.splice(at, action === 'replace' ? 1 : 0, word);
    }
    return result.join(' ');
  });

describe('compile', () => {
  it('never throws: it reports mistakes inside the text, or gives plans that can be stored', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const options = {
          fileName: 'x',
          catalog: { tables: new Map(), views: new Map() },
          connectors: fakeConnectors,
          settings: {},
        };
        const { diagnostics, statements } = compile(text, options);
        for (const { span, message } of diagnostics) {
          assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length + 1, message);
        }
        formatDiagnostics(diagnostics, text, { file: 'x.sql' });
        for (const statement of statements) {
          if (statement.kind === 'job')
            assert.deepEqual(decodePlan(encodePlan(statement.plan)), JSON.parse(JSON.stringify(statement.plan)));
        }
      }),
      { numRuns: 150 },
    );
  });
});
