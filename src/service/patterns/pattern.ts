import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { LocatedDiagnostic } from '../../core/located-diagnostic.ts';
import { planHash } from '../../plan/fingerprint.ts';
import { canonicalJson } from '../../plan/hash.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Compiler } from '../compile/compile-pool.ts';
import { type JobDefinition, samePlan } from '../job-definition.ts';
import type { JobFleet } from '../job-fleet.ts';
import type { PatternStatus, ReloadStatus } from '../service-api.ts';
import type { ServiceLog } from '../service-log.ts';
import type { ServiceStore } from '../store/service-store.ts';
import type { GoldenThread } from '../worker/golden-thread.ts';
import type { JobSpec } from '../worker/messages.ts';
import type { CompiledPattern } from './compile-pattern.ts';
import type { PatternFile } from './pattern-folder.ts';

export interface PatternSurroundings {
  readonly fleet: JobFleet;
  readonly store: ServiceStore;
  readonly compiler: Compiler;
  readonly golden: GoldenThread;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly serviceSettings: Readonly<Record<string, string>>;
  readonly defaultSettings: Readonly<Record<string, string>>;
  /** Returns the demo's replacement of the pattern's tables. Null: there is no replacement. */
  demo(found: PatternFile, plans: readonly Plan[]): JobSpec['demo'];
}

/**
 * One pattern: the version that runs, and the problem of the file if it is another version. Changes
 * are applied in sequence. If a version cannot take over, the old one keeps running.
 */
export class Pattern {
  readonly name: string;
  readonly #around: PatternSurroundings;
  #found: PatternFile;
  #jobs: readonly string[] = [];
  #diagnostics: readonly LocatedDiagnostic[] = [];
  #problem: string | null = null;
  #changedAt: number;
  /** Stamp of the file that was read last. */
  #seen: string | null = null;
  /** The file could not be taken for a reason that may go away. The next look tries again. */
  #unsettled = false;

  constructor(found: PatternFile, around: PatternSurroundings) {
    this.name = found.name;
    this.#found = found;
    this.#around = around;
    this.#changedAt = around.clock.now();
  }

  /** Applies the current file. */
  async take(found: PatternFile): Promise<void> {
    const same = this.#seen === found.stamp && this.#found.file === found.file;
    if (same && !this.#unsettled) return;
    this.#unsettled = false;
    const { clock, log } = this.#around;
    const known = this.#seen !== null;
    this.#seen = found.stamp;
    this.#found = found;
    this.#changedAt = clock.now();
    const since = clock.monotonicMs();
    try {
      const done = await this.#try(found);
      if (done !== null) {
        const ms = Math.round(clock.monotonicMs() - since);
        log.info({ pattern: this.name, jobs: this.#jobs, ms }, `${known ? 'changed' : 'started'}${done}`);
      }
    } catch (error) {
      this.#unsettled = true;
      this.#break((error as Error).message, []);
    }
  }

  /**
   * Compiles and tests the file, then replaces the jobs. Returns null if the file has a problem.
   */
  async #try(found: PatternFile): Promise<string | null> {
    const { serviceSettings, defaultSettings, store, compiler, golden } = this.#around;
    const { file, text } = found;
    if (text === null) return this.#break(found.problem ?? 'the file cannot be taken', []);
    const compiled = await compiler.pattern({ name: this.name, file, text, serviceSettings, defaultSettings });
    if (!compiled.ok) return this.#break(compiled.problem, compiled.diagnostics);
    if (found.tested && store.passedPatterns.get(this.name) !== found.stamp) {
      const failure = await golden.run({ directory: found.folder!, sqlFile: found.file, settings: {} });
      if (failure !== null) return this.#break(`the golden test failed: ${failure}`, compiled.warnings);
      store.record({ kind: 'pattern-passed', pattern: this.name, stamp: found.stamp });
    }
    const failure = await this.#replace(found, compiled);
    if (failure !== null) return this.#break(failure, compiled.warnings);
    this.#problem = null;
    this.#diagnostics = compiled.warnings;
    return '';
  }

  #break(problem: string, diagnostics: readonly LocatedDiagnostic[]): null {
    if (this.#unsettled && this.#problem === problem) return null;
    this.#problem = problem;
    this.#diagnostics = diagnostics;
    const goes = this.#jobs.length > 0 ? '; the version before goes on' : '';
    this.#around.log.error({ pattern: this.name, file: this.#found.file }, `broken${goes}: ${problem}`);
    return null;
  }

  /**
   * Replaces the old jobs by new ones. Resolves with the problem if the replacement failed. The old
   * jobs then run again.
   */
  async #replace(found: PatternFile, compiled: Extract<CompiledPattern, { ok: true }>): Promise<string | null> {
    const { fleet } = this.#around;
    const wanted = this.#definitions(found, compiled);
    const old = this.#jobs.flatMap((id) => fleet.get(id) ?? []);
    const gone = old.filter((job) => !wanted.some((w) => w.id === job.id));
    const changed = wanted.filter((w) => !this.#stands(w));
    const taken = wanted.find((w) => fleet.get(w.id) !== undefined && fleet.get(w.id)!.definition.origin !== this.name);
    if (taken !== undefined) {
      const { origin } = fleet.get(taken.id)!.definition;
      throw new EngineError('JOB_EXISTS', `the name of the job ${taken.id} is taken by ${origin}`, { job: taken.id });
    }
    const running = old.filter((job) => job.active).length;
    fleet.checkRoom(wanted.length - running);
    const undo: JobDefinition[] = [];
    const started: string[] = [];
    for (const job of [...gone, ...old.filter((o) => changed.some((c) => c.id === o.id))]) {
      if (job.active) undo.push(job.definition);
      await fleet.endAndRemove(job.id, 'stop');
    }
    const before = this.#jobs;
    this.#jobs = wanted.map((w) => w.id);
    const failures = await Promise.all(
      changed.map((definition) => {
        started.push(definition.id);
        return this.#start(definition);
      }),
    );
    const failed = failures.find((f) => f !== null && f !== undefined && !f.opened);
    if (failed === undefined || failed === null) return null;
    // A first version has no predecessor. The service keeps it, because restarts of its jobs may
    // succeed.
    if (before.length === 0) {
      this.#around.log.warn({ pattern: this.name }, failed.message);
      return null;
    }
    for (const id of started) await fleet.endAndRemove(id, 'cancel');
    this.#jobs = before;
    await Promise.all(undo.map((definition) => this.#start(definition)));
    return `the jobs of the new version cannot be started: ${failed.message}`;
  }

  #start(definition: JobDefinition): Promise<{ opened: boolean; message: string } | null> {
    const { fleet, store } = this.#around;
    const stopped = store.stoppedPatternJobs.get(definition.id);
    const stays = stopped === planHash(definition.plan);
    // This may fail, and then there must be no job that never starts.
    if (stopped !== undefined && !stays) store.record({ kind: 'pattern-stopped', job: definition.id, plan: null });
    const job = fleet.add(definition);
    if (stays) {
      job.markEnded({ state: 'SUSPENDED', at: definition.createdAt, failure: null });
      return Promise.resolve(null);
    }
    return job.start();
  }

  /** Returns whether the job already runs with this definition. */
  #stands(wanted: JobDefinition): boolean {
    const job = this.#around.fleet.get(wanted.id);
    if (job === undefined || !this.#jobs.includes(wanted.id)) return false;
    const { plan, settings, baseDirectory } = job.definition;
    const same =
      samePlan(plan, wanted.plan) &&
      canonicalJson(settings) === canonicalJson(wanted.settings) &&
      baseDirectory === wanted.baseDirectory;
    return same && job.state !== 'FAILED';
  }

  #definitions(found: PatternFile, compiled: Extract<CompiledPattern, { ok: true }>): readonly JobDefinition[] {
    const demo = this.#around.demo(found, [...compiled.jobs.values()]);
    return [...compiled.jobs].map(([id, plan]) => ({
      id,
      origin: this.name,
      plan,
      settings: compiled.settings,
      createdAt: this.#around.clock.now(),
      baseDirectory: path.dirname(found.file),
      roots: null,
      preview: false,
      demo,
    }));
  }

  /**
   * Stops the jobs of a removed file. The jobs take a last checkpoint, which is kept in case the
   * file returns.
   */
  async remove(): Promise<void> {
    const { fleet, store, log } = this.#around;
    const jobs = this.#jobs;
    this.#jobs = [];
    await Promise.all(
      jobs.map(async (id) => {
        await fleet.endAndRemove(id, 'stop');
        if (store.stoppedPatternJobs.has(id)) store.record({ kind: 'pattern-stopped', job: id, plan: null });
      }),
    );
    log.info({ pattern: this.name, jobs }, 'removed; its last checkpoint stays');
  }

  get broken(): boolean {
    return this.#problem !== null;
  }

  status(): PatternStatus {
    const { fleet } = this.#around;
    const states = this.#jobs.flatMap((id) => fleet.get(id)?.state ?? []);
    const failure = this.#jobs.flatMap((id) => fleet.get(id)?.failure ?? [])[0] ?? null;
    return {
      name: this.name,
      file: this.#found.file,
      state: this.broken ? 'broken' : stateOf(states),
      jobs: this.#jobs,
      title: this.#found.title,
      changedAt: this.#changedAt,
      diagnostics: this.#diagnostics,
      problem: this.#problem ?? failure?.message ?? null,
      reloads: Object.fromEntries(this.#jobs.flatMap((id) => reloadOf(id, fleet.get(id)?.reload ?? null))),
    };
  }
}

const reloadOf = (id: string, reload: ReloadStatus | null): [string, ReloadStatus][] =>
  reload === null ? [] : [[id, reload]];

function stateOf(states: readonly string[]): PatternStatus['state'] {
  if (states.includes('FAILED')) return 'failed';
  if (states.some((s) => s === 'RUNNING' || s === 'CREATED' || s === 'RESTARTING')) return 'running';
  return states.length > 0 && states.every((s) => s === 'FINISHED') ? 'finished' : 'stopped';
}
