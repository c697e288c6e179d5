/**
 * The schemas document the API (`/openapi.json`) and validate requests; a test checks the replies.
 */
export const DIAGNOSTIC = {
  type: 'object',
  description: 'What is wrong with a SQL text, where, and how to mend it.',
  required: ['code', 'severity', 'message', 'file', 'line', 'column', 'endLine', 'endColumn'],
  additionalProperties: false,
  properties: {
    code: { type: 'string', examples: ['SQL_UNKNOWN_COLUMN'] },
    severity: { type: 'string', enum: ['error', 'warning'] },
    message: { type: 'string' },
    file: { type: 'string' },
    line: { type: 'integer', description: '1-based' },
    column: { type: 'integer', description: '1-based, in code points' },
    endLine: { type: 'integer' },
    endColumn: { type: 'integer' },
    hint: { type: 'string' },
  },
} as const;

export const FAILURE = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      additionalProperties: false,
      properties: { code: { type: 'string', examples: ['JOB_NOT_FOUND'] }, message: { type: 'string' } },
    },
    diagnostics: { type: 'array', items: DIAGNOSTIC, description: 'Where a SQL text has mistakes.' },
  },
} as const;

export const refusal = (description: string) => ({ description, ...FAILURE });

export const COMMON_FAILURES = {
  401: refusal('The token is missing or wrong.'),
  403: refusal('The Host or Origin header is foreign.'),
  503: refusal('Too many connections, submissions or unread replies; try again later.'),
} as const;

export const JOB_FAILURES = { ...COMMON_FAILURES, 404: refusal('There is no such job.') } as const;

export const STATEMENT_FAILURES = {
  ...COMMON_FAILURES,
  400: refusal('The request is malformed.'),
  413: refusal('The body is larger than 1 MB.'),
  415: refusal('The body is not JSON.'),
  422: refusal('The SQL has mistakes: nothing was changed. `diagnostics` names them all.'),
} as const;
