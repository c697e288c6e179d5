import type { ScopeTable } from '../typecheck/scope.ts';
import type { JobContext } from './job-context.ts';
import type { Relation } from './relation.ts';

/**
 * The context of a query: the job, its common table expressions, and the prefix of its nodes'
 * names.
 */
export interface QueryPlace {
  readonly job: JobContext;
  readonly common: ReadonlyMap<string, Relation | null>;
  readonly scope: string;
}

/** One entry of FROM: its rows and its names. */
export interface FromTable {
  readonly relation: Relation | null;
  readonly table: ScopeTable;
}
