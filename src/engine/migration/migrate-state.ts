import type { Field } from '../../core/data-type.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanNode } from '../../plan/plan-node.ts';
import { type Manifest, type SubtaskState, wholeState } from '../checkpoint/manifest.ts';
import type { StateBackend } from '../state/state-backend.ts';
import { migratePattern } from './migrate-pattern.ts';
import { migrateSessions } from './migrate-sessions.ts';

/** An operator whose state must be migrated. */
export interface MigratedOperator {
  readonly backend: StateBackend;
  /** Its number in state keys. */
  readonly operator: number;
  readonly input: readonly Field[];
  readonly environment: FunctionEnvironment;
}

/** The first manifest format whose state is in the second layout (ADR 0028). */
const SECOND_LAYOUT = 3;

/**
 * Converts the state of a checkpoint in the back end to the layout of this version. Returns the
 * manifest with the operators' snapshots in the format of this version. It changes only the live
 * copy of the state. If the process dies here, it restarts from the checkpoint.
 */
export async function migrateState(manifest: Manifest, backend: StateBackend): Promise<Manifest> {
  if (manifest.format >= SECOND_LAYOUT) return manifest;
  const { plan, operators, state } = manifest;
  // Older formats have no subtasks.
  const [whole] = state.subtasks as [SubtaskState];
  const snapshots = { ...whole.snapshots };
  for (const node of plan.nodes) {
    const operator = operators.find(({ name }) => name === node.name)?.number;
    const migrate = migrationOf(node);
    if (operator === undefined || migrate === null) continue;
    const input = node.inputs[0]!;
    const { fields } = plan.nodes[input]!;
    const before = snapshots[node.name];
    const timers = await migrate({ backend, operator, input: fields, environment: environmentOf(plan) });
    snapshots[node.name] = { ...(before as object), timers };
  }
  return { ...manifest, state: wholeState(state.backend, whole.files, snapshots) };
}

/**
 * Returns the migration of a node; null if both layouts are the same. The migration returns the
 * sequence of the next timer.
 */
function migrationOf(node: PlanNode): ((operator: MigratedOperator) => Promise<number>) | null {
  if (node.kind === 'match') return (operator) => migratePattern(operator, node);
  if (node.kind !== 'window-aggregate' && node.kind !== 'window-table') return null;
  const { window } = node;
  if (window.kind !== 'session' || (node.kind === 'window-aggregate' && node.attached !== undefined)) return null;
  return (operator) => migrateSessions(operator, node, window.gapMs);
}

const environmentOf = (plan: Plan): FunctionEnvironment => ({
  zone: plan.settings['table.local-time-zone'] ?? 'UTC',
  now: () => 0,
  random: () => 0,
});
