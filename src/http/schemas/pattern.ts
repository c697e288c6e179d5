import { DIAGNOSTIC } from './failure.ts';

export const PATTERN_LIST = {
  type: 'object',
  required: ['patterns'],
  additionalProperties: false,
  properties: {
    patterns: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'file', 'state', 'jobs', 'title', 'changedAt', 'diagnostics', 'problem'],
        properties: {
          name: { type: 'string' },
          file: { type: 'string' },
          state: { type: 'string', enum: ['running', 'finished', 'broken', 'failed', 'stopped'] },
          jobs: { type: 'array', items: { type: 'string' }, description: 'jobs of the version that runs' },
          title: { type: 'string' },
          changedAt: { type: 'number' },
          diagnostics: { type: 'array', items: DIAGNOSTIC, description: 'mistakes of the file as it is now' },
          problem: { type: 'string', nullable: true },
        },
      },
    },
  },
} as const;
