import type { Session } from '../session.ts';
import type { Relation } from './relation.ts';

/**
 * Shared by the queries of one job: relations of tables and views, so that each table is read once.
 */
export interface JobContext {
  readonly session: Session;
  readonly tables: Map<string, Relation>;
  readonly views: Map<string, Relation | null>;
  /** Views being expanded, outermost first: against endless or very deep definitions. */
  readonly expanding: string[];
}

export const newJob = (session: Session): JobContext => ({
  session,
  tables: new Map(),
  views: new Map(),
  expanding: [],
});
