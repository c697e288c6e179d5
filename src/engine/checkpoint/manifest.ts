import { createHash } from 'node:crypto';
import { EngineError } from '../../core/engine-error.ts';
import type { Plan } from '../../plan/plan.ts';
import { checkPlan } from '../../plan/plan-json.ts';
import { KEY_GROUPS } from '../state/entry-key.ts';
import type { SourceSnapshot, SplitSnapshot } from './source-snapshot.ts';

/**
 * 2: state may be in files of a state log, which a reader of format 1 would ignore. 3: the state
 * is that of subtasks, each with its key groups, in the second layout (ADR 0028).
 */
export const MANIFEST_FORMAT = 3;

/**
 * The content of a checkpoint: one consistent cut of offsets, state, operators' small values and
 * prepared output. Immutable once created.
 */
export interface Manifest {
  readonly format: number;
  readonly job: string;
  readonly epoch: number;
  /** The name of the job's history since its last fresh start. Restores keep it. */
  readonly instance: string;
  /** Counts the processes that have run this job. */
  readonly generation: number;
  /**
   * The retained checkpoints that this one continues from, without itself, ascending. Checkpoints
   * that were abandoned by going back are not included. Absent: made by an older version.
   */
  readonly ancestors?: readonly number[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly plan: Plan;
  /**
   * The numbers of operators in state keys. An instance of a job never reuses a number.
   */
  readonly operators: readonly OperatorIdentity[];
  readonly state: ManifestState;
  /** By node name. */
  readonly sources: Readonly<Record<string, SourceSnapshot | SplitSnapshot>>;
  /** Prepared output by sink node: it becomes visible when this manifest exists. */
  readonly sinks: Readonly<Record<string, readonly unknown[]>>;
  /** Counters that continue after a restore, by node name. */
  readonly rows: Readonly<Record<string, { readonly in: number; readonly out: number }>>;
  /** The input was at its end: only the commit may still have to be finished. */
  readonly finished: boolean;
  /** Kept until it is deleted by name, regardless of the number of retained checkpoints. */
  readonly savepoint?: SavepointMark;
}

/** The state of a job's operators, by the tasks that ran them. */
export interface ManifestState {
  readonly backend: 'rocksdb' | 'memory';
  /** Number of key groups: fixed when a job is created. */
  readonly keyGroups: number;
  readonly subtasks: readonly SubtaskState[];
}

/**
 * The part of one task: the state of its operators, for the key groups from `first` to `last`.
 * Tasks that run the same operators have ranges that do not overlap.
 */
export interface SubtaskState {
  readonly subtask: number;
  readonly keyGroups: { readonly first: number; readonly last: number };
  readonly files: readonly StateFile[];
  /** Snapshots of operators besides their tables, by node name. */
  readonly snapshots: Readonly<Record<string, unknown>>;
}

export interface SavepointMark {
  /** Unique among the savepoints of the job. */
  readonly name: string;
  /**
   * The job was drained before the savepoint: windows and absences have fired, and no row can
   * follow.
   */
  readonly drained: boolean;
}

export interface OperatorIdentity {
  readonly number: number;
  readonly name: string;
  /** Semantic fingerprint of the node with everything below it. */
  readonly fingerprint: string;
}

export interface StateFile {
  readonly name: string;
  readonly sha256: string;
  readonly length: number;
}

/** The range of a task that runs all key groups. */
export const ALL_GROUPS = { first: 0, last: KEY_GROUPS - 1 };

/** Returns the state of a job that one task runs. */
export function wholeState(
  backend: ManifestState['backend'],
  files: readonly StateFile[],
  snapshots: SubtaskState['snapshots'] = {},
): ManifestState {
  return { backend, keyGroups: KEY_GROUPS, subtasks: [{ subtask: 0, keyGroups: ALL_GROUPS, files, snapshots }] };
}

/** Returns the files of all subtasks. */
export function stateFilesOf({ state }: Pick<Manifest, 'state'>): readonly StateFile[] {
  return state.subtasks.flatMap(({ files }) => files);
}

/** Returns the error for a job whose query does not fit the subtasks of a checkpoint. */
export function stateIsDivided({ epoch, state }: Pick<Manifest, 'epoch' | 'state'>): EngineError {
  const subtasks = state.subtasks.length;
  return new EngineError(
    'CHECKPOINT_INCOMPATIBLE',
    `the state of checkpoint ${epoch} is divided among ${subtasks} subtasks, and the changed query does not have their operator: continue with the query of the checkpoint, or start over with --fresh`,
    { epoch, subtasks },
  );
}

/** Returns the manifest with its own checksum on the last line. */
export function encodeManifest(manifest: Manifest): Buffer {
  const body = JSON.stringify(manifest);
  return Buffer.from(`${body}\n${sha256(body)}\n`);
}

/**
 * Decodes a manifest. `epoch` is the requested checkpoint. The manifest of another checkpoint in
 * its place is also damage.
 */
export function decodeManifest(content: Buffer, where: string, epoch: number | null = null): Manifest {
  const text = content.toString('utf8');
  const split = text.indexOf('\n');
  const body = text.slice(0, split);
  if (split < 0 || text.slice(split + 1).trim() !== sha256(body)) {
    throw new EngineError('CHECKPOINT_CORRUPT', `the manifest ${where} is damaged: its checksum does not fit`, {
      where,
    });
  }
  const { plan, ...manifest } = JSON.parse(body) as Omit<Manifest, 'plan'> & { readonly plan: unknown };
  if (manifest.format > MANIFEST_FORMAT) {
    throw new EngineError(
      'CHECKPOINT_INCOMPATIBLE',
      `the manifest ${where} has format ${manifest.format}; this version reads up to ${MANIFEST_FORMAT}`,
      { where, format: manifest.format },
    );
  }
  if (epoch !== null && manifest.epoch !== epoch) {
    throw new EngineError(
      'CHECKPOINT_CORRUPT',
      `the manifest ${where} is damaged: it is that of checkpoint ${manifest.epoch}`,
      { where, epoch: manifest.epoch },
    );
  }
  const read = { ...manifest, plan: checkPlan(plan) };
  return manifest.format < 3 ? withSubtasks(read) : read;
}

/** Manifests before format 3 have the state of one task. */
function withSubtasks(manifest: Manifest): Manifest {
  const { snapshots, ...rest } = manifest as Manifest & Pick<SubtaskState, 'snapshots'>;
  const { backend, files } = manifest.state as unknown as Pick<ManifestState, 'backend'> & Pick<SubtaskState, 'files'>;
  return { ...rest, state: wholeState(backend, files, snapshots) };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
