import { EngineError } from '../../core/engine-error.ts';
import { fingerprints } from '../../plan/fingerprint.ts';
import type { Plan } from '../../plan/plan.ts';
import type { OperatorIdentity } from '../checkpoint/manifest.ts';
import type { OperatorChange } from './operator-changes.ts';

/**
 * Assigns numbers to the operators of a plan. An operator with the same meaning as one of the
 * checkpoint gets its number; others get new numbers. So an operator never reads state of another
 * meaning. Number 0 is not used.
 */
export function identifyOperators(
  plan: Plan,
  before: readonly OperatorIdentity[],
  changes: readonly OperatorChange[] | null,
): readonly OperatorIdentity[] {
  const prints = fingerprints(plan);
  const known = new Map(before.map((o) => [o.name, o.number]));
  let next = Math.max(0, ...before.map((o) => o.number)) + 1;
  return plan.nodes.map((node, i) => ({
    number: (changes?.[i]?.kind === 'same' ? known.get(node.name) : undefined) ?? next++,
    name: node.name,
    fingerprint: prints[i]!,
  }));
}

/** Returns whether the meanings of the plans differ. */
export function plansDiffer(now: readonly OperatorIdentity[], then: readonly OperatorIdentity[]): boolean {
  const old = new Map(then.map((o) => [o.name, o.fingerprint]));
  return now.length !== then.length || now.some((o) => old.get(o.name) !== o.fingerprint);
}

/** Nodes whose change is reported: nodes with state, and sources. */
const counts = (node: Plan['nodes'][number]): boolean => node.traits.stateful || node.kind === 'scan';

/** Returns the operators of the old plan with state that the new one does not have. */
export function operatorsGone(plan: Plan, before: Plan, changes: readonly OperatorChange[]): readonly string[] {
  const names = new Set(plan.nodes.map(({ name }) => name));
  const renamed = new Set(changes.flatMap((change) => (change.kind === 'pattern' ? [change.before.name] : [])));
  return before.nodes.flatMap((node) =>
    counts(node) && !names.has(node.name) && !renamed.has(node.name) ? [node.name] : [],
  );
}

export function planDiffers(job: string, plan: Plan, before: Plan, changes: readonly OperatorChange[]): EngineError {
  const gone = operatorsGone(plan, before, changes);
  const changed = plan.nodes.filter((node, i) => counts(node) && changes[i]!.kind !== 'same');
  const parts = [
    ...changed.map((node) => `${node.name} ${howItChanged(changes[node.id]!)}`),
    ...gone.map((name) => `${name} is gone`),
  ];
  return new EngineError(
    'CHECKPOINT_INCOMPATIBLE',
    `the query of job ${job} is not the one its checkpoint was made by: ${parts.length > 0 ? parts.join(', ') : 'only operators whose state stays, or without state, differ'}. ` +
      'Use --allow-non-restored-state to go on with what can be kept, or --fresh to start over',
    { operators: [...changed.map(({ name }) => name), ...gone] },
  );
}

function howItChanged(change: OperatorChange): string {
  switch (change.kind) {
    case 'pattern':
      return 'changed (its partial matches can be carried over)';
    case 'fresh':
      return `changed (${change.reason}: it would start without state)`;
    case 'same':
    case 'new':
      return 'is new';
  }
}
