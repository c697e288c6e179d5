import { systemDisk } from '../../core/disk.ts';
import { systemScheduler } from '../../core/scheduler.ts';
import type { PlannedNode } from '../../plan/plan.ts';
import type { OperatorIdentity } from '../checkpoint/manifest.ts';
import type { FromTask } from '../checkpoint/messages.ts';
import { StateFiles } from '../checkpoint/state-files.ts';
import { buildGraph } from '../graph/build-graph.ts';
import type { Operator } from '../operator.ts';
import { CachedStateStore } from '../state/cached-state-store.ts';
import { EntryLimit } from '../state/entry-limit.ts';
import type { StateBackend } from '../state/state-backend.ts';
import type { Subtasks } from '../subtask/subtasks.ts';
import { Task, type TaskOptions } from '../task/task.ts';
import { TaskCheckpoints } from '../task/task-checkpoints.ts';
import type { JobOptions } from './job-options.ts';
import { notRunning } from './not-running.ts';
import { cacheShare, environmentOf, mostCache } from './open-job.ts';

interface TaskHooks extends Pick<TaskOptions, 'onTurn'> {
  /** Messages of the task to the coordinator. */
  readonly reply: (reply: FromTask) => void;
}

/**
 * Returns the task that runs the whole plan of a job. `backend` has the restored state. With
 * subtasks, the state in `options` is the share of one of them.
 */
export function createTask(
  options: JobOptions,
  operators: readonly OperatorIdentity[],
  backend: StateBackend,
  { onTurn, reply }: TaskHooks,
  subtasks: Subtasks | null,
): Task {
  const { id, plan, clock, checkpoints, disk = systemDisk, scheduler = systemScheduler } = options;
  const names = new Map(operators.map((o) => [o.number, o.name]));
  const limit = new EntryLimit(mostCache(options), (number) => names.get(number) ?? `operator ${number}`);
  const store = new CachedStateStore(backend, cacheShare(options), limit);
  const numbers = new Map(operators.map((o) => [o.name, o.number]));
  const context = {
    state: store,
    clock,
    settings: plan.settings,
    environment: environmentOf(options),
    batchRows: options.batchRows,
    ...(options.observedMatch === undefined ? {} : { observedMatch: options.observedMatch }),
  };
  const partition = (operator: Operator, node: PlannedNode) => subtasks?.partition(operator, node) ?? operator;
  const graph = buildGraph(plan, options.endpoints, (name) => numbers.get(name)!, context, partition);
  const task = new Task({
    graph,
    store,
    operators,
    subtasks: subtasks?.remotes ?? [],
    clock,
    scheduler,
    batchRows: options.batchRows,
    diskLowWaterBytes: options.state.diskLowWaterBytes ?? 0,
    onTurn,
    onEvent: (event) => options.onEvent?.(event),
    notRunning: () => notRunning(id),
  });
  if (checkpoints !== null) {
    const passBarrier = task.passBarrier.bind(task);
    const { storage } = checkpoints;
    const stateFiles = subtasks?.stateFiles ?? new StateFiles(storage, disk);
    const { sinks } = graph;
    task.checkpoints = new TaskCheckpoints({ storage, stateFiles, store, sinks, passBarrier, clock, reply });
  }
  return task;
}
