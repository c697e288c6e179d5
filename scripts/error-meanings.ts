import type { ErrorCode } from '../src/core/error-codes.ts';

/** For every code: the cause, and the remedy. docs/errors.md shows both. */
export const ERROR_MEANINGS: Readonly<Record<ErrorCode, readonly [meaning: string, remedy: string]>> = {
  SQL_SYNTAX: [
    'The text is not a statement of the language.',
    'The caret shows where; the message says what was expected there.',
  ],
  SQL_LIMIT: [
    'The text, an expression or a nesting exceeds a limit.',
    'The limits are in grammar/README.md. Split the statement, for example by views.',
  ],
  SQL_UNKNOWN_TABLE: [
    'There is no table or view of that name.',
    'Names are case-sensitive. Tables must be created before they are used.',
  ],
  SQL_UNKNOWN_COLUMN: [
    'There is no column of that name.',
    'Names are case-sensitive; the message often names a similar one.',
  ],
  SQL_UNKNOWN_FUNCTION: [
    'There is no function of that name, or none with that number of arguments.',
    '`SHOW FUNCTIONS` lists them.',
  ],
  SQL_UNKNOWN_VARIABLE: [
    'MEASURES, DEFINE or AFTER MATCH names a variable that PATTERN lacks.',
    'Names of variables are case-sensitive.',
  ],
  SQL_AMBIGUOUS_COLUMN: [
    'Several inputs have a column of that name.',
    'Qualify the column with the name of its input.',
  ],
  SQL_DUPLICATE_NAME: [
    'The name of a table, view, column or alias is already in use.',
    'Choose another one, or `IF NOT EXISTS`.',
  ],
  SQL_TYPE_MISMATCH: ['The types are not compatible.', 'Write the conversion with CAST or TRY_CAST.'],
  SQL_INVALID_ARGUMENT: ['A function does not accept an argument of this value or form.', 'See the message.'],
  SQL_INVALID_LITERAL: [
    'A constant is not a value of its type, such as a date with 31 days in June.',
    'Correct the constant.',
  ],
  SQL_INVALID_TYPE: ['A data type is not valid or exceeds its limits.', 'The types are in grammar/README.md.'],
  SQL_INVALID_AGGREGATION: [
    'An aggregate is not allowed here, or a column is neither grouped nor aggregated.',
    'Add the column to GROUP BY, or aggregate it.',
  ],
  SQL_INVALID_WINDOW: [
    'The arguments of a window are not valid.',
    'See the message. Often the size is not a multiple of the slide, or the column is not a time attribute.',
  ],
  SQL_INVALID_PATTERN: [
    'MATCH_RECOGNIZE breaks a rule of the clause.',
    'See the message. Most rules are those of Flink.',
  ],
  SQL_INVALID_WATERMARK: [
    'WATERMARK names a column that cannot be event time.',
    'It must be TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p up to 3.',
  ],
  SQL_INVALID_SINK: [
    'The columns of the query do not match those of the target table.',
    'Their number, order and types must match.',
  ],
  SQL_UPDATES_NOT_ACCEPTED: [
    'The query retracts rows, and the sink accepts only new rows.',
    'Group by a window, or choose a sink that accepts updates.',
  ],
  SQL_NOT_SUPPORTED: [
    'Flink SQL has this feature; Sequitur does not.',
    'The message names it. No part of a text is ignored.',
  ],
  SQL_NOT_PORTABLE: [
    "The text uses a feature that Flink lacks, and `'sequitur.sql.level' = 'portable'` is set.",
    'Rewrite it, or use the level `extended`.',
  ],
  SQL_LITERAL_SECRET: [
    'A warning: the text of a table contains a password or another secret.',
    'Write a reference to a variable or a file instead. Then only the reference is stored.',
  ],
  SQL_UNBOUNDED_STATE: [
    'A warning: the state has no bound in time.',
    'Give a pattern WITHIN, or accept that its state may grow.',
  ],
  SQL_STANDING_TIME: [
    'A warning: a window, an absence or a time-out waits while a followed table has no new rows.',
    "Set `'sequitur.idle-advance'` on the table, or accept that the result comes with a later row.",
  ],
  SQL_INVALID_STATEMENT: ['A statement is complete but makes no sense.', 'See the message.'],
  SQL_IN_USE: [
    'Jobs or views use the table or view that is dropped.',
    'Stop or drop them first; the message names them.',
  ],
  CONFIG_UNKNOWN_OPTION: [
    'There is no option or setting of that name.',
    'The message often names a similar one; `sequitur config` lists the settings.',
  ],
  CONFIG_INVALID_OPTION: [
    'The value of an option is not valid, or a required option is missing.',
    'The message says what is expected.',
  ],
  CONFIG_CONTRADICTION: [
    'Settings contradict each other, or require more memory than there is.',
    'The message says which and why; `sequitur config` prints them all.',
  ],
  CONFIG_USAGE: ['The command line is not valid.', '`sequitur help COMMAND`.'],
  CONFIG_PROCESS_LIMIT: [
    'The operating system limits the process below what it needs: file descriptors or memory.',
    'The message names the limit and the value that is needed. Raise it with `ulimit`, or in the container.',
  ],
  CONFIG_NODE_VERSION: ['This version of Node is too old.', 'Node 22.18 or newer.'],
  CONNECTOR_PATH: [
    'A path leads outside the allowed folders, or is not a valid path.',
    'SQL over HTTP may only use paths below the configured folders.',
  ],
  CONNECTOR_READ: ['A source cannot be read.', 'The message has the cause.'],
  CONNECTOR_WRITE: [
    'A sink cannot be written.',
    'The message has the cause: often permissions, a full disk, or a file where a directory is expected.',
  ],
  FORMAT_MALFORMED: [
    'A record of the input does not match its format or the columns.',
    "Correct the data, or set `'json.ignore-parse-errors'` or `'dead-letter.path'` on the table.",
  ],
  FORMAT_VALUE: [
    'A value cannot be used in its place, such as NULL as event time.',
    'Filter such rows out, or correct the data.',
  ],
  EXPRESSION_TOO_LARGE: [
    'A function or a cast would make a text, an array or bytes beyond the limit of one value.',
    'The message names the function. Make shorter values, or filter such rows out.',
  ],
  EXPRESSION_FAILED: [
    'An expression failed on a row, such as an integer division by zero.',
    'Guard it with CASE, NULLIF or TRY_CAST.',
  ],
  MATCH_LIMIT: [
    'A pattern exceeds a limit that was set: `sequitur.match.max-partial-matches-per-key`, `max-matches-per-row` or `max-state`.',
    "Bound the pattern (WITHIN, a stricter condition), raise the limit, or let it drop with `sequitur.match.on-limit` = 'drop-new' or 'drop-oldest'.",
  ],
  MATCH_SKIP: [
    'The variable of AFTER MATCH SKIP TO has no row, or has the first row of the match.',
    'Skip to a variable that has a row in every match, and not the first one.',
  ],
  STATE_STORE: [
    'The state store cannot be opened, read or written.',
    'The message has the cause: often the disk, or `libatomic1` is missing.',
  ],
  STATE_FORMAT: [
    'This version cannot read the stored state.',
    'Restore an older checkpoint, or start over with `--fresh`.',
  ],
  STATE_DISK: [
    'The disk of the state has less free space than `state.disk.low-water-mark`.',
    'Free some space and restart the job; it continues from its checkpoint. `sequitur check` prints what each operator keeps. Give the job a larger disk, or the query a bound (WITHIN, a window).',
  ],
  STATE_ENTRY_TOO_LARGE: [
    'The state of one key needs more memory than `state.memory` allows. All of it must be in memory while a row of the key is processed.',
    'The message has the operator, the key and the figures. Bound the pattern (`WITHIN`, fewer or smaller columns in MEASURES and DEFINE), or raise `state.memory`.',
  ],
  STATE_MEMORY: [
    '`state.memory` is too small for the number of jobs.',
    'The message has the figures; raise `state.memory` or run fewer jobs.',
  ],
  CHECKPOINT_FAILED: [
    'A checkpoint could not be completed.',
    '`execution.checkpointing.tolerable-failed-checkpoints` decides whether the job continues or fails. Its output is not lost.',
  ],
  CHECKPOINT_CORRUPT: [
    'A checkpoint is damaged, or older than output that is already visible.',
    'The message names the file. The job tries an older checkpoint if that is safe.',
  ],
  CHECKPOINT_INCOMPATIBLE: [
    'The checkpoint belongs to another query or to a newer version.',
    "Keep the state that can be kept with `--allow-non-restored-state`, start over with `--fresh`, or run the old query. With `sequitur.pattern.reload` = 'refuse', the message says what would be lost.",
  ],
  CHECKPOINT_NOT_FOUND: ['There is no such checkpoint.', 'The directory `manifests` of the job lists its checkpoints.'],
  CHECKPOINT_STORE: [
    'The checkpoint store (S3, HDFS) is unreachable or refuses requests, after several attempts.',
    'The message has the object and the reply of the store. Nothing is lost; the job continues from its newest checkpoint.',
  ],
  SAVEPOINT_EXISTS: [
    'Another savepoint of the job has that name.',
    'Take another name, or delete the other one first.',
  ],
  SAVEPOINT_IN_USE: [
    'The savepoint is being taken, or it is the newest checkpoint of its job.',
    'Delete it after the next checkpoint, or delete the job with its savepoints.',
  ],
  JOB_LOCKED: [
    'Another process runs this job.',
    'Stop that process first. The lock of a dead process does not block. In a remote store, the lock of another machine expires after 15 s.',
  ],
  JOB_FAILED: ['A job failed for a reason without its own code.', 'Report it; `SEQUITUR_DEBUG=1` shows where.'],
  JOB_EXISTS: ['The name of a job is already in use.', "Set another `'pipeline.name'`."],
  JOB_LIMIT: ['No more jobs can run.', 'Stop some first.'],
  JOB_NOT_RUNNING: ['The job has ended, or waits for its restart.', 'Start it, or try again when it runs.'],
  JOB_NOT_FOUND: ['There is no such job.', '`SHOW JOBS` lists them.'],
  SERVICE_UNREACHABLE: [
    'A command sent a request to a service that does not answer.',
    'Start `sequitur serve`, or pass the address that it printed with `--url`.',
  ],
  HTTP_FORBIDDEN: [
    'The request comes from a page of another origin, or names another host.',
    'Use the address that the service prints.',
  ],
  HTTP_UNAUTHORIZED: ['The token is missing or wrong.', 'Send `Authorization: Bearer TOKEN`.'],
  HTTP_BAD_REQUEST: ['The request does not match the API.', 'See docs/http-api.md.'],
  HTTP_NOT_FOUND: ['There is nothing at that address.', 'See docs/http-api.md.'],
  HTTP_TOO_LARGE: ['The body or the headers are too large.', 'Send smaller requests.'],
  HTTP_UNSUPPORTED_MEDIA_TYPE: [
    'The content type of the body is not supported.',
    'Send JSON with `Content-Type: application/json`.',
  ],
  HTTP_TIMEOUT: ['The request did not arrive in time.', 'Try again.'],
  HTTP_INTERNAL: ['The service has a bug.', 'The log has the error with the number of the request.'],
  HTTP_BUSY: [
    'All connections of the service are in use, or too many large replies are on their way.',
    'Try again later. Health checks are still answered.',
  ],
  HTTP_TOO_MANY: ['Too many requests or followers at the same time.', 'Try again later.'],
};
