import { compile } from '../compiler/compile.ts';
import type { CompileResult, Extension } from '../compiler/compile-result.ts';
import { checkSetting } from '../compiler/settings.ts';
import { connectorCatalog } from '../connectors/connector-registry.ts';
import { EngineError } from '../core/engine-error.ts';
import { type LocatedDiagnostic, locate } from '../core/located-diagnostic.ts';
import { VALUES_CONNECTOR } from '../core/values-connector.ts';
import { explainPlan } from '../plan/explain.ts';
import type { Plan } from '../plan/plan.ts';
import { redactPlan } from '../plan/redact-secrets.ts';

export interface CompileProgramOptions {
  /** Base name of the file, for the names of jobs and for diagnostics. Default: `program`. */
  readonly name?: string;
  /** Settings as in `SET`. They override SET in the text. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** One job of a program: an INSERT, a statement set or a SELECT. */
export interface ProgramJob {
  /** The name of the job: `pipeline.name`, or `<name of the program>.<output>`. */
  readonly name: string;
  /** Tables that the job reads. */
  readonly inputs: readonly string[];
  /** Tables that the job writes; `result` for a SELECT. */
  readonly outputs: readonly string[];
  /** The plan as JSON. Literal secrets are not shown. */
  readonly plan: Plan;
  /** Returns the plan as text, with the bound on the state of each operator. */
  explain(): string;
}

/** A compiled SQL text. */
export interface Program {
  readonly text: string;
  /** All mistakes and warnings, in the order of the text. A program with an error cannot run. */
  readonly diagnostics: readonly LocatedDiagnostic[];
  /** True if no diagnostic is an error. */
  readonly ok: boolean;
  /** `portable`: Apache Flink SQL accepts the same text and returns the same rows. */
  readonly level: 'portable' | 'extended';
  /** Each use of something that Flink SQL lacks. */
  readonly extensions: readonly Extension[];
  readonly jobs: readonly ProgramJob[];
  /** @internal */
  readonly compiled: CompileResult;
}

/**
 * Compiles a SQL text. Mistakes are data (`Program.diagnostics`); only a setting that does not
 * exist throws an `EngineError` (CONFIG_UNKNOWN_OPTION, CONFIG_INVALID_OPTION).
 *
 * @example
 * const program = compileProgram('SELECT usr FROM logins');
 * for (const { line, column, message } of program.diagnostics) console.log(line, column, message);
 */
export function compileProgram(text: string, options: CompileProgramOptions = {}): Program {
  const { name = 'program', settings = {} } = options;
  for (const [key, value] of Object.entries(settings)) {
    const problem = checkSetting(key, value);
    if (problem?.severity === 'error') throw new EngineError(problem.code, problem.message, { key });
  }
  const compiled = compileWith(text, name, settings);
  const diagnostics = locate(compiled.diagnostics, text, name);
  const ok = !diagnostics.some((d) => d.severity === 'error');
  const jobs = compiled.statements.flatMap((statement) => (statement.kind === 'job' ? [jobOf(statement.plan)] : []));
  return {
    text,
    diagnostics,
    ok,
    extensions: compiled.extensions,
    jobs: ok ? jobs : [],
    compiled,
    get level() {
      const portable = compileWith(text, name, { ...settings, 'sequitur.sql.level': 'portable' });
      return portable.diagnostics.some((d) => d.severity === 'error') ? 'extended' : 'portable';
    },
  };
}

function compileWith(text: string, fileName: string, settings: Readonly<Record<string, string>>): CompileResult {
  return compile(text, {
    fileName,
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings,
    fixedSettings: new Set(Object.keys(settings)),
  });
}

function jobOf(stored: Plan): ProgramJob {
  const plan = redactPlan(stored, connectorCatalog.secrets);
  const inputs = plan.nodes.flatMap((node) =>
    node.kind === 'scan' && node.options['connector'] !== VALUES_CONNECTOR ? [node.table] : [],
  );
  const outputs = plan.nodes.flatMap((node) => (node.kind === 'sink' ? [node.table] : []));
  return { name: plan.name, inputs: [...new Set(inputs)], outputs, plan, explain: () => explainPlan(plan) };
}
