import type { FastifyInstance } from 'fastify';
import type { RecentRow } from '../../service/service-api.ts';
import type { RouteContext } from '../route-context.ts';
import { COMMON_FAILURES } from '../schemas/failure.ts';
import { ROW_LIST, ROW_QUERY } from '../schemas/row.ts';
import { spliced } from '../spliced-json.ts';

const ROWS_DEFAULT = 200;

interface RowQuery {
  readonly after?: string;
  readonly limit?: string;
  readonly perSink?: string;
  readonly job?: string;
  readonly contains?: string;
  readonly updates?: 'true' | 'false';
}

export function rowRoutes(app: FastifyInstance, { service }: RouteContext): void {
  app.get<{ Querystring: RowQuery }>(
    '/v1/rows',
    {
      schema: {
        tags: ['results'],
        summary: 'The latest output rows of all jobs but previews',
        querystring: ROW_QUERY,
        response: { 200: ROW_LIST, ...COMMON_FAILURES },
      },
    },
    async ({ query }, reply) => {
      const { after, limit, perSink, job, contains, updates } = query;
      const { latest, rows } = service.recentRows({
        limit: Number(limit ?? ROWS_DEFAULT),
        updates: updates !== 'false',
        ...(after === undefined ? {} : { after: Number(after) }),
        ...(perSink === undefined ? {} : { perSink: Number(perSink) }),
        ...(job === undefined ? {} : { job }),
        ...(contains === undefined ? {} : { contains }),
      });
      return reply
        .type('application/json; charset=utf-8')
        .send(`{"latest":${latest},"rows":[${rows.map(rowText).join(',')}]}`);
    },
  );
}

/**
 * Returns the JSON text of a row. Does not change the text of the row's values, so that numbers
 * keep every digit.
 */
function rowText({ sequence, at, job, sink, line }: RecentRow): string {
  return spliced({ sequence, at, job, sink }, line);
}
