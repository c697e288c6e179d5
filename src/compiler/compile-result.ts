import type { Field } from '../core/data-type.ts';
import type { Diagnostic, SourceSpan } from '../core/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import type { Catalog, ConnectorCatalog } from './catalog.ts';

/** The entry of the compiler is `compile(text, options)` in `compile.ts`. */
export interface CompileOptions {
  /** Base name of the file without extension, for job names; `statement` over HTTP. */
  readonly fileName: string;
  readonly catalog: Catalog;
  readonly connectors: ConnectorCatalog;
  /**
   * Settings from configuration and flags. SET in the text changes them for the rest of the text; a
   * flag overrides SET.
   */
  readonly settings: Readonly<Record<string, string>>;
  /** Keys that came from flags: SET in the text does not override them. */
  readonly fixedSettings?: ReadonlySet<string>;
}

export interface CompileResult {
  /** All mistakes and warnings of the text. If one is an error, nothing may run. */
  readonly diagnostics: readonly Diagnostic[];
  /** In the order of the text. */
  readonly statements: readonly CompiledStatement[];
  /** The catalogue after the text. */
  readonly catalog: Catalog;
  readonly settings: Readonly<Record<string, string>>;
  /** The spans of secrets in the text. `maskSecrets` hides them where the text is shown. */
  readonly secrets: readonly SourceSpan[];
  /** Each use of something that Flink SQL lacks. */
  readonly extensions: readonly Extension[];
}

/** Something in a text that Flink SQL lacks. */
export interface Extension {
  readonly what: string;
  readonly span: SourceSpan;
  /** How to write it in Flink SQL, if that is possible. */
  readonly portable?: string;
}

export interface MatchQuestion {
  readonly plan: Plan;
  /** The name in the statement. */
  readonly name: string;
  /** The key's values as text, by column; null: NULL. */
  readonly key: readonly { readonly column: string; readonly value: string | null }[];
  /** First and last time of the requested attempts, milliseconds; null: all. */
  readonly between: readonly [number, number] | null;
}

export type CompiledStatement =
  /**
   * A job: an INSERT, a statement set, or a bare SELECT (sink table `result`, connector `collect`).
   */
  | {
      readonly kind: 'job';
      readonly origin: 'insert' | 'statement-set' | 'select';
      readonly plan: Plan;
      readonly span: SourceSpan;
    }
  /** EXPLAIN, SHOW, DESCRIBE. The compiler answers them. */
  | {
      readonly kind: 'rows';
      readonly fields: readonly Field[];
      readonly rows: readonly (readonly unknown[])[];
      readonly span: SourceSpan;
    }
  /**
   * EXPLAIN MATCH. `plan` ends with the pattern over the rows of one key. A run of this plan with
   * an observer gives the answer.
   */
  | ({ readonly kind: 'explain-match'; readonly span: SourceSpan } & MatchQuestion)
  /** CREATE, DROP: the change in the catalogue. */
  | {
      readonly kind: 'definition';
      readonly action: 'create' | 'drop';
      readonly object: 'table' | 'view';
      readonly name: string;
      readonly span: SourceSpan;
    }
  | { readonly kind: 'set'; readonly key: string | null; readonly value: string | null; readonly span: SourceSpan }
  /** SHOW JOBS, STOP JOB. The service answers them. */
  | {
      readonly kind: 'service';
      readonly action: 'show-jobs' | 'stop-job';
      readonly job: string | null;
      /** STOP JOB … WITH SAVEPOINT, WITH DRAIN. */
      readonly savepoint?: boolean;
      readonly drain?: boolean;
      readonly span: SourceSpan;
    };

/** A statement that runs as a job. */
export type JobStatement = Extract<CompiledStatement, { kind: 'job' }>;
