import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { JobStatement } from '../../compiler/compile-result.ts';
import { readConfiguration } from '../../config/configuration.ts';
import { refuseMemoryBeyond } from '../../config/contradictions.ts';
import { JOB_MEMORY_MIN, type JobSettings, jobSettings, memoryShare } from '../../config/job-settings.ts';
import { environmentVariables } from '../../config/option-references.ts';
import { tableEndpoints } from '../../connectors/connector-registry.ts';
import { systemClock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import { megabytesText } from '../../core/quantity.ts';
import { Job } from '../../engine/job/job.ts';
import type { JobSetup } from '../../engine/job/job-setup.ts';
import { partitionPoint } from '../../engine/subtask/partition-point.ts';
import { checkpointSetup } from '../../library/checkpoint-setup.ts';
import { openThread } from '../../library/subtask-thread.ts';
import type { Plan } from '../../plan/plan.ts';
import { RestartStrategy } from '../../service/restart-strategy.ts';
import { isRemote, localDirectory } from '../../storage/open-storage.ts';
import type { JobFlags } from '../command-flags.ts';
import { compileFile, printDiagnostics } from '../compile-file.ts';
import { EmptyColumns } from '../empty-columns.ts';
import { boundHeapGrowth } from '../heap-growth.ts';
import { existingOutput } from '../output/existing-output.ts';
import { reportEvent, summarise } from '../output/job-report.ts';
import { showProgress } from '../output/progress.ts';
import { failureExitCode, reportFailure } from '../output/report-failure.ts';
import { type OutputFlags, resultSink, writeRows } from '../output/select-output.ts';
import { say, writeOut } from '../output/standard-streams.ts';
import { parallelismOf } from '../parallelism.ts';
import { runWithRestarts } from '../run-with-restarts.ts';
import { removeWorthless, temporaryDirectory } from '../temporary-directory.ts';
import { writeExplanation } from './explain-match.ts';

export type RunFlags = JobFlags & OutputFlags;

/**
 * Runs `sequitur run FILE.sql`. Runs nothing unless the whole file is valid. The jobs of the file
 * run side by side.
 */
export async function runCommand(file: string, flags: RunFlags): Promise<number> {
  const { fixed, base } = readConfiguration(settingsOfFlags(flags), flags.config, process.env);
  const compiled = compileFile(file, fixed, base);
  printDiagnostics(compiled);
  if (compiled.failed) return 2;
  const settings = jobSettings(compiled.result.settings, { intervalMs: 10_000, batchRows: flags.batchRows ?? 4096 });
  const jobs = compiled.result.statements.filter((s) => s.kind === 'job');
  refuseMemoryBeyond(settings.memoryBytes);
  const memory = memoryShare(settings, jobs.length);
  refuseSmallSubtasks(settings, memory);
  for (const statement of compiled.result.statements) {
    if (statement.kind === 'rows') await writeRows(statement, flags);
    if (statement.kind === 'explain-match') await writeExplanation(file, statement, false);
    if (statement.kind === 'service')
      throw new EngineError(
        'CONFIG_USAGE',
        'SHOW JOBS and STOP JOB ask a running service; send them to its HTTP API',
        {},
      );
  }
  if (jobs.length === 0) return 0;
  if (flags.restore !== undefined && settings.checkpointDirectory === null) {
    throw new EngineError('CONFIG_USAGE', '--restore needs --checkpoint-dir, where the checkpoint lies', {});
  }
  return runJobs(file, jobs, settings, compiled.result.settings, memory, flags);
}

/**
 * Returns the restart strategy of a job. A SELECT prints its rows immediately, so it is not
 * restarted.
 */
function restartsOf({ origin }: JobStatement, settings: Readonly<Record<string, string>>): RestartStrategy {
  return new RestartStrategy(origin === 'select' ? {} : settings, Math.random, 'none');
}

/**
 * Returns the flags of a job that restarts after a failure. The job continues from its newest
 * checkpoint, even if the first start used another checkpoint.
 */
function resumed(flags: RunFlags): RunFlags {
  const { restore: _restore, fresh: _fresh, ...rest } = flags;
  return rest;
}

async function runJobs(
  file: string,
  statements: readonly JobStatement[],
  settings: JobSettings,
  restartSettings: Readonly<Record<string, string>>,
  memory: number,
  flags: RunFlags,
): Promise<number> {
  const threadsOf = (statement: JobStatement): number =>
    settings.parallelism ?? parallelismOf(statement, path.dirname(path.resolve(file)));
  boundHeapGrowth(settings.memoryBytes, Math.max(...statements.map(threadsOf)));
  if ((settings.parallelism ?? 1) > 1) sayUndivided(statements, settings.parallelism!);
  const temporary = temporaryDirectory();
  const running: Job[] = [];
  const around: Surroundings = {
    temporary,
    watched: new Map(),
    threadsOf,
    stop: (id) => running.find(({ options }) => options.id === id)?.stop(),
  };
  const stopProgress = showProgress(() => running);
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
    say(`${signal}: stopping after a last checkpoint; once more to stop at once\n`);
    for (const job of running) job.stop();
  };
  // The handlers are never removed. Without a handler, a second signal or a signal at the very end
  // would kill the process with a meaningless exit code.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const openedAt = performance.now();
  let exitCode = 0;
  try {
    const results = await Promise.all(
      statements.map(async (statement) => {
        try {
          await runWithRestarts(restartsOf(statement, restartSettings), {
            clock: systemClock,
            stopping: stopping.signal,
            open: (again) =>
              Job.open(setupOf(file, statement, settings, memory, again ? resumed(flags) : flags, around)),
            onOpened: (job) => {
              const before = running.findIndex(({ options }) => options.id === job.options.id);
              if (before >= 0) running[before] = job;
              else {
                running.push(job);
                if (job.restoredFrom === null) sayExistingOutput(file, statement.plan);
                else if (!job.restoredFrom.finished) sayStoredThreads(job, settings.parallelism);
              }
            },
            onFailure: (error, delayMs) =>
              reportFailure(error, `job ${statement.plan.name} starts again in ${(delayMs / 1000).toFixed(1)} s: `),
          });
          return 0;
        } catch (error) {
          reportFailure(error, statements.length > 1 ? `job ${statement.plan.name}: ` : '');
          return failureExitCode(error);
        }
      }),
    );
    exitCode = Math.max(0, ...results.map((code) => (code === 2 && results.includes(1) ? 1 : code)));
  } finally {
    stopProgress();
    removeWorthless(temporary);
    for (const { plan } of statements) if (flags.stateDir !== undefined) removeLiveState(flags.stateDir, plan.name);
  }
  for (const line of new Set([...around.watched.values()].flatMap((columns) => columns.report()))) say(`${line}\n`);
  summarise(running, statements, performance.now() - openedAt, exitCode);
  return exitCode;
}

/** Throws STATE_MEMORY if the subtasks of a job would have too little memory. */
function refuseSmallSubtasks({ parallelism }: JobSettings, memory: number): void {
  if (parallelism === null || parallelism === 1 || memory / parallelism >= JOB_MEMORY_MIN) return;
  throw new EngineError(
    'STATE_MEMORY',
    `state.memory is ${megabytesText(memory)} for a job in ${parallelism} threads (parallelism.default), but a thread needs ${megabytesText(JOB_MEMORY_MIN)}`,
    { memoryBytes: memory, parallelism },
  );
}

/** Names the jobs on which `parallelism.default` has no effect. */
function sayUndivided(statements: readonly JobStatement[], parallelism: number): void {
  for (const { plan } of statements) {
    if (partitionPoint(plan) !== null) continue;
    say(
      `job ${plan.name}: parallelism.default = ${parallelism} has no effect, since only an aggregation of SESSION windows runs in several threads: with keys, event time, and COUNT, SUM, MIN, MAX or AVG of numbers or texts, before one table\n`,
    );
  }
}

/** Prints the number of threads of a restored job if the text sets another one. */
function sayStoredThreads(job: Job, parallelism: number | null): void {
  const threads = job.task.subtasks.length + 1;
  if (parallelism === null || parallelism === threads || partitionPoint(job.options.plan) === null) return;
  const word = threads === 1 ? 'thread' : 'threads';
  say(`job ${job.options.id} continues in ${threads} ${word}, as in its checkpoint, not in ${parallelism}\n`);
}

/**
 * Prints how many files of earlier runs the output of a new job has. A resumed job continues its
 * own files, so this is only called for a job that starts fresh.
 */
function sayExistingOutput(file: string, plan: Plan): void {
  for (const line of existingOutput(plan, path.dirname(path.resolve(file)))) say(`job ${plan.name}: ${line}\n`);
}

/** The parts of a run that its jobs share. */
interface Surroundings {
  readonly temporary: string;
  /** By job and scan: one entry for each JSON table that a job reads. */
  readonly watched: Map<string, EmptyColumns>;
  threadsOf(statement: JobStatement): number;
  stop(job: string): void;
}

function setupOf(
  file: string,
  statement: JobStatement,
  settings: JobSettings,
  memory: number,
  flags: RunFlags,
  around: Surroundings,
): JobSetup {
  const { plan, origin } = statement;
  const { temporary } = around;
  const id = plan.name;
  const select = origin === 'select';
  const checkpointed = !select && (settings.checkpointDirectory !== null || settings.checkpointIntervalMs !== null);
  const checkpointDirectory = settings.checkpointDirectory ?? path.join(temporary, 'checkpoints');
  const stateDirectory = flags.stateDir ?? path.join(temporary, 'state');
  return {
    plan,
    batchRows: settings.batchRows,
    subtasks: { count: around.threadsOf(statement), open: openThread },
    state: {
      backend: settings.backend,
      memoryBytes: memory,
      directory: path.join(stateDirectory, id, LIVE),
      diskLowWaterBytes: settings.diskLowWaterBytes,
    },
    checkpoints: checkpointed
      ? {
          ...checkpointSetup(settings, {
            directory: checkpointDirectory,
            job: id,
            work: workDirectory(checkpointDirectory, flags, temporary, id),
          }),
          restore: flags.fresh
            ? 'fresh'
            : flags.restore === undefined
              ? 'latest'
              : { epoch: epochOf(flags.restore, checkpointDirectory, id) },
          onChangedPlan: flags.allowNonRestoredState ? 'carry' : 'refuse',
        }
      : null,
    endpoints: tableEndpoints(
      {
        baseDirectory: path.dirname(path.resolve(file)),
        environment: environmentVariables(false),
        pipes:
          checkpointed && settings.checkpointDirectory !== null
            ? 'its position cannot be restored from a checkpoint; leave out --checkpoint-dir, or write the input to a file'
            : 'read',
        print: writeOut,
        ...(select ? { collect: resultSink(plan, flags, () => around.stop(id)) } : {}),
      },
      (tables) => ({
        source(node) {
          const source = tables.source(node);
          if (node.options['format'] !== 'json') return source;
          // A job that starts again reads more rows of the same table.
          const key = JSON.stringify([id, node.id]);
          const columns = around.watched.get(key) ?? new EmptyColumns(node);
          around.watched.set(key, columns);
          return columns.watch(source);
        },
      }),
    ),
    onEvent: (event) => reportEvent(id, event),
  };
}

/** Two processes in two containers may have the same process id, so it does not suffice. */
const LIVE = `live-${process.pid}-${randomBytes(4).toString('hex')}`;

/**
 * Removes the live state of this process only. Another process that runs the job may have its state
 * in the same directory.
 */
function removeLiveState(stateDirectory: string, id: string): void {
  const directory = path.join(stateDirectory, id);
  try {
    // The directories of subtasks have the same name, followed by a number.
    for (const name of fs.readdirSync(directory))
      if (name.startsWith(LIVE)) removeWorthless(path.join(directory, name));
    fs.rmdirSync(directory);
  } catch {
    // The directory is not empty, or cannot be removed.
  }
}

/**
 * Returns the directory of live state. The directory is below `--state-dir`. Without this flag it
 * is beside local checkpoints (null), or a temporary directory.
 */
function workDirectory(checkpoints: string, flags: RunFlags, temporary: string, id: string): string | null {
  if (flags.stateDir !== undefined) return path.join(flags.stateDir, id);
  return isRemote(checkpoints) ? path.join(temporary, 'work', id) : null;
}

/**
 * Reads the `--restore` flag: the number of a checkpoint. For checkpoints on the local disk the
 * flag may also be the path of the manifest in the job's directory.
 */
function epochOf(text: string, checkpoints: string, id: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  if (isRemote(checkpoints)) {
    throw new EngineError(
      'CONFIG_USAGE',
      `--restore '${text}' is no checkpoint; give its number in ${checkpoints}`,
      {},
    );
  }
  const jobDirectory = path.join(localDirectory(checkpoints), id);
  const found = /^(\d+)\.json$/.exec(path.basename(text));
  const manifests = path.resolve(jobDirectory, 'manifests');
  if (found !== null && path.resolve(path.dirname(text)) === manifests) return Number(found[1]);
  throw new EngineError(
    'CONFIG_USAGE',
    `--restore '${text}' is no checkpoint of this job; give its number, or the path of its manifest in ${manifests}`,
    {},
  );
}

export function settingsOfFlags(flags: JobFlags): Record<string, string> {
  const settings: Record<string, string> = { ...flags.set };
  if (flags.state !== undefined) settings['state.backend.type'] = flags.state;
  if (flags.checkpointDir !== undefined) settings['execution.checkpointing.dir'] = flags.checkpointDir;
  if (flags.checkpointInterval !== undefined) settings['execution.checkpointing.interval'] = flags.checkpointInterval;
  return settings;
}
