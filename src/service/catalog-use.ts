import type { Catalog } from '../compiler/catalog.ts';
import { compile } from '../compiler/compile.ts';
import type { CompileResult } from '../compiler/compile-result.ts';
import { connectorCatalog } from '../connectors/connector-registry.ts';
import { EngineError } from '../core/engine-error.ts';
import type { ManagedJob } from './managed-job.ts';

/**
 * Refuses a text that drops a table which a running job or a remaining view uses. Jobs of patterns
 * have their own tables.
 */
export function checkDrops(result: CompileResult, before: Catalog, jobs: readonly ManagedJob[]): void {
  const dropped = result.statements.flatMap((s) =>
    s.kind === 'definition' && s.action === 'drop' && (before.tables.has(s.name) || before.views.has(s.name))
      ? [s.name]
      : [],
  );
  for (const name of dropped) {
    const user = jobs.find((job) => job.active && job.definition.origin === 'http' && uses(job, name));
    if (user !== undefined) {
      throw new EngineError('SQL_IN_USE', `\`${name}\` is used by the job ${user.id}; stop it first`, { job: user.id });
    }
  }
  if (dropped.length === 0) return;
  for (const view of result.catalog.views.values()) {
    if (compiles(view.name, result.catalog)) continue;
    throw new EngineError(
      'SQL_IN_USE',
      `the view \`${view.name}\` needs ${dropped.map((n) => `\`${n}\``).join(' or ')}; drop the view first`,
      { view: view.name },
    );
  }
}

function uses(job: ManagedJob, table: string): boolean {
  return job.definition.plan.nodes.some((n) => (n.kind === 'scan' || n.kind === 'sink') && n.table === table);
}

function compiles(view: string, catalog: Catalog): boolean {
  const text = `EXPLAIN SELECT * FROM \`${view.replaceAll('`', '``')}\``;
  const { diagnostics } = compile(text, { fileName: 'view', catalog, connectors: connectorCatalog, settings: {} });
  return diagnostics.every((d) => d.severity !== 'error');
}
