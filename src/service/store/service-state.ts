import type { Catalog } from '../../compiler/catalog.ts';
import { EngineError } from '../../core/engine-error.ts';
import { checkPlan } from '../../plan/plan-json.ts';
import type { ReloadStatus, SubmissionRecord } from '../service-api.ts';
import type { Change, StoredJob } from './change.ts';

/** Number of reloads that are kept for a job. */
const RELOADS_KEPT = 10;
/** Number of submissions that are kept. */
export const SUBMISSIONS_KEPT = 1000;

/** What the service knows: the catalogue, the jobs and their target states, and its history. */
export class ServiceState {
  catalog: Catalog = { tables: new Map(), views: new Map() };
  readonly jobs = new Map<string, StoredJob>();
  readonly stoppedPatternJobs = new Map<string, string>();
  readonly passedPatterns = new Map<string, string>();
  readonly demoStarts = new Map<string, number>();
  /** Of each job, oldest first. */
  readonly reloads = new Map<string, readonly ReloadStatus[]>();
  /** By number, oldest first. */
  readonly submissions = new Map<number, SubmissionRecord>();

  apply(change: Change): void {
    switch (change.kind) {
      case 'catalog':
        this.catalog = catalogOf(change);
        return;
      case 'job':
        this.jobs.set(change.definition.id, { definition: change.definition, end: null });
        return;
      case 'job-ended': {
        const known = this.jobs.get(change.id);
        if (known !== undefined) this.jobs.set(change.id, { ...known, end: change.end });
        return;
      }
      case 'job-removed':
        this.jobs.delete(change.id);
        this.reloads.delete(change.id);
        return;
      case 'pattern-stopped':
        if (change.plan === null) this.stoppedPatternJobs.delete(change.job);
        else this.stoppedPatternJobs.set(change.job, change.plan);
        return;
      case 'pattern-passed':
        this.passedPatterns.set(change.pattern, change.stamp);
        return;
      case 'demo-started':
        this.demoStarts.set(change.pattern, change.at);
        return;
      case 'reloaded':
        this.reloads.set(change.job, this.reloadsWith(change.job, change.reload));
        return;
      case 'submitted':
        this.submissions.set(change.submission.number, change.submission);
        this.submissions.delete(change.submission.number - SUBMISSIONS_KEPT);
        return;
    }
  }

  /** The number of the newest submission; 0: none. */
  get lastSubmission(): number {
    return [...this.submissions.keys()].at(-1) ?? 0;
  }

  reloadsWith(job: string, reload: ReloadStatus): readonly ReloadStatus[] {
    return [...(this.reloads.get(job) ?? []), reload].slice(-RELOADS_KEPT);
  }

  /** Returns the shortest list of changes with the same content. */
  all(): readonly Change[] {
    return [
      catalogChange(this.catalog),
      ...[...this.jobs.values()].flatMap(({ definition, end }): Change[] => [
        { kind: 'job', definition },
        ...(end === null ? [] : [{ kind: 'job-ended', id: definition.id, end } as const]),
      ]),
      ...[...this.stoppedPatternJobs].map(([job, plan]): Change => ({ kind: 'pattern-stopped', job, plan })),
      ...[...this.passedPatterns].map(([pattern, stamp]): Change => ({ kind: 'pattern-passed', pattern, stamp })),
      ...[...this.demoStarts].map(([pattern, at]): Change => ({ kind: 'demo-started', pattern, at })),
      ...[...this.reloads].flatMap(([job, reloads]) =>
        reloads.map((reload): Change => ({ kind: 'reloaded', job, reload })),
      ),
      ...[...this.submissions.values()].map((submission): Change => ({ kind: 'submitted', submission })),
    ];
  }
}

/**
 * Checks a stored change, which an older version may have written. Refuses a plan that cannot be
 * read.
 */
export function checkedChange(change: Change): Change {
  if (change.kind !== 'job') return change;
  const { definition } = change;
  try {
    return { ...change, definition: { ...definition, plan: checkPlan(definition.plan) } };
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    const message = `the stored job ${definition.id} cannot be read: ${cause.message}`;
    throw new EngineError(cause.code, message, { ...cause.details, job: definition.id }, cause);
  }
}

export function catalogChange(catalog: Catalog): Change {
  return { kind: 'catalog', tables: [...catalog.tables.values()], views: [...catalog.views.values()] };
}

function catalogOf(change: Extract<Change, { kind: 'catalog' }>): Catalog {
  return {
    tables: new Map(change.tables.map((t) => [t.name, t])),
    views: new Map(change.views.map((v) => [v.name, v])),
  };
}
