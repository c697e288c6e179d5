import { EngineError } from '../../core/engine-error.ts';
import { fingerprints } from '../../plan/fingerprint.ts';
import type { Plan } from '../../plan/plan.ts';
import type { OperatorIdentity } from '../checkpoint/manifest.ts';
import { STATEFUL } from '../operators/operator-registry.ts';

/**
 * Numbers for the operators of a plan: those of the checkpoint where name and fingerprint are the same, fresh ones otherwise, so that state of another meaning is never
 * read. Number 0 is left free.
 */
export function identifyOperators(plan: Plan, before: readonly OperatorIdentity[]): readonly OperatorIdentity[] {
  const prints = fingerprints(plan);
  const known = new Map(before.map((o) => [`${o.name} ${o.fingerprint}`, o.number]));
  let next = Math.max(0, ...before.map((o) => o.number)) + 1;
  return plan.nodes.map((node, i) => ({
    number: known.get(`${node.name} ${prints[i]}`) ?? next++,
    name: node.name,
    fingerprint: prints[i]!,
  }));
}

/** Operators with state whose meaning changed, which are new, or which are gone. */
export function changedOperators(
  plan: Plan,
  now: readonly OperatorIdentity[],
  before: Plan,
  then: readonly OperatorIdentity[],
): ChangedOperators {
  const old = new Map(then.map((o) => [o.name, o]));
  const stateful = (p: Plan) =>
    new Set(p.nodes.filter((n) => STATEFUL.has(n.kind) || n.kind === 'scan').map((n) => n.name));
  const mine = stateful(plan);
  const theirs = stateful(before);
  const changed = now.filter(
    (o) => mine.has(o.name) && old.has(o.name) && old.get(o.name)!.fingerprint !== o.fingerprint,
  );
  const added = now.filter((o) => mine.has(o.name) && !old.has(o.name));
  const names = new Set(now.map((o) => o.name));
  const removed = then.filter((o) => theirs.has(o.name) && !names.has(o.name));
  const whole = now.length !== then.length || now.some((o) => old.get(o.name)?.fingerprint !== o.fingerprint);
  return {
    any: whole,
    changed: changed.map((o) => o.name),
    added: added.map((o) => o.name),
    removed: removed.map((o) => o.name),
  };
}

export interface ChangedOperators {
  readonly any: boolean;
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export function planDiffers(job: string, difference: ChangedOperators): EngineError {
  const parts = [
    ...difference.changed.map((n) => `${n} changed`),
    ...difference.added.map((n) => `${n} is new`),
    ...difference.removed.map((n) => `${n} is gone`),
  ];
  return new EngineError(
    'CHECKPOINT_INCOMPATIBLE',
    `the query of job ${job} is not the one its checkpoint was made by: ${parts.length > 0 ? parts.join(', ') : 'operators without state differ'}. ` +
      'Use --allow-non-restored-state to go on with what is the same, or --fresh to start over',
    { operators: [...difference.changed, ...difference.added, ...difference.removed] },
  );
}
