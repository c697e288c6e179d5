import type { Catalog } from '../compiler/catalog.ts';
import type { CompileResult } from '../compiler/compile-result.ts';
import { EngineError } from '../core/engine-error.ts';
import type { SubmissionReply } from './compile/compile-request.ts';
import type { ManagedJob } from './managed-job.ts';

/** Returns the tables and views of the catalogue that a text drops. */
export function droppedNames({ statements }: Pick<CompileResult, 'statements'>, before: Catalog): readonly string[] {
  return statements.flatMap((s) =>
    s.kind === 'definition' && s.action === 'drop' && (before.tables.has(s.name) || before.views.has(s.name))
      ? [s.name]
      : [],
  );
}

/**
 * Refuses a text that drops a table which a running job or a remaining view uses. Jobs of patterns
 * have their own tables.
 */
export function checkDrops(
  { result, unusableView }: SubmissionReply,
  before: Catalog,
  jobs: readonly ManagedJob[],
): void {
  const dropped = droppedNames(result, before);
  for (const name of dropped) {
    const user = jobs.find((job) => job.active && job.definition.origin === 'http' && uses(job, name));
    if (user !== undefined) {
      throw new EngineError('SQL_IN_USE', `\`${name}\` is used by the job ${user.id}; stop it first`, { job: user.id });
    }
  }
  if (unusableView === null) return;
  throw new EngineError(
    'SQL_IN_USE',
    `the view \`${unusableView}\` needs ${dropped.map((n) => `\`${n}\``).join(' or ')}; drop the view first`,
    { view: unusableView },
  );
}

function uses(job: ManagedJob, table: string): boolean {
  return job.definition.plan.nodes.some((n) => (n.kind === 'scan' || n.kind === 'sink') && n.table === table);
}
