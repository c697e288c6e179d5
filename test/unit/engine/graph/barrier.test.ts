import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../../src/core/clock.ts';
import { Barrier } from '../../../../src/engine/graph/barrier.ts';
import { GraphNode } from '../../../../src/engine/graph/graph-node.ts';
import type { Operator } from '../../../../src/engine/operator.ts';
import type { PlannedNode } from '../../../../src/plan/plan.ts';

/** Creates a node. `log` gets the calls that a barrier causes, in order. */
function node(name: string, log: string[]): GraphNode {
  const operator: Operator = {
    onBatch: () => {},
    snapshot: () => log.push(`${name} snapshot`),
    prepare: (epoch) => {
      log.push(`${name} prepare ${epoch}`);
      return { prepared: Promise.resolve(null) };
    },
  };
  return new GraphNode({ name, traits: { tracksOrigin: false } } as PlannedNode, operator, systemClock);
}

function connect(from: GraphNode, to: GraphNode): void {
  from.consumers.push({ node: to, input: to.inputs++ });
}

test('a node sends a barrier on after the barrier has arrived on all inputs', () => {
  const log: string[] = [];
  const [left, right, union, sink] = ['left', 'right', 'union', 'sink'].map((name) => node(name, log)) as [
    GraphNode,
    GraphNode,
    GraphNode,
    GraphNode,
  ];
  connect(left, union);
  connect(right, union);
  connect(union, sink);
  for (const epoch of [1, 2]) {
    log.length = 0;
    const barrier = new Barrier(epoch);
    left.handBarrierOn(barrier);
    assert.deepEqual(log, [], 'right may still send rows of this epoch');
    right.handBarrierOn(barrier);
    const passed = ['union', 'sink'].flatMap((name) => [`${name} snapshot`, `${name} prepare ${epoch}`]);
    assert.deepEqual(log, passed);
    assert.deepEqual(Object.keys(barrier.cut.rows), ['union', 'sink']);
  }
});
