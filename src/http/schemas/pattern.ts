import { DIAGNOSTIC } from './failure.ts';
import { RELOAD } from './reload.ts';

export const PATTERN_LIST = {
  type: 'object',
  required: ['patterns'],
  additionalProperties: false,
  properties: {
    patterns: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'file', 'state', 'jobs', 'title', 'changedAt', 'diagnostics', 'problem', 'reloads'],
        properties: {
          name: { type: 'string' },
          file: { type: 'string' },
          state: { type: 'string', enum: ['running', 'finished', 'broken', 'failed', 'stopped'] },
          jobs: { type: 'array', items: { type: 'string' }, description: 'jobs of the version that runs' },
          title: { type: 'string' },
          changedAt: { type: 'number' },
          diagnostics: { type: 'array', items: DIAGNOSTIC, description: 'mistakes of the file as it is now' },
          problem: { type: 'string', nullable: true },
          reloads: {
            type: 'object',
            additionalProperties: RELOAD,
            description: 'by job: what the last change of the file has done to its state',
          },
        },
      },
    },
  },
} as const;
