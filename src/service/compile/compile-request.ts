import type { CatalogTable, CatalogView } from '../../compiler/catalog.ts';
import type { CompileResult } from '../../compiler/compile-result.ts';
import type { ErrorCode } from '../../core/error-codes.ts';
import type { CompiledPattern } from '../patterns/compile-pattern.ts';
import type { Submission, SubmissionLimits } from '../submission.ts';

/** Messages between the service's thread and a compile thread: plain data. */
export interface CatalogDifference {
  readonly tables: readonly CatalogTable[];
  readonly views: readonly CatalogView[];
  /** The names of all tables and views afterwards, in their order. */
  readonly tableNames: readonly string[];
  readonly viewNames: readonly string[];
}

export interface SubmissionRequest {
  readonly kind: 'submission';
  readonly sql: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly limits: Omit<SubmissionLimits, 'catalog'>;
  /** The difference to the catalogue of the last request to this thread; null: no difference. */
  readonly catalog: CatalogDifference | null;
}

export interface PatternRequest {
  readonly kind: 'pattern';
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly serviceSettings: Readonly<Record<string, string>>;
  readonly defaultSettings: Readonly<Record<string, string>>;
}

export type CompileRequest = SubmissionRequest | PatternRequest;

export interface SubmissionReply extends Omit<Submission, 'result'> {
  readonly kind: 'submission';
  readonly result: Pick<CompileResult, 'statements' | 'settings'>;
  /** The effect of the text on the catalogue; null: none. */
  readonly catalog: CatalogDifference | null;
}

export type CompileReply =
  /** The thread has loaded the compiler. */
  | { readonly kind: 'ready' }
  | SubmissionReply
  | { readonly kind: 'pattern'; readonly compiled: CompiledPattern }
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    }
  /** The compiler failed. */
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };
