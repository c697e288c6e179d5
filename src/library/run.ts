import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobStatement } from '../compiler/compile-result.ts';
import { type JobSettings, jobSettings, memoryShare } from '../config/job-settings.ts';
import { environmentVariables } from '../config/option-references.ts';
import { tableEndpoints } from '../connectors/connector-registry.ts';
import { systemClock } from '../core/clock.ts';
import { nearest } from '../core/did-you-mean.ts';
import { EngineError } from '../core/engine-error.ts';
import { Job } from '../engine/job/job.ts';
import type { JobSetup } from '../engine/job/job-setup.ts';
import { checkpointSetup } from './checkpoint-setup.ts';
import { compileProgram, type Program } from './compile-program.ts';
import { InputFeeds } from './input-feeds.ts';
import { InputSource } from './input-source.ts';
import { OutputTable } from './output-table.ts';
import { refusal } from './refusal.ts';
import type { RunOptions } from './run-options.ts';
import { RunningProgram } from './running-program.ts';

const OUTPUT_CAPACITY = 1024;
const CHECKPOINT_INTERVAL_MS = 10_000;

/**
 * Starts the jobs of a SQL text. All jobs run in this thread. Resolves when all of them have been
 * restored and started. Rejects with an `EngineError` if the text has a mistake
 * (`details.diagnostics`), an input or output names no table, or a job cannot be opened. Then no
 * job runs.
 *
 * @example
 * await using program = await run(sql, { inputs: { payments: rows } });
 * for await (const row of program.rows()) console.log(row);
 */
export async function run(source: string | Program, options: RunOptions = {}): Promise<RunningProgram> {
  const { name = 'program', settings: given = {}, checkpoints } = options;
  const settings = checkpoints === undefined ? given : { ...given, 'execution.checkpointing.dir': checkpoints };
  const text = typeof source === 'string' ? source : source.text;
  const program = compileProgram(text, { name, settings });
  if (!program.ok) throw refusal(program.diagnostics);
  const statements = program.compiled.statements.filter((statement) => statement.kind === 'job');
  const feeds = new InputFeeds(options.inputs ?? {});
  refuseUnknownTables(program, options);
  const jobDefaults = { intervalMs: CHECKPOINT_INTERVAL_MS, batchRows: options.batchRows ?? 4096 };
  const jobs = jobSettings(program.compiled.settings, jobDefaults);
  const memoryBytes = memoryShare(jobs, statements.length);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-library-'));
  const outputs = new Map<string, OutputTable>();
  const opened: Job[] = [];
  try {
    for (const statement of statements) {
      opened.push(await Job.open(setupOf(statement, jobs, { options, memoryBytes, directory, feeds, outputs })));
    }
  } catch (error) {
    // The open jobs have read nothing yet.
    for (const job of opened) job.stop('cancel');
    await Promise.allSettled(opened.map((job) => job.run()));
    fs.rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  return new RunningProgram({ jobs: opened, outputs, feeds, directory, clock: options.clock ?? null });
}

function refuseUnknownTables({ jobs }: Program, { inputs = {}, outputs = [] }: RunOptions): void {
  const read = new Set(jobs.flatMap((job) => job.inputs));
  const written = new Set(jobs.flatMap((job) => job.outputs));
  for (const table of Object.keys(inputs)) if (!read.has(table)) throw unknown('no job reads', table, [...read]);
  for (const table of outputs) if (!written.has(table)) throw unknown('no job writes', table, [...written]);
}

function unknown(what: string, table: string, known: readonly string[]): EngineError {
  const near = nearest(table, known);
  const hint = near === undefined ? `there are: ${known.join(', ') || 'none'}` : `did you mean \`${near}\`?`;
  return new EngineError('CONFIG_USAGE', `${what} a table \`${table}\`; ${hint}`, { table });
}

interface Surroundings {
  readonly options: RunOptions;
  readonly memoryBytes: number;
  readonly directory: string;
  readonly feeds: InputFeeds;
  readonly outputs: Map<string, OutputTable>;
}

function setupOf({ plan, origin }: JobStatement, settings: JobSettings, around: Surroundings): JobSetup {
  const { options, directory } = around;
  const { clock = systemClock, onEvent, print, baseDirectory = process.cwd() } = options;
  const captured = new Set(options.outputs);
  const tables = { baseDirectory, environment: environmentVariables(false), ...(print === undefined ? {} : { print }) };
  return {
    plan,
    clock,
    batchRows: settings.batchRows,
    state: {
      backend: settings.backend,
      memoryBytes: around.memoryBytes,
      directory: path.join(directory, plan.name, 'live'),
      diskLowWaterBytes: settings.diskLowWaterBytes,
    },
    checkpoints:
      origin === 'select' || settings.checkpointDirectory === null
        ? null
        : {
            ...checkpointSetup(settings, {
              directory: settings.checkpointDirectory,
              job: plan.name,
              work: path.join(directory, plan.name, 'work'),
            }),
            restore: options.restore ?? 'latest',
          },
    endpoints: tableEndpoints(tables, (connectors) => ({
      source(node) {
        const table = around.feeds.table(node.table);
        return table === undefined ? connectors.source(node) : new InputSource(node, table);
      },
      sink(node) {
        if (node.options['connector'] !== 'collect' && !captured.has(node.table)) return connectors.sink(node);
        const output = new OutputTable(node.fields, node.changelog, options.outputCapacity ?? OUTPUT_CAPACITY);
        around.outputs.set(freeName(node.table, around.outputs), output);
        return output;
      },
    })),
    ...(onEvent === undefined ? {} : { onEvent: (event) => onEvent({ job: plan.name, ...event }) }),
  };
}

/** Returns a free name: `result`, `result-2`. A second output of the same name gets a number. */
function freeName(table: string, taken: ReadonlyMap<string, unknown>): string {
  let name = table;
  for (let n = 2; taken.has(name); n++) name = `${table}-${n}`;
  return name;
}
