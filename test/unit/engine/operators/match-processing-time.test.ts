/**
 * Tests patterns on processing time with a clock that the test moves. Each is also killed and
 * restored at every step.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STRING, timestampLtz } from '../../../../src/core/data-type.ts';
import type { MatchNode } from '../../../../src/plan/match-node.ts';
import { kindIs, last, MatchHarness, matchNode, type TestRow, variable } from './match-harness.ts';

const row = (id: number, kind: string, k = 'p'): TestRow => ({ id, k, kind, v: 1, ts: 0 });
const status = { kind: 'match-status', type: STRING } as const;
const proctime = { kind: 'match-time', time: 'proctime', type: timestampLtz(3, false) } as const;
const time = { column: 4, time: 'proctime' } as const;
const within = { ms: 100, type: 'first-and-last' } as const;

type Step = { readonly at: number; readonly rows: readonly TestRow[] };

/**
 * Sends rows at times of the clock. A step without rows is a tick. `kill` lists the steps after
 * which the job is killed and restored.
 */
async function run(node: MatchNode, steps: readonly Step[], kill: (step: number) => boolean): Promise<string[]> {
  const harness = new MatchHarness(node);
  const output: string[] = [];
  for (const [i, { at, rows }] of steps.entries()) {
    const before = harness.results().length;
    if (rows.length === 0) await harness.tick(at);
    else await harness.at(at, rows);
    output.push(
      ...harness
        .results()
        .slice(before)
        .map((result) => `${at} ${result}`),
    );
    if (kill(i)) await harness.killAndRestore();
  }
  const left = Object.entries(harness.entryCounts()).filter(([, count]) => count > 0);
  output.push(`left ${left.map(([table]) => table).join(' ')}`.trimEnd());
  return output;
}

function check(name: string, node: MatchNode, steps: readonly Step[], expected: readonly string[]): void {
  it(name, async () => {
    assert.deepEqual(await run(node, steps, () => false), expected);
    assert.deepEqual(await run(node, steps, () => true), expected, 'killed after each step');
    for (let at = 0; at < steps.length; at++)
      assert.deepEqual(await run(node, steps, (step) => step === at), expected, `killed after step ${at}`);
  });
}

describe('patterns on processing time', () => {
  check(
    'absence comes when the clock reaches the bound, without a row',
    matchNode(
      [variable('A'), variable('B', {}, 'not-followed-by')],
      { A: kindIs('a'), B: kindIs('b') },
      [last('A', 'id'), proctime],
      { within, time, skip: { kind: 'no-skip' } },
    ),
    [
      { at: 1000, rows: [row(1, 'a'), row(2, 'a', 'q')] },
      { at: 1050, rows: [row(3, 'b', 'q')] },
      { at: 1100, rows: [] },
      { at: 1101, rows: [] },
      { at: 1300, rows: [] },
    ],
    ['1101 ["p",1,1101]', 'left'],
  );

  check(
    'time-out rows come when the clock reaches the bound',
    matchNode(
      [variable('A'), variable('B', {}, 'followed-by')],
      { A: kindIs('a'), B: kindIs('b') },
      [last('A', 'id'), last('B', 'id'), status],
      { within, time, skip: { kind: 'past-last-row' }, rows: { kind: 'one', timeouts: true } },
    ),
    [
      { at: 1000, rows: [row(1, 'a'), row(2, 'a', 'q')] },
      { at: 1040, rows: [row(3, 'a', 'r')] },
      { at: 1050, rows: [row(4, 'b', 'q')] },
      { at: 1101, rows: [] },
      { at: 1141, rows: [] },
      { at: 1300, rows: [] },
    ],
    ['1050 ["q",2,4,"MATCH"]', '1101 ["p",1,null,"TIMEOUT"]', '1141 ["r",3,null,"TIMEOUT"]', 'left'],
  );

  check(
    'a match that an earlier start held back comes when that one is over',
    matchNode(
      [variable('A'), variable('B', {}, 'followed-by')],
      { A: kindIs('a'), B: { kind: 'and', args: [kindIs('b'), later()], type: kindIs('b').type } },
      [last('A', 'id'), last('B', 'id')],
      { within, time, skip: { kind: 'past-last-row' } },
    ),
    [
      { at: 1000, rows: [{ ...row(1, 'a'), v: 9 }] },
      { at: 1030, rows: [{ ...row(2, 'a'), v: 3 }] },
      { at: 1050, rows: [{ ...row(3, 'b'), v: 5 }] },
      { at: 1101, rows: [] },
      { at: 1500, rows: [] },
    ],
    ['1101 ["p",2,3]', 'left'],
  );

  check(
    'a key without further rows is cleaned up by the clock',
    matchNode(
      [variable('A'), variable('B', { max: null }, 'followed-by'), variable('C', {}, 'followed-by')],
      { A: kindIs('a'), B: kindIs('b'), C: kindIs('c') },
      [last('A', 'id'), last('C', 'id')],
      { within, time, skip: { kind: 'to-next-row' } },
    ),
    [
      { at: 1000, rows: [row(1, 'a'), row(2, 'a', 'q'), row(3, 'b', 'q')] },
      { at: 1090, rows: [row(4, 'c', 'q')] },
      { at: 1099, rows: [] },
      { at: 2000, rows: [] },
      { at: 3000, rows: [] },
    ],
    ['1090 ["q",2,4]', 'left'],
  );
});

/** B.v > A.v */
function later() {
  return { kind: 'call', function: '>', args: [last('B', 'v'), last('A', 'v')], type: kindIs('b').type } as const;
}
