import { createHash } from 'node:crypto';
import { planHash } from '../plan/fingerprint.ts';
import type { Plan } from '../plan/plan.ts';
import type { JobSpec } from './worker/messages.ts';

/**
 * The stored definition of a job. The service can restart the job from it after the process was
 * killed.
 */
export interface JobDefinition {
  readonly id: string;
  /** `http`, or the name of the pattern. */
  readonly origin: string;
  readonly plan: Plan;
  /** The settings that were in force when the job was submitted. */
  readonly settings: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly baseDirectory: string;
  readonly roots: readonly string[] | null;
  /** A SELECT over HTTP. It has no checkpoints and ends when no client reads its results. */
  readonly preview: boolean;
  readonly demo: JobSpec['demo'];
}

/** The file name in messages about SQL over HTTP. */
export const STATEMENT_FILE = 'statement';

export const JOB_ID = /^[A-Za-z0-9_.-]{1,128}$/;

/** Converts a name to a valid job id and directory name. Different names stay different. */
export function jobId(name: string): string {
  if (JOB_ID.test(name) && !/^\.+$/.test(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 110)}-${hash}`;
}

export const samePlan = (a: Plan, b: Plan): boolean => planHash(a) === planHash(b);
