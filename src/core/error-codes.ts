/**
 * The table of error codes: HTTP status, exit code of the CLI, and whether a retry may help. `SQL_`
 * and `CONFIG_` are users' mistakes found before anything runs (exit 2); the others fail a job
 * (exit 1).
 */
export const ERROR_CODES = {
  SQL_SYNTAX: { http: 422, exit: 2, retryable: false },
  SQL_LIMIT: { http: 422, exit: 2, retryable: false },
  SQL_UNKNOWN_TABLE: { http: 422, exit: 2, retryable: false },
  SQL_UNKNOWN_COLUMN: { http: 422, exit: 2, retryable: false },
  SQL_UNKNOWN_FUNCTION: { http: 422, exit: 2, retryable: false },
  SQL_UNKNOWN_VARIABLE: { http: 422, exit: 2, retryable: false },
  SQL_AMBIGUOUS_COLUMN: { http: 422, exit: 2, retryable: false },
  SQL_DUPLICATE_NAME: { http: 422, exit: 2, retryable: false },
  SQL_TYPE_MISMATCH: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_ARGUMENT: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_LITERAL: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_TYPE: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_AGGREGATION: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_WINDOW: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_PATTERN: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_WATERMARK: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_SINK: { http: 422, exit: 2, retryable: false },
  SQL_UPDATES_NOT_ACCEPTED: { http: 422, exit: 2, retryable: false },
  SQL_NOT_SUPPORTED: { http: 422, exit: 2, retryable: false },
  SQL_NOT_PORTABLE: { http: 422, exit: 2, retryable: false },
  /** Only a warning: the state has no bound in time. */
  SQL_LITERAL_SECRET: { http: 422, exit: 2, retryable: false },
  SQL_UNBOUNDED_STATE: { http: 422, exit: 2, retryable: false },
  /** Only a warning: the watermark may stand still. */
  SQL_STANDING_TIME: { http: 422, exit: 2, retryable: false },
  SQL_INVALID_STATEMENT: { http: 422, exit: 2, retryable: false },
  CONFIG_UNKNOWN_OPTION: { http: 422, exit: 2, retryable: false },
  CONFIG_INVALID_OPTION: { http: 422, exit: 2, retryable: false },
  CONFIG_CONTRADICTION: { http: 422, exit: 2, retryable: false },
  CONFIG_USAGE: { http: 400, exit: 2, retryable: false },
  /** The operating system limits the process below what it needs. */
  CONFIG_PROCESS_LIMIT: { http: 500, exit: 2, retryable: false },
  CONFIG_NODE_VERSION: { http: 500, exit: 2, retryable: false },
  CONNECTOR_PATH: { http: 422, exit: 2, retryable: false },
  CONNECTOR_READ: { http: 500, exit: 1, retryable: true },
  CONNECTOR_WRITE: { http: 500, exit: 1, retryable: true },
  FORMAT_MALFORMED: { http: 500, exit: 1, retryable: false },
  FORMAT_VALUE: { http: 500, exit: 1, retryable: false },
  EXPRESSION_FAILED: { http: 500, exit: 1, retryable: false },
  /** A function would make a value that exceeds the limit of one value. */
  EXPRESSION_TOO_LARGE: { http: 500, exit: 1, retryable: false },
  /** A limit that was set for patterns is exceeded. */
  MATCH_LIMIT: { http: 500, exit: 1, retryable: false },
  MATCH_SKIP: { http: 500, exit: 1, retryable: false },
  STATE_STORE: { http: 500, exit: 1, retryable: true },
  STATE_FORMAT: { http: 500, exit: 1, retryable: false },
  /** The disk of the state is nearly full. */
  STATE_DISK: { http: 503, exit: 1, retryable: true },
  /** The state of one key needs more memory than the job can have. */
  STATE_ENTRY_TOO_LARGE: { http: 500, exit: 1, retryable: false },
  STATE_MEMORY: { http: 503, exit: 2, retryable: false },
  CHECKPOINT_FAILED: { http: 500, exit: 1, retryable: true },
  CHECKPOINT_CORRUPT: { http: 500, exit: 1, retryable: false },
  CHECKPOINT_INCOMPATIBLE: { http: 409, exit: 2, retryable: false },
  CHECKPOINT_NOT_FOUND: { http: 404, exit: 2, retryable: false },
  /** The store of checkpoints cannot be reached, or refuses. */
  CHECKPOINT_STORE: { http: 503, exit: 1, retryable: true },
  /** Another savepoint of the job has the name. */
  SAVEPOINT_EXISTS: { http: 409, exit: 2, retryable: false },
  /** The job would continue from this savepoint. */
  SAVEPOINT_IN_USE: { http: 409, exit: 2, retryable: false },
  JOB_LOCKED: { http: 409, exit: 1, retryable: true },
  JOB_FAILED: { http: 500, exit: 1, retryable: false },
  /** The name of a job is taken. */
  JOB_EXISTS: { http: 409, exit: 2, retryable: false },
  /** The job has ended, or waits for its restart. */
  JOB_NOT_RUNNING: { http: 409, exit: 1, retryable: true },
  JOB_LIMIT: { http: 503, exit: 2, retryable: false },
  /** Jobs or views use the table or view that is dropped. */
  SQL_IN_USE: { http: 409, exit: 2, retryable: false },
  JOB_NOT_FOUND: { http: 404, exit: 2, retryable: false },
  /** For the command line: no service answers at the address. */
  SERVICE_UNREACHABLE: { http: 502, exit: 1, retryable: true },
  HTTP_FORBIDDEN: { http: 403, exit: 2, retryable: false },
  HTTP_UNAUTHORIZED: { http: 401, exit: 2, retryable: false },
  HTTP_BAD_REQUEST: { http: 400, exit: 2, retryable: false },
  HTTP_NOT_FOUND: { http: 404, exit: 2, retryable: false },
  HTTP_TOO_LARGE: { http: 413, exit: 2, retryable: false },
  HTTP_UNSUPPORTED_MEDIA_TYPE: { http: 415, exit: 2, retryable: false },
  HTTP_TIMEOUT: { http: 408, exit: 2, retryable: true },
  HTTP_INTERNAL: { http: 500, exit: 1, retryable: false },
  /** All connections are in use, or the replies on their way exceed a limit. */
  HTTP_BUSY: { http: 503, exit: 1, retryable: true },
  HTTP_TOO_MANY: { http: 429, exit: 2, retryable: true },
} as const satisfies Record<string, { http: number; exit: number; retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;
