import { RELOAD } from './reload.ts';

const count = { type: 'integer', minimum: 0 } as const;
const moment = { type: 'number', nullable: true, description: 'milliseconds since 1970-01-01 UTC' } as const;
const FAILURE_CAUSE = {
  type: 'object',
  required: ['code', 'message'],
  properties: { code: { type: 'string' }, message: { type: 'string' }, at: { type: 'number' } },
} as const;

const CHECKPOINTS = {
  type: 'object',
  nullable: true,
  description: 'null where the job takes none',
  properties: {
    completed: count,
    failed: count,
    lastEpoch: { type: 'integer' },
    lastDurationMs: { type: 'number', description: 'from the barrier to the durable manifest' },
    lastPauseMs: { type: 'number', description: 'time that processing stood still' },
    lastSizeBytes: count,
    lastNewBytes: count,
    lastCompletedAt: { type: 'number' },
    scrubbed: { ...count, description: 'read back, to find what was damaged' },
    damaged: { ...count, description: 'found damaged by that' },
  },
} as const;

const SUMMARY = {
  id: { type: 'string', examples: ['alerts.failed_logins'] },
  state: {
    type: 'string',
    enum: ['CREATED', 'RUNNING', 'RESTARTING', 'SUSPENDED', 'FINISHED', 'CANCELED', 'FAILED'],
  },
  origin: { type: 'string', description: '`http`, or the name of the pattern' },
  createdAt: moment,
  startedAt: moment,
  endedAt: moment,
  restarts: count,
  rowsIn: count,
  rowsOut: count,
  lateRows: count,
  malformedRows: count,
  watermark: moment,
  stateBytes: count,
  failure: { ...FAILURE_CAUSE, nullable: true },
} as const;

export const JOB_SUMMARY = {
  type: 'object',
  required: Object.keys(SUMMARY),
  properties: SUMMARY,
} as const;

const LISTED = { ...SUMMARY, checkpoints: CHECKPOINTS } as const;

export const JOB_LIST = {
  type: 'object',
  required: ['now', 'jobs'],
  additionalProperties: false,
  properties: {
    now: { type: 'number', description: 'time of the service, milliseconds since 1970-01-01 UTC' },
    jobs: { type: 'array', items: { type: 'object', required: Object.keys(LISTED), properties: LISTED } },
  },
} as const;

export const JOB_DETAIL = {
  type: 'object',
  required: [...Object.keys(SUMMARY), 'plan', 'explain', 'metrics', 'failures', 'reload', 'reloads'],
  properties: {
    ...SUMMARY,
    plan: { type: 'object', additionalProperties: true, description: 'the plan as it is stored in checkpoints' },
    explain: { type: 'string', description: 'the plan as EXPLAIN prints it' },
    metrics: {
      type: 'object',
      nullable: true,
      additionalProperties: true,
      properties: {
        checkpoints: CHECKPOINTS,
        operators: { type: 'array', items: { type: 'object', additionalProperties: true } },
      },
    },
    failures: { type: 'array', items: FAILURE_CAUSE, description: 'the last 20, oldest first' },
    reload: {
      ...RELOAD,
      nullable: true,
      description: 'the last time that it went on with a changed query; null: never',
    },
    reloads: { type: 'array', items: RELOAD, description: 'the last 10 of them, oldest first' },
  },
} as const;

export const JOB_LOG = {
  type: 'object',
  required: ['entries', 'dropped'],
  properties: {
    entries: {
      type: 'array',
      items: {
        type: 'object',
        required: ['at', 'level', 'message'],
        properties: {
          at: { type: 'number', description: 'milliseconds since 1970-01-01 UTC' },
          level: { type: 'string', enum: ['info', 'warn', 'error'] },
          message: { type: 'string' },
        },
      },
    },
    dropped: { ...count, description: 'earlier messages that are no longer kept' },
  },
} as const;

export const JOB_PATH = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', minLength: 1, maxLength: 300 } },
} as const;
