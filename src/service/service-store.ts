import path from 'node:path';
import type { Catalog, CatalogTable, CatalogView } from '../compiler/catalog.ts';
import { EngineError } from '../core/engine-error.ts';
import type { ErrorCode } from '../core/error-codes.ts';
import { checkPlan } from '../plan/plan-json.ts';
import type { JobDefinition } from './job-definition.ts';
import { Journal } from './journal.ts';
import type { JobState } from './service-api.ts';

/**
 * Entries of the journal. One line has all changes of one request, so that they are atomic.
 */
export type Change =
  | { readonly kind: 'catalog'; readonly tables: readonly CatalogTable[]; readonly views: readonly CatalogView[] }
  /** A job that should run. */
  | { readonly kind: 'job'; readonly definition: JobDefinition }
  | { readonly kind: 'job-ended'; readonly id: string; readonly end: JobEnd }
  | { readonly kind: 'job-removed'; readonly id: string }
  /**
   * A pattern's job that a user stopped. The job remains stopped while it has this plan. Null: the
   * job may run again.
   */
  | { readonly kind: 'pattern-stopped'; readonly job: string; readonly plan: string | null }
  /** The text of a pattern that passed its golden test. */
  | { readonly kind: 'pattern-passed'; readonly pattern: string; readonly stamp: string }
  | { readonly kind: 'demo-started'; readonly pattern: string; readonly at: number };

export interface JobEnd {
  readonly state: JobState;
  readonly at: number;
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
  /** Earlier failures, oldest first; absent in journals of older versions. */
  readonly failures?: readonly { readonly at: number; readonly code: ErrorCode; readonly message: string }[];
}

export interface StoredJob {
  readonly definition: JobDefinition;
  /** Null: the job should run. */
  readonly end: JobEnd | null;
}

type Line = readonly Change[];

/** The catalogue, the jobs and their target states. Changes are durable before `record` returns. */
export class ServiceStore {
  catalog: Catalog = { tables: new Map(), views: new Map() };
  readonly jobs = new Map<string, StoredJob>();
  readonly stoppedPatternJobs = new Map<string, string>();
  readonly passedPatterns = new Map<string, string>();
  readonly demoStarts = new Map<string, number>();
  /** Called after each change. */
  onChange: () => void = () => {};
  readonly #journal: Journal<Line>;

  constructor(directory: string) {
    const { journal, entries } = Journal.open<Line>(path.join(directory, 'journal.jsonl'), (lines) => {
      for (const change of lines.flat()) this.#apply(checked(change));
      return lines.length === 0 ? [] : [this.all()];
    });
    this.#journal = journal;
    void entries;
  }

  record(...changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#journal.append(changes);
    for (const change of changes) this.#apply(change);
    this.onChange();
  }

  #apply(change: Change): void {
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
    }
  }

  /** Returns the shortest journal with the same content. */
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
    ];
  }

  close(): void {
    this.#journal.close();
  }
}

/**
 * Checks a stored change, which an older version may have written. Refuses a plan that cannot be
 * read.
 */
function checked(change: Change): Change {
  if (change.kind !== 'job') return change;
  const { definition } = change;
  try {
    return { ...change, definition: { ...definition, plan: checkPlan(definition.plan) } };
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    const message = `the job ${definition.id} in the journal cannot be read: ${cause.message}`;
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
