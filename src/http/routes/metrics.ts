import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { jobMetrics } from '../job-metrics-registry.ts';
import type { RouteContext } from '../route-context.ts';
import { COMMON_FAILURES } from '../schemas/failure.ts';

export function metricsRoutes(app: FastifyInstance, { service, clock }: RouteContext): void {
  const processMetrics = new Registry();
  collectDefaultMetrics({ register: processMetrics, prefix: 'sequitur_' });
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['service'],
        summary: 'Metrics in the text format of Prometheus',
        produces: ['text/plain'],
        response: { 200: { type: 'string' }, ...COMMON_FAILURES },
      },
    },
    async (_request, reply) => {
      const jobs = await jobMetrics(service, clock.now()).metrics();
      return reply.type(processMetrics.contentType).send(`${jobs}\n${await processMetrics.metrics()}`);
    },
  );
}
