/** If a token is set, a request without the token gets only `status`. */
export const HEALTH = {
  type: 'object',
  required: ['status'],
  properties: {
    status: { type: 'string', enum: ['ok', 'degraded'] },
    version: { type: 'string' },
    uptimeMs: { type: 'number' },
    jobs: { type: 'object', additionalProperties: { type: 'integer' }, description: 'number of jobs in each state' },
    memory: {
      type: 'object',
      required: ['rssBytes', 'budgetBytes'],
      properties: { rssBytes: { type: 'integer' }, budgetBytes: { type: 'integer' } },
    },
    brokenPatterns: { type: 'array', items: { type: 'string' } },
    problems: {
      type: 'array',
      items: { type: 'string' },
      description: 'why the service is not well, apart from its jobs and patterns',
    },
  },
} as const;
