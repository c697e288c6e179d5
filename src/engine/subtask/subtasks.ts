import { systemDisk } from '../../core/disk.ts';
import { invariant } from '../../core/invariant.ts';
import { definitionOf } from '../../plan/nodes/registry.ts';
import type { Plan, PlannedNode } from '../../plan/plan.ts';
import type { CheckpointStorage } from '../checkpoint/checkpoint-storage.ts';
import type { Manifest, OperatorIdentity } from '../checkpoint/manifest.ts';
import type { FromTask } from '../checkpoint/messages.ts';
import { StateFiles } from '../checkpoint/state-files.ts';
import type { Operator } from '../operator.ts';
import type { Division } from './division.ts';
import type { KeyGroups } from './key-groups.ts';
import { KeyRouting } from './key-routing.ts';
import { type LocalContext, openLocalChannel } from './local-channel.ts';
import { PartitionedOperator } from './partitioned-operator.ts';
import { RemoteSubtask } from './remote-subtask.ts';
import type { OpenChannel } from './subtask-channel.ts';
import type { SubtaskSetup } from './subtask-messages.ts';

/** How a job divides one of its operators. */
export interface SubtaskOptions {
  /** The number of subtasks of a job that starts without state. Absent: a checkpoint says it. */
  readonly count?: number;
  /** Absent: all subtasks run in the thread of the job. */
  readonly open?: OpenChannel;
}

/** The properties of a job that its subtasks need. `state` is the share of one subtask. */
interface JobContext extends LocalContext {
  readonly plan: Plan;
  readonly batchRows: number;
  readonly checkpoints: { readonly storage: CheckpointStorage } | null;
  readonly subtasks?: SubtaskOptions;
}

/** How the job starts. */
interface JobStart {
  readonly operators: readonly OperatorIdentity[];
  /** The checkpoint that the job continues from, and the directories of its subtasks' state. */
  readonly manifest: Manifest | null;
  readonly directories: readonly string[];
}

/** The subtasks of a job's operator. A job has at most one operator with subtasks. */
export class Subtasks {
  readonly keyGroups: readonly KeyGroups[];
  readonly remotes: RemoteSubtask[] = [];
  /** Stores the state of subtask 0; null: the job has no checkpoints. */
  readonly stateFiles: StateFiles | null;
  /** Receives the replies of the subtasks to the coordinator. */
  onReply: (subtask: number, reply: FromTask) => void = () => {};
  readonly #node: PlannedNode;
  readonly #input: PlannedNode;

  private constructor({ plan, checkpoints, disk = systemDisk }: JobContext, { node, keyGroups }: Division) {
    this.#node = node;
    this.#input = plan.nodes[node.inputs[0]!]!;
    this.keyGroups = keyGroups;
    this.stateFiles = checkpoints === null ? null : new StateFiles(checkpoints.storage, disk);
  }

  /** Starts the subtasks of a job. The operators of the plan are loaded. */
  static async open(context: JobContext, start: JobStart, division: Division): Promise<Subtasks> {
    const subtasks = new Subtasks(context, division);
    try {
      for (let subtask = 1; subtask < division.keyGroups.length; subtask++) {
        subtasks.#start(subtask, context, await setupOf(subtask, context, start, division));
      }
      // Without state, the first batches may be sent while the threads start.
      if (start.manifest !== null) for (const each of subtasks.remotes) await each.opened();
      return subtasks;
    } catch (error) {
      await subtasks.close().catch(() => {});
      throw error;
    }
  }

  #start(subtask: number, context: JobContext, setup: SubtaskSetup): void {
    this.remotes.push(
      new RemoteSubtask({
        open: context.subtasks?.open ?? openLocalChannel(context),
        stateFiles: this.stateFiles?.forSubtask() ?? null,
        reply: (reply) => this.onReply(subtask, reply),
        setup,
      }),
    );
  }

  /** Returns the operator of a node; with subtasks if the node has them. */
  partition(local: Operator, node: PlannedNode): Operator {
    if (node.name !== this.#node.name) return local;
    invariant(node.kind === 'window-aggregate', 'a window aggregation has subtasks');
    const { fields } = this.#input;
    const types = node.keys.map((column) => fields[column]!.type);
    const [reads] = definitionOf(node).columnsRead(node, { fields: node.fields, inputs: [fields] }, new Set());
    return new PartitionedOperator(local, {
      node,
      reads: new Set(reads),
      routing: new KeyRouting(types, node.keys, this.keyGroups),
      remotes: this.remotes,
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.remotes.map((remote) => remote.close()));
  }
}

async function setupOf(
  subtask: number,
  { plan, batchRows, state, checkpoints }: JobContext,
  { operators, manifest, directories }: JobStart,
  { node }: Division,
): Promise<SubtaskSetup> {
  const stored = manifest?.state.subtasks[subtask];
  const files = stored?.files.map(({ name }) => name) ?? [];
  return {
    plan,
    node: node.name,
    operator: operators.find(({ name }) => name === node.name)!.number,
    batchRows,
    backend: state.backend,
    memoryBytes: state.memoryBytes,
    directory: stored === undefined ? `${state.directory}-${subtask}` : directories[subtask]!,
    checkpointDirectory: (await checkpoints?.storage.workDirectory(`subtask-${subtask}`)) ?? null,
    restored: stored === undefined ? null : { files, snapshot: stored.snapshots[node.name] },
  };
}
