import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compile } from '../../../src/compiler/compile.ts';
import { formatDiagnostics } from '../../../src/compiler/format-diagnostic.ts';
import { decodePlan, encodePlan } from '../../../src/plan/plan-json.ts';
import { Corpus } from '../../fuzz/random-statement.ts';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { fakeConnectors } from '../../support/fake-connectors.ts';

const CORPUS = new Corpus(path.join(import.meta.dirname, '../../golden/errors'));

/** A text of the golden cases in which some tokens are removed, doubled, inserted or replaced. */
const mutated = fc.nat().map((seed) => CORPUS.mutated(new SeededRandom(seed, 0)));

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
