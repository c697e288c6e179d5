import type { FastifyInstance } from 'fastify';
import { jobOf } from '../job-id.ts';
import type { RouteContext } from '../route-context.ts';
import { JOB_FAILURES } from '../schemas/failure.ts';
import { JOB_PATH } from '../schemas/job.ts';
import { OPEN_MATCHES, OPEN_MATCHES_QUERY } from '../schemas/open-matches.ts';

export function openMatchRoutes(app: FastifyInstance, { service }: RouteContext): void {
  app.get<{ Params: { id: string }; Querystring: { pattern?: string; key?: string | readonly string[] } }>(
    '/v1/jobs/:id/open-matches',
    {
      schema: {
        tags: ['jobs'],
        summary: 'What a pattern of a running job holds open for one key',
        description: 'Looked up between two batches of the job, which goes on meanwhile.',
        params: JOB_PATH,
        querystring: OPEN_MATCHES_QUERY,
        response: { 200: OPEN_MATCHES, ...JOB_FAILURES },
      },
    },
    async ({ params, query }) => {
      const { pattern = null, key = [] } = query;
      return service.openMatches(jobOf(service, params.id).id, { pattern, key: typeof key === 'string' ? [key] : key });
    },
  );
}
