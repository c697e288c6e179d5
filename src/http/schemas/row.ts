export const ROW_LIST = {
  type: 'object',
  required: ['latest', 'rows'],
  additionalProperties: false,
  properties: {
    latest: { type: 'integer', description: 'the newest sequence number; smaller than before after a restart' },
    rows: {
      type: 'array',
      description: 'oldest first',
      items: {
        type: 'object',
        required: ['sequence', 'at', 'job', 'sink', 'op', 'row'],
        additionalProperties: false,
        properties: {
          sequence: { type: 'integer' },
          at: { type: 'number', description: 'milliseconds since 1970-01-01 UTC' },
          job: { type: 'string' },
          sink: { type: 'string' },
          op: { type: 'string', enum: ['+I', '-U', '+U', '-D'] },
          row: { type: 'object', additionalProperties: true },
        },
      },
    },
  },
} as const;

export const ROW_QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    after: { type: 'string', pattern: '^\\d{1,16}$', description: 'only rows with a larger sequence number' },
    limit: { type: 'string', pattern: '^[1-9]\\d{0,3}$', description: 'the newest so many; 200 by default' },
    perSink: { type: 'string', pattern: '^[1-9]\\d{0,3}$', description: 'the newest so many of each sink of a job' },
    job: { type: 'string', minLength: 1, maxLength: 500, description: 'only rows of this job' },
    contains: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'only rows whose JSON text contains this text, in any case',
    },
    updates: { type: 'string', enum: ['true', 'false'], description: 'false: without -U and +U' },
  },
} as const;
