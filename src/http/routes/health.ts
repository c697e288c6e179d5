import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../route-context.ts';
import { HEALTH } from '../schemas/health.ts';

/** Adds the health route. Probes need no token. Only requests with the token get the details. */
export function healthRoutes(app: FastifyInstance, { service }: RouteContext): void {
  app.get(
    '/health',
    {
      config: { open: true, reserved: true },
      schema: {
        tags: ['service'],
        summary: 'Whether the service is well',
        description:
          'Always status 200 while the service answers: `degraded` means that a job has failed or a pattern is broken. Where a token is set, only `status` is told without it.',
        response: { 200: HEALTH },
      },
    },
    async ({ trusted }) => {
      const health = service.health();
      return trusted ? health : { status: health.status };
    },
  );
}
