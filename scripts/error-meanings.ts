import type { ErrorCode } from '../src/core/error-codes.ts';

/** For every code: what happened, and what to do. docs/errors.md shows both. */
export const ERROR_MEANINGS: Readonly<Record<ErrorCode, readonly [meaning: string, remedy: string]>> = {
  SQL_SYNTAX: [
    'The text is not a statement of the language.',
    'The caret shows where; the message says what was expected there.',
  ],
  SQL_LIMIT: [
    'The text, an expression or a nesting is larger than what is taken.',
    'The limits are in grammar/README.md; cut the statement up, for example by views.',
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
    'There is no function of that name, or not with so many arguments.',
    '`SHOW FUNCTIONS` lists them.',
  ],
  SQL_UNKNOWN_VARIABLE: [
    'MEASURES, DEFINE or AFTER MATCH names a variable that PATTERN lacks.',
    'Names of variables are case-sensitive.',
  ],
  SQL_AMBIGUOUS_COLUMN: ['Several inputs have a column of that name.', 'Put the name of the input before it.'],
  SQL_DUPLICATE_NAME: [
    'A table, view, column or alias has a name that is taken.',
    'Choose another one, or `IF NOT EXISTS`.',
  ],
  SQL_TYPE_MISMATCH: ['The types do not fit together.', 'Write the conversion with CAST or TRY_CAST.'],
  SQL_INVALID_ARGUMENT: ['An argument of a function has a value or form that it does not take.', 'See the message.'],
  SQL_INVALID_LITERAL: [
    'A constant is not a value of its type, such as a date with 31 days in June.',
    'Correct the constant.',
  ],
  SQL_INVALID_TYPE: ['A data type is written wrongly or beyond its limits.', 'The types are in grammar/README.md.'],
  SQL_INVALID_AGGREGATION: [
    'An aggregate stands where there is none, or a column is neither grouped nor aggregated.',
    'Add the column to GROUP BY, or aggregate it.',
  ],
  SQL_INVALID_WINDOW: [
    'A window has arguments that make no window.',
    'See the message: often the size is no multiple of the slide, or the column is no time attribute.',
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
    'The columns of the query do not fit those of the table it is inserted into.',
    'Number and types must fit, in order.',
  ],
  SQL_UPDATES_NOT_ACCEPTED: [
    'The query takes rows back, and the sink takes only new rows.',
    'Group by a window, or choose a sink that takes updates.',
  ],
  SQL_NOT_SUPPORTED: ['Flink SQL has this; Sequitur does not.', 'The message names it. Nothing is read and ignored.'],
  SQL_NOT_PORTABLE: [
    "The text uses what Flink lacks, and `'sequitur.sql.level' = 'portable'` is set.",
    'Rewrite it, or use the level `extended`.',
  ],
  SQL_LITERAL_SECRET: [
    'A warning: a password or another secret stands in the text of a table.',
    'Write a reference to a variable or a file instead. Then only the reference is stored.',
  ],
  SQL_UNBOUNDED_STATE: [
    'A warning: what is kept has no bound in time.',
    'Give a pattern WITHIN, or accept that its state may grow.',
  ],
  SQL_INVALID_STATEMENT: ['A statement is complete but makes no sense.', 'See the message.'],
  SQL_IN_USE: [
    'A table or view is dropped that jobs or views need.',
    'Stop or drop those first; the message names them.',
  ],
  CONFIG_UNKNOWN_OPTION: [
    'There is no option or setting of that name.',
    'The message often names a similar one; `sequitur config` lists the settings.',
  ],
  CONFIG_INVALID_OPTION: [
    'An option has a value that it does not take, or a required one is missing.',
    'The message says what is expected.',
  ],
  CONFIG_CONTRADICTION: [
    'Settings contradict each other, or ask for more memory than there is.',
    'The message says which and why; `sequitur config` prints them all.',
  ],
  CONFIG_USAGE: ['The command line asks for what is not there.', '`sequitur help COMMAND`.'],
  CONFIG_NODE_VERSION: ['This version of Node is too old.', 'Node 22.18 or newer.'],
  CONNECTOR_PATH: [
    'A path leads outside the folders that are allowed, or is no path.',
    'Over HTTP only paths below the configured folders are taken.',
  ],
  CONNECTOR_READ: ['A source cannot be read.', 'The cause is in the message.'],
  CONNECTOR_WRITE: [
    'A sink cannot be written.',
    'The cause is in the message: often rights, a full disk, or a file where a directory is expected.',
  ],
  FORMAT_MALFORMED: [
    'A line of the input is not what its format and the columns say.',
    "Correct the data, or set `'json.ignore-parse-errors'` or `'dead-letter.path'` on the table.",
  ],
  FORMAT_VALUE: [
    'A value cannot be used where it is needed, such as NULL as event time.',
    'Filter such rows before, or correct the data.',
  ],
  EXPRESSION_FAILED: [
    'An expression failed on a row, such as a division of whole numbers by zero.',
    'Guard it with CASE, NULLIF or TRY_CAST.',
  ],
  MATCH_LIMIT: [
    'A pattern keeps or finds more than a limit allows that was set: `sequitur.match.max-partial-matches-per-key`, `max-matches-per-row` or `max-state`.',
    "Bound the pattern (WITHIN, a stricter condition), raise the limit, or let it drop with `sequitur.match.on-limit` = 'drop-new' or 'drop-oldest'.",
  ],
  MATCH_SKIP: [
    'AFTER MATCH SKIP TO a variable leads nowhere or to the first row of the match.',
    'Skip to a variable that every match has, and not to its first row.',
  ],
  STATE_STORE: [
    'The state store cannot be opened, read or written.',
    'The cause is in the message: often the disk, or `libatomic1` is missing.',
  ],
  STATE_FORMAT: [
    'Stored state is not what this version writes.',
    'Restore an older checkpoint, or start over with `--fresh`.',
  ],
  STATE_DISK: [
    'The disk that the state lies on is nearly full: less is free than `state.disk.low-water-mark`.',
    'Free some space and start the job again, it goes on from its checkpoint. `sequitur check` says what each operator keeps; give the job a larger disk, or the query a bound (WITHIN, a window).',
  ],
  STATE_MEMORY: [
    '`state.memory` is too small for the number of jobs.',
    'The message has the figures; raise `state.memory` or run fewer jobs.',
  ],
  CHECKPOINT_FAILED: [
    'A checkpoint could not be completed.',
    'The job goes on or fails by `execution.checkpointing.tolerable-failed-checkpoints`; output of that epoch is not lost.',
  ],
  CHECKPOINT_CORRUPT: [
    'A checkpoint is damaged, or older than output that is visible already.',
    'The message names the file. An older checkpoint is tried by itself where that is safe.',
  ],
  CHECKPOINT_INCOMPATIBLE: [
    'The query is not the one the checkpoint was made by, or the checkpoint is of a newer version.',
    "Go on with what can be kept by `--allow-non-restored-state`, start over with `--fresh`, or run the old query. With `sequitur.pattern.reload` = 'refuse': the message says what would be lost.",
  ],
  CHECKPOINT_NOT_FOUND: ['There is no such checkpoint.', 'Look into the directory `manifests` of the job.'],
  CHECKPOINT_STORE: [
    'The store of checkpoints (S3, HDFS) cannot be reached, or refuses, after several attempts.',
    'The message has the object and the store’s answer. Nothing is lost; the job goes on from its newest checkpoint.',
  ],
  SAVEPOINT_EXISTS: [
    'Another savepoint of the job has that name.',
    'Take another name, or delete the other one first.',
  ],
  SAVEPOINT_IN_USE: [
    'The savepoint is being taken, or it is the newest checkpoint of its job, which the job goes on from.',
    'Delete it after the next checkpoint; or delete the job, which takes its savepoints with it.',
  ],
  JOB_LOCKED: [
    'Another process runs this job.',
    'Stop it first. The lock of a dead process does not block; one on another machine, in a remote store, runs out after 15 s.',
  ],
  JOB_FAILED: ['A job failed for a reason that has no code of its own.', 'Report it; `SEQUITUR_DEBUG=1` shows where.'],
  JOB_EXISTS: ['The name of a job is taken.', "Set another `'pipeline.name'`."],
  JOB_LIMIT: ['No more jobs can run.', 'Stop some first.'],
  JOB_NOT_RUNNING: ['The job has ended, or waits for its next start.', 'Start it, or ask again when it runs.'],
  JOB_NOT_FOUND: ['There is no such job.', '`SHOW JOBS` lists them.'],
  SERVICE_UNREACHABLE: [
    'A command asked a service that does not answer there.',
    'Start `sequitur serve`, or give the address that it printed with `--url`.',
  ],
  HTTP_FORBIDDEN: [
    'The request comes from a page of another origin, or names another host.',
    'Use the address that the service prints.',
  ],
  HTTP_UNAUTHORIZED: ['The token is missing or wrong.', 'Send `Authorization: Bearer TOKEN`.'],
  HTTP_BAD_REQUEST: ['The request is not what the API takes.', 'See docs/http-api.md.'],
  HTTP_NOT_FOUND: ['There is nothing at that address.', 'See docs/http-api.md.'],
  HTTP_TOO_LARGE: ['The body or the headers are too large.', 'Send less at a time.'],
  HTTP_UNSUPPORTED_MEDIA_TYPE: [
    'The body has a content type that is not taken.',
    'Send JSON with `Content-Type: application/json`.',
  ],
  HTTP_TIMEOUT: ['The request did not arrive in time.', 'Try again.'],
  HTTP_INTERNAL: ['The service made a mistake.', 'The log has it under the number of the request.'],
  HTTP_TOO_MANY: ['Too many requests or followers at a time.', 'Try again later.'],
};
