/**
 * Flags that `run` and `serve` share. Each flag is a synonym of a named setting (see
 * `core/settings.ts`).
 */
export interface JobFlags {
  readonly state?: 'memory' | 'rocksdb';
  readonly stateDir?: string;
  readonly checkpointDir?: string;
  readonly checkpointInterval?: string;
  readonly batchRows?: number;
  /** A file of settings. */
  readonly config?: string;
  readonly restore?: string;
  readonly fresh?: boolean;
  readonly allowNonRestoredState?: boolean;
  readonly set: Readonly<Record<string, string>>;
}

export interface TestFlags {
  readonly update?: boolean;
  readonly watch?: boolean;
  readonly junit?: string;
  readonly matrix?: boolean;
  readonly set: Readonly<Record<string, string>>;
}

export interface ServeFlags extends JobFlags {
  readonly host: string;
  readonly port?: number;
  readonly dataDir: string;
  readonly patterns?: string;
  readonly tokenFile?: string;
  readonly allowedHost?: readonly string[];
  readonly demo?: boolean;
}
