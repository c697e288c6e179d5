import type { Catalog, CatalogTable } from '../compiler/catalog.ts';
import { compile } from '../compiler/compile.ts';
import type { CompiledStatement, CompileResult } from '../compiler/compile-result.ts';
import { checkSetting } from '../compiler/settings.ts';
import { jobSettings } from '../config/job-settings.ts';
import { environmentVariables } from '../config/option-references.ts';
import { connectorCatalog } from '../connectors/connector-registry.ts';
import { resolveOptions } from '../connectors/resolve-options.ts';
import { rootedPath } from '../connectors/rooted-path.ts';
import { EngineError } from '../core/engine-error.ts';
import type { LocatedDiagnostic } from '../core/located-diagnostic.ts';
import { locate } from '../core/located-diagnostic.ts';
import { settingOf } from '../core/settings.ts';
import { refusal } from '../library/refusal.ts';
import type { Plan } from '../plan/plan.ts';
import { STATEMENT_FILE } from './job-definition.ts';
import { refuseEndless } from './match-explanation/explain-match.ts';
import { viewWithoutTables } from './view-use.ts';

export interface Submission {
  readonly result: CompileResult;
  readonly warnings: readonly LocatedDiagnostic[];
  /** A view that needs a table or view which the text drops; null: none. */
  readonly unusableView: string | null;
}

export interface SubmissionLimits {
  readonly catalog: Catalog;
  /** Settings of the service's flags, which override SET. */
  readonly serviceSettings: Readonly<Record<string, string>>;
  /** Settings of its configuration file and environment, which SET overrides. */
  readonly defaultSettings: Readonly<Record<string, string>>;
  readonly baseDirectory: string;
  readonly roots: readonly string[];
}

/**
 * Compiles a text from HTTP, and checks everything that can be checked before it takes effect.
 */
export function readSubmission(
  sql: string,
  settings: Readonly<Record<string, string>>,
  limits: SubmissionLimits,
): Submission {
  checkSettings(settings);
  const result = compile(sql, {
    fileName: STATEMENT_FILE,
    catalog: limits.catalog,
    connectors: connectorCatalog,
    settings: { ...limits.defaultSettings, ...settings, ...limits.serviceSettings },
    fixedSettings: new Set(Object.keys(limits.serviceSettings)),
  });
  const located = locate(result.diagnostics, sql, STATEMENT_FILE);
  if (located.some((d) => d.severity === 'error')) throw refusal(located);
  for (const statement of result.statements) {
    if (statement.kind === 'set' && statement.key !== null) refuseServiceSetting(statement.key);
    if (statement.kind === 'service') checkService(statement);
    if (statement.kind === 'job' || statement.kind === 'explain-match') checkPaths(statement.plan, limits);
    if (statement.kind === 'explain-match') refuseEndless(statement.plan);
  }
  for (const change of changedTables(result, limits.catalog)) checkOptionPaths(change.name, change.options, limits);
  jobSettings(result.settings, { intervalMs: 10_000, batchRows: 1 });
  return { result, warnings: located, unusableView: viewWithoutTables(result, limits.catalog) };
}

/** Checks the settings of the request by the rules for SET in the text. */
function checkSettings(settings: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(settings)) {
    refuseServiceSetting(key);
    const problem = checkSetting(key, value);
    if (problem?.severity !== 'error') continue;
    const hint = problem.hint === undefined ? '' : `; ${problem.hint}`;
    throw new EngineError(problem.code, `${problem.message}${hint}`, { key });
  }
}

function refuseServiceSetting(key: string): void {
  // Settings of the whole process, and paths on its disk.
  if (settingOf(key)?.scope !== 'process' && key !== 'execution.checkpointing.savepoint-dir') return;
  throw new EngineError(
    'CONFIG_INVALID_OPTION',
    `'${key}' belongs to the service; set it when the service is started`,
    {
      key,
    },
  );
}

function checkService(statement: Extract<CompiledStatement, { kind: 'service' }>): void {
  if (statement.drain !== true || statement.savepoint === true) return;
  throw new EngineError('SQL_INVALID_STATEMENT', 'WITH DRAIN needs WITH SAVEPOINT before it', {});
}

function checkPaths(plan: Plan, limits: SubmissionLimits): void {
  for (const node of plan.nodes)
    if (node.kind === 'scan' || node.kind === 'sink') checkOptionPaths(node.table, node.options, limits);
}

function checkOptionPaths(table: string, options: Readonly<Record<string, string>>, limits: SubmissionLimits): void {
  const values = resolveOptions(table, options, { ...limits, environment: environmentVariables(true) });
  for (const key of ['path', 'dead-letter.path']) if (values[key] !== undefined) rootedPath(values[key], limits);
}

function changedTables(result: CompileResult, before: Catalog): readonly CatalogTable[] {
  return [...result.catalog.tables.values()].filter((table) => before.tables.get(table.name) !== table);
}
