import { systemClock } from '../../src/core/clock.ts';
import { systemDisk } from '../../src/core/disk.ts';
import type { CheckpointStorage } from '../../src/engine/checkpoint/checkpoint-storage.ts';
import { CheckpointCoordinator } from '../../src/engine/checkpoint/coordinator.ts';
import type { ToTask } from '../../src/engine/checkpoint/messages.ts';
import { StateFiles } from '../../src/engine/checkpoint/state-files.ts';
import type { Barrier } from '../../src/engine/graph/barrier.ts';
import type { GraphNode } from '../../src/engine/graph/graph-node.ts';
import { SinkOperator } from '../../src/engine/operators/sink.ts';
import type { Sink } from '../../src/engine/sink.ts';
import type { CachedStateStore } from '../../src/engine/state/cached-state-store.ts';
import { TaskCheckpoints } from '../../src/engine/task/task-checkpoints.ts';
import { EMPTY_PLAN } from './empty-plan.ts';

/** Creates a coordinator with one task, which has only a store and a sink `out`. */
export function coordinatorWithTask(storage: CheckpointStorage, store: CachedStateStore, sink: Sink, fullEvery = 0) {
  const node = { plan: { name: 'out' }, operator: new SinkOperator(sink), rowsIn: 0, rowsOut: 0 };
  const task = new TaskCheckpoints({
    storage,
    store,
    sinks: new Map([['out', sink]]),
    passBarrier: (barrier: Barrier) => barrier.passNode(node as unknown as GraphNode),
    clock: systemClock,
    stateFiles: new StateFiles(storage, systemDisk),
    reply: (reply) => coordinator.receive(0, reply),
  });
  const coordinator: CheckpointCoordinator = new CheckpointCoordinator({
    storage,
    tasks: [{ send: (message: ToTask) => task.receive(message) }],
    clock: systemClock,
    job: 'j',
    plan: EMPTY_PLAN,
    operators: [],
    backend: 'memory',
    instance: 'i',
    generation: 1,
    retained: 3,
    upkeep: { fullEvery, scrubIntervalMs: 0, minAgeMs: 0 },
    epoch: 0,
  });
  return coordinator;
}
