import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compile } from '../../compiler/compile.ts';
import { formatDiagnostics } from '../../compiler/format-diagnostic.ts';
import { environmentVariables } from '../../config/option-references.ts';
import { connectorCatalog, tableEndpoints } from '../../connectors/connector-registry.ts';
import { Job } from '../../engine/job/job.ts';
import type { JobSetup } from '../../engine/job/job-setup.ts';
import { partitionPoint } from '../../engine/subtask/partition-point.ts';
import type { Plan } from '../../plan/plan.ts';
import { LocalStorage } from '../../storage/local/local-storage.ts';
import { CapturedRows, CapturingSink } from './capturing-sink.ts';
import type { GoldenCase } from './golden-case.ts';
import { difference } from './golden-compare.ts';
import { InterruptedSource, Interruption } from './interrupted-source.ts';

/** The way in which a case is run. Every mode must give the same expected rows. */
export interface GoldenMode {
  readonly name: string;
  readonly batchRows: number;
  readonly backend: 'memory' | 'rocksdb';
  /** The job is killed after a checkpoint and restored. */
  readonly killed: boolean;
  /** The subtasks of an operator that can have them. The order among its keys is not compared. */
  readonly subtasks?: number;
}

const mode = (batchRows: number, backend: 'memory' | 'rocksdb', killed: boolean): GoldenMode => ({
  name: `batches of ${batchRows}, ${backend}${killed ? ', killed and restored' : ''}`,
  batchRows,
  backend,
  killed,
  subtasks: batchRows === 7 && backend === 'rocksdb' ? 2 : 1,
});
export const STRAIGHT = mode(4096, 'memory', false);
export const MATRIX: readonly GoldenMode[] = (['memory', 'rocksdb'] as const).flatMap((backend) =>
  [1, 7, 1024].flatMap((rows) => [mode(rows, backend, false), mode(rows, backend, true)]),
);

export interface GoldenOutcome {
  /** The difference. Null: the case passed. */
  readonly failure: string | null;
  /** Actual lines by sink; empty if the text was refused. */
  readonly actual: ReadonlyMap<string, readonly string[]>;
}

/**
 * Runs a case in one mode and compares. Reads tables from their input files and captures sinks with
 * an expected file. The connectors of these tables are not used. `reword` gives the plan with which
 * a killed job continues; it must keep all state.
 */
export async function runGoldenCase(
  golden: GoldenCase,
  how: GoldenMode,
  settings: Readonly<Record<string, string>> = {},
  reword: (plan: Plan) => Plan = (plan) => plan,
): Promise<GoldenOutcome> {
  const text = fs.readFileSync(golden.sqlFile, 'utf8');
  const chosen = { ...golden.settings, ...settings };
  const result = compile(text, {
    fileName: path.basename(golden.sqlFile, '.sql'),
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: chosen,
    fixedSettings: new Set(Object.keys(chosen)),
  });
  const errors = result.diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) {
    const shown = formatDiagnostics(errors, text, { file: path.basename(golden.sqlFile) });
    const wanted = golden.error !== null;
    return { failure: wanted ? null : `refused: ${shown}`, actual: new Map() };
  }
  const actual = new Map<string, readonly string[]>();
  const plans = result.statements.flatMap((statement) => (statement.kind === 'job' ? [statement.plan] : []));
  const isDivided = (how.subtasks ?? 1) > 1 && plans.some((plan) => partitionPoint(plan) !== null);
  try {
    for (const plan of plans) {
      const captured = await runPlan(golden, plan, how, reword);
      for (const [sink, rows] of captured) actual.set(sink, rows.lines);
    }
  } catch (error) {
    const wanted = golden.error?.stage === 'run';
    return { failure: wanted ? null : `the job failed: ${(error as Error).message}`, actual };
  }
  if (golden.error !== null) return { failure: `must be refused (${golden.error.stage}), but it ran`, actual };
  for (const [sink, expected] of golden.expected) {
    const lines = expected.split('\n').filter((line) => line.trim() !== '');
    const got = actual.get(sink);
    if (got === undefined) return { failure: `there is no sink \`${sink}\``, actual };
    const differs = difference(lines, got, isDivided && golden.compare === 'ordered' ? 'multiset' : golden.compare);
    if (differs !== null) return { failure: `${sink}: ${differs}`, actual };
  }
  return { failure: null, actual };
}

async function runPlan(
  golden: GoldenCase,
  plan: Plan,
  how: GoldenMode,
  reword: (plan: Plan) => Plan,
): Promise<ReadonlyMap<string, CapturedRows>> {
  const captured = new Map<string, CapturedRows>();
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-test-'));
  try {
    const setup = setupOf(golden, plan, how, temporary, captured);
    if (!how.killed) {
      await (await Job.open(setup)).run();
      return captured;
    }
    const crashing = await openInterrupted(setup, how);
    let died = false;
    await crashing.run().catch((error) => {
      if (!(error instanceof Interruption)) throw error;
      died = true;
    });
    await (await Job.open(died ? { ...setup, plan: reword(plan) } : setup)).run();
    return captured;
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Opens the same job with another first source. This source takes a checkpoint after a few rows and
 * then fails.
 */
async function openInterrupted(setup: JobSetup, how: GoldenMode): Promise<Job> {
  let job: Job | null = null;
  let first = true;
  job = await Job.open({
    ...setup,
    endpoints(request) {
      const inner = setup.endpoints(request);
      return {
        ...inner,
        source(node) {
          const source = inner.source(node);
          if (!first) return source;
          first = false;
          const after = how.batchRows === 1 ? 3 : how.batchRows;
          return new InterruptedSource(source, after, after + 2 * how.batchRows, () => job!.checkpoint());
        },
      };
    },
  });
  return job;
}

function setupOf(
  golden: GoldenCase,
  plan: Plan,
  how: GoldenMode,
  temporary: string,
  captured: Map<string, CapturedRows>,
): JobSetup {
  return {
    plan,
    batchRows: how.batchRows,
    state: { backend: how.backend, memoryBytes: 64 << 20, directory: path.join(temporary, 'state') },
    checkpoints: how.killed
      ? {
          storage: new LocalStorage(path.join(temporary, 'checkpoints')),
          retained: 2,
          onChangedPlan: 'carry',
          patternReload: 'refuse',
        }
      : null,
    subtasks: { count: how.subtasks ?? 1 },
    endpoints: tableEndpoints(
      { baseDirectory: golden.directory, environment: environmentVariables(false) },
      (tables) => ({
        source(node) {
          const input = golden.inputs.get(node.table);
          if (input === undefined) return tables.source(node);
          const kept = Object.entries(node.options).filter(([key]) => key.startsWith('json.'));
          return tables.source({
            ...node,
            options: { ...Object.fromEntries(kept), connector: 'filesystem', path: input, format: 'json' },
          });
        },
        sink(node) {
          const rows = captured.get(node.table) ?? new CapturedRows();
          captured.set(node.table, rows);
          return new CapturingSink(node.fields, rows);
        },
      }),
    ),
  };
}
