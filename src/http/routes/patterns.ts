import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../route-context.ts';
import { COMMON_FAILURES } from '../schemas/failure.ts';
import { PATTERN_LIST } from '../schemas/pattern.ts';

export function patternRoutes(app: FastifyInstance, { service }: RouteContext): void {
  app.get(
    '/v1/patterns',
    {
      schema: {
        tags: ['patterns'],
        summary: 'The pattern files, whether they run, and what is wrong with those that do not',
        response: { 200: PATTERN_LIST, ...COMMON_FAILURES },
      },
    },
    async () => ({ patterns: service.patterns() }),
  );
}
