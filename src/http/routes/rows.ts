import type { FastifyInstance } from 'fastify';
import type { RecentRow } from '../../service/service-api.ts';
import type { RouteContext } from '../route-context.ts';
import { COMMON_FAILURES } from '../schemas/failure.ts';
import { ROW_LIST, ROW_QUERY } from '../schemas/row.ts';
import { spliced } from '../spliced-json.ts';

const ROWS_DEFAULT = 200;

export function rowRoutes(app: FastifyInstance, { service }: RouteContext): void {
  app.get<{ Querystring: { after?: string; limit?: string } }>(
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
      const rows = service.recentRows();
      const after = Number(query.after ?? -1);
      const wanted = rows.filter((row) => row.sequence > after).slice(-Number(query.limit ?? ROWS_DEFAULT));
      const latest = rows.at(-1)?.sequence ?? 0;
      return reply
        .type('application/json; charset=utf-8')
        .send(`{"latest":${latest},"rows":[${wanted.map(rowText).join(',')}]}`);
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
