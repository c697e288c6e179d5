import type { CompiledStatement, JobStatement, MatchQuestion } from '../compiler/compile-result.ts';
import type { Clock } from '../core/clock.ts';
import { EngineError } from '../core/engine-error.ts';
import { checkDrops } from './check-drops.ts';
import { changedCatalog } from './compile/catalog-difference.ts';
import type { Compiler } from './compile/compile-pool.ts';
import type { SubmissionReply } from './compile/compile-request.ts';
import { type JobDefinition, jobId, STATEMENT_FILE } from './job-definition.ts';
import type { JobFleet } from './job-fleet.ts';
import type { ExplanationJson } from './match-explanation/explanation-json.ts';
import type { SavepointStatus } from './savepoint-status.ts';
import type { JobSummary, StatementResult, SubmitResult } from './service-api.ts';
import type { Change } from './store/change.ts';
import { catalogChange } from './store/service-state.ts';
import type { ServiceStore } from './store/service-store.ts';
import { explainInWorker } from './worker/explain-thread.ts';

export interface SubmitSurroundings {
  readonly fleet: JobFleet;
  readonly store: ServiceStore;
  readonly compiler: Compiler;
  readonly clock: Clock;
  readonly serviceSettings: Readonly<Record<string, string>>;
  readonly defaultSettings: Readonly<Record<string, string>>;
  readonly baseDirectory: string;
  readonly roots: readonly string[];
  stopJob(id: string): Promise<JobSummary>;
  /**
   * Stops a job with a savepoint. Resolves when the job has ended, whether or not the savepoint is
   * complete.
   */
  stopWithSavepoint(id: string, drain: boolean): Promise<SavepointStatus>;
}

/**
 * Executes SQL from HTTP: checks everything, stores all changes, then applies the changes.
 */
export class SubmitHandler {
  readonly #around: SubmitSurroundings;
  #previews = 0;
  #explained: Promise<unknown> = Promise.resolve();
  #applied: Promise<unknown> = Promise.resolve();

  constructor(around: SubmitSurroundings) {
    this.#around = around;
  }

  async submit(sql: string, settings: Readonly<Record<string, string>>): Promise<SubmitResult> {
    // Texts take effect one after the other, because the next text sees the catalogue of this one.
    const applied = this.#applied.then(() => this.#compileAndApply(sql, settings));
    this.#applied = applied.catch(() => {});
    const { reply, definitions } = await applied;
    const statements: StatementResult[] = [];
    for (const statement of reply.result.statements) statements.push(await this.#reply(statement, definitions));
    return { statements, warnings: reply.warnings };
  }

  async #compileAndApply(
    sql: string,
    settings: Readonly<Record<string, string>>,
  ): Promise<{ reply: SubmissionReply; definitions: ReadonlyMap<JobStatement, JobDefinition> }> {
    const { store, compiler } = this.#around;
    const reply = await compiler.submission(sql, settings, { ...this.#around, catalog: store.catalog });
    return { reply, definitions: this.#apply(reply) };
  }

  /** Refuses the text, or writes its changes and starts its jobs. */
  #apply(reply: SubmissionReply): ReadonlyMap<JobStatement, JobDefinition> {
    const { fleet, store, clock } = this.#around;
    const { result } = reply;
    checkDrops(reply, store.catalog, fleet.list());
    for (const statement of result.statements) {
      if (statement.kind === 'service' && statement.job !== null && fleet.get(statement.job) === undefined) {
        throw new EngineError('JOB_NOT_FOUND', `there is no job ${statement.job}`, { job: statement.job });
      }
    }
    const statements = result.statements.filter((s) => s.kind === 'job');
    fleet.checkRoom(statements.length);
    const taken = new Set<string>();
    const definitions = new Map<JobStatement, JobDefinition>();
    for (const statement of statements) {
      const id = this.#idFor(statement, taken);
      taken.add(id);
      definitions.set(statement, {
        id,
        origin: 'http',
        plan: statement.plan,
        settings: result.settings,
        createdAt: clock.now(),
        baseDirectory: this.#around.baseDirectory,
        roots: this.#around.roots,
        preview: statement.origin === 'select',
        demo: null,
      });
    }
    const changes: Change[] = [
      ...(reply.catalog === null ? [] : [catalogChange(changedCatalog(store.catalog, reply.catalog))]),
      ...[...definitions.values()].flatMap((definition): Change[] =>
        definition.preview ? [] : [{ kind: 'job', definition }],
      ),
    ];
    if (changes.length > 0) {
      const number = store.lastSubmission + 1;
      const submission = { number, at: clock.now(), statements: this.#summary(result, definitions) };
      changes.push({ kind: 'submitted', submission });
    }
    // Nothing is refused after this point.
    store.record(...changes);
    for (const definition of definitions.values()) void fleet.add(definition).start();
    return definitions;
  }

  /** Describes what the statements of a submission changed. */
  #summary(
    result: SubmissionReply['result'],
    definitions: ReadonlyMap<JobStatement, JobDefinition>,
  ): readonly string[] {
    return result.statements.flatMap((statement) => {
      if (statement.kind === 'definition') return [`${statement.action} ${statement.object} ${statement.name}`];
      if (statement.kind !== 'job' || statement.origin === 'select') return [];
      return [`job ${definitions.get(statement)!.id}`];
    });
  }

  /**
   * Returns the id of a job: `pipeline.name`, or the sink's name with a number if necessary. Never
   * changes a name that the user chose.
   */
  #idFor({ plan, origin }: JobStatement, taken: ReadonlySet<string>): string {
    const { fleet } = this.#around;
    if (origin === 'select') {
      for (;;) {
        const id = `preview-${++this.#previews}`;
        if (fleet.get(id) === undefined) return id;
      }
    }
    const base = jobId(plan.name);
    const chosen = !plan.name.startsWith(`${STATEMENT_FILE}.`);
    for (let n = 1; ; n++) {
      const id = n === 1 ? base : jobId(`${base}-${n}`);
      const known = fleet.get(id);
      if (known === undefined && !taken.has(id)) return id;
      if (!chosen) continue;
      // An ended job that is submitted again continues from its newest checkpoint.
      const isEnded = known !== undefined && !known.active && !known.leaving;
      if (isEnded && known.definition.origin === 'http' && !taken.has(id)) return id;
      const problem = known?.leaving ? `the job ${id} is still being removed` : `there is a job ${id} already`;
      throw new EngineError('JOB_EXISTS', problem, { job: id });
    }
  }

  async #reply(
    statement: CompiledStatement,
    definitions: ReadonlyMap<JobStatement, JobDefinition>,
  ): Promise<StatementResult> {
    switch (statement.kind) {
      case 'job':
        return { kind: 'job', id: definitions.get(statement)!.id, origin: statement.origin };
      case 'rows':
        return { kind: 'rows', columns: statement.fields.map((f) => f.name), rows: statement.rows };
      case 'definition':
        return { kind: 'definition', action: statement.action, object: statement.object, name: statement.name };
      case 'explain-match':
        return { kind: 'explanation', explanation: await this.#explain(statement) };
      case 'set':
        return { kind: 'set', key: statement.key };
      case 'service':
        if (statement.action === 'show-jobs') return this.#showJobs();
        if (statement.savepoint === true) return this.#stopWithSavepoint(statement.job!, statement.drain === true);
        await this.#around.stopJob(statement.job!);
        return { kind: 'rows', columns: ['result'], rows: [['OK']] };
    }
  }

  async #stopWithSavepoint(job: string, drain: boolean): Promise<StatementResult> {
    const { failure, path } = await this.#around.stopWithSavepoint(job, drain);
    if (failure !== null) throw new EngineError(failure.code, failure.message, { job });
    return { kind: 'rows', columns: ['savepoint path'], rows: [[path]] };
  }

  /** Answers questions one after the other, so that they use no more resources than one job. */
  #explain(question: MatchQuestion): Promise<ExplanationJson> {
    const { baseDirectory, roots } = this.#around;
    const answer = this.#explained.then(() => explainInWorker({ question, baseDirectory, roots }));
    this.#explained = answer.catch(() => {});
    return answer;
  }

  #showJobs(): StatementResult {
    const rows = this.#around.fleet.list().map((job) => {
      const { id, state, startedAt } = job.summary();
      return [id, job.definition.plan.name, state, startedAt === null ? null : new Date(startedAt).toISOString()];
    });
    return { kind: 'rows', columns: ['job id', 'job name', 'status', 'start time'], rows };
  }
}
