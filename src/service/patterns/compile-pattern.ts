import path from 'node:path';
import { compile } from '../../compiler/compile.ts';
import { jobSettings } from '../../config/job-settings.ts';
import { connectorCatalog } from '../../connectors/connector-registry.ts';
import type { LocatedDiagnostic } from '../../core/located-diagnostic.ts';
import { locate } from '../../core/located-diagnostic.ts';
import type { Plan } from '../../plan/plan.ts';
import { jobId } from '../job-definition.ts';

export type CompiledPattern =
  | {
      readonly ok: true;
      /** Id → plan. */
      readonly jobs: ReadonlyMap<string, Plan>;
      readonly settings: Readonly<Record<string, string>>;
      readonly warnings: readonly LocatedDiagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly LocatedDiagnostic[]; readonly problem: string };

/** Compiles a pattern in its own name space. Its jobs are named `<pattern>.<sink>`. */
export function compilePattern(
  name: string,
  file: string,
  text: string,
  serviceSettings: Readonly<Record<string, string>>,
  defaultSettings: Readonly<Record<string, string>>,
): CompiledPattern {
  const result = compile(text, {
    fileName: name,
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: { ...defaultSettings, ...serviceSettings },
    fixedSettings: new Set(Object.keys(serviceSettings)),
  });
  const diagnostics = locate(result.diagnostics, text, path.basename(file));
  const error = diagnostics.find((d) => d.severity === 'error');
  if (error !== undefined) {
    const errors = diagnostics.filter((d) => d.severity === 'error').length;
    const more = errors > 1 ? ` (and ${errors - 1} more)` : '';
    return { ok: false, diagnostics, problem: `${error.line}:${error.column}: ${error.message}${more}` };
  }
  if (result.statements.some((s) => s.kind === 'service')) {
    return { ok: false, diagnostics, problem: 'SHOW JOBS and STOP JOB have no place in a pattern' };
  }
  const plans = result.statements.flatMap((s) => (s.kind === 'job' ? [s.plan] : []));
  if (plans.length === 0) return { ok: false, diagnostics, problem: 'the file has neither INSERT nor SELECT' };
  try {
    jobSettings(result.settings, { intervalMs: 10_000, batchRows: 1 });
  } catch (contradiction) {
    return { ok: false, diagnostics, problem: (contradiction as Error).message };
  }
  const jobs = new Map(plans.map((plan) => [idOf(name, plan), plan]));
  if (jobs.size < plans.length) return { ok: false, diagnostics, problem: 'two jobs of the file have the same name' };
  return { ok: true, jobs, settings: result.settings, warnings: diagnostics };
}

const idOf = (pattern: string, plan: Plan): string =>
  jobId(plan.name.startsWith(`${pattern}.`) ? plan.name : `${pattern}.${plan.name}`);
