import { DIAGNOSTIC } from './failure.ts';

export const SUBMISSION = {
  type: 'object',
  required: ['sql'],
  additionalProperties: false,
  properties: {
    sql: {
      type: 'string',
      minLength: 1,
      description: 'One or more statements, separated by semicolons.',
      examples: ['SHOW TABLES'],
    },
    settings: {
      type: 'object',
      description: 'Settings as SET gives them; they hold for this text.',
      maxProperties: 100,
      additionalProperties: { type: 'string', maxLength: 4096 },
    },
  },
} as const;

/** One form for all kinds of statement: `kind` determines the other fields. */
const STATEMENT_RESULT = {
  type: 'object',
  required: ['kind'],
  additionalProperties: false,
  properties: {
    kind: { type: 'string', enum: ['job', 'rows', 'explanation', 'definition', 'set'] },
    id: { type: 'string', description: 'job: its id' },
    origin: { type: 'string', enum: ['insert', 'statement-set', 'select'], description: 'job: what started it' },
    columns: { type: 'array', items: { type: 'string' }, description: 'rows: names of the columns' },
    rows: { type: 'array', items: { type: 'array', items: {} }, description: 'rows: values in the order of columns' },
    explanation: { type: 'object', description: 'explanation: the answer to EXPLAIN MATCH; see docs/why-not.md' },
    action: { type: 'string', enum: ['create', 'drop'], description: 'definition: what was done' },
    object: { type: 'string', enum: ['table', 'view'], description: 'definition: to what' },
    name: { type: 'string', description: 'definition: its name' },
    key: { type: 'string', nullable: true, description: 'set: the key; null for a SET without one' },
  },
} as const;

export const SUBMIT_RESULT = {
  type: 'object',
  description: 'One result per statement, in the order of the text.',
  required: ['statements', 'warnings'],
  additionalProperties: false,
  properties: {
    statements: { type: 'array', items: STATEMENT_RESULT },
    warnings: { type: 'array', items: DIAGNOSTIC },
  },
} as const;

export const SUBMISSIONS = {
  type: 'object',
  required: ['submissions'],
  properties: {
    submissions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['number', 'at', 'statements'],
        properties: {
          number: { type: 'integer', description: 'counts up from 1' },
          at: { type: 'number', description: 'milliseconds since 1970-01-01 UTC' },
          statements: {
            type: 'array',
            items: { type: 'string' },
            description: 'what each statement did; never its text, which may contain passwords',
            examples: [['create table t', 'job x']],
          },
        },
      },
    },
  },
} as const;
