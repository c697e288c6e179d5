import type { Session } from '../session.ts';
import type { Relation } from './relation.ts';

/**
 * The relations of tables and views in one job. The queries of the job share them, so that each
 * table is read once.
 */
export interface JobContext {
  readonly session: Session;
  readonly tables: Map<string, Relation>;
  readonly views: Map<string, Relation | null>;
  /**
   * The views that are being expanded, outermost first. The compiler refuses endless and very deep
   * definitions.
   */
  readonly expanding: string[];
}

export const newJob = (session: Session): JobContext => ({
  session,
  tables: new Map(),
  views: new Map(),
  expanding: [],
});
