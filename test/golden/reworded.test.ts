/**
 * Kills jobs of recorded patterns and continues them with an equivalent query in other words. All
 * of their state is carried over, and the rows are the recorded ones.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Expression } from '../../src/plan/expression.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { findCases } from '../../src/service/golden/golden-case.ts';
import { MATRIX, runGoldenCase } from '../../src/service/golden/golden-run.ts';

const root = path.join(import.meta.dirname, '../..');
const cases = findCases([path.join(import.meta.dirname, 'sql'), path.join(root, 'patterns')]);
const modes = MATRIX.filter(({ killed, batchRows }) => killed && batchRows < 100);

const not = (arg: Expression): Expression => ({ kind: 'not', args: [arg], type: arg.type });

/** Conditions negated twice. */
function reworded(plan: Plan): Plan {
  const nodes = plan.nodes.map((node) =>
    node.kind === 'match'
      ? { ...node, define: node.define.map((each) => ({ ...each, condition: not(not(each.condition)) })) }
      : node,
  );
  return { ...plan, nodes };
}

describe('golden SQL, going on with the same in other words', () => {
  let changed = 0;
  cases.forEach((golden, i) => {
    const mode = modes[i % modes.length]!;
    it(`${golden.name}, ${mode.name}`, async () => {
      const { failure } = await runGoldenCase(golden, mode, {}, (plan) => {
        if (plan.nodes.some(({ kind }) => kind === 'match')) changed++;
        return reworded(plan);
      });
      assert.equal(failure, null);
    });
  });
  it('has patterns', () => assert.ok(changed > 50, `${changed} patterns`));
});
