import type { FastifyInstance } from 'fastify';
import { EngineError } from '../../core/engine-error.ts';
import type { RouteContext } from '../route-context.ts';
import { STATEMENT_FAILURES } from '../schemas/failure.ts';
import { SUBMISSION, SUBMISSIONS, SUBMIT_RESULT } from '../schemas/statement.ts';

interface Submission {
  readonly sql: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Adds the route for SQL. Submissions take effect one after the other, so more of them than a bound
 * would only hold their texts in memory.
 */
export function statementRoutes(app: FastifyInstance, { service, limits }: RouteContext): void {
  let submissions = 0;
  const checkRoom = (): void => {
    if (submissions < limits.submissions) return;
    throw new EngineError('HTTP_BUSY', `${submissions} submissions are in progress; no more are accepted`);
  };
  app.post<{ Body: Submission }>(
    '/v1/statements',
    {
      config: { checkRoom },
      onRequest: async () => checkRoom(),
      schema: {
        tags: ['statements'],
        summary: 'Submit SQL',
        description: 'The whole text is checked first; it takes effect whole or not at all.',
        body: SUBMISSION,
        response: { 200: SUBMIT_RESULT, ...STATEMENT_FAILURES },
      },
    },
    async ({ body }) => {
      checkRoom();
      submissions++;
      try {
        return await service.submit(body.sql, body.settings === undefined ? {} : { settings: body.settings });
      } finally {
        submissions--;
      }
    },
  );
  app.get(
    '/v1/submissions',
    {
      schema: {
        tags: ['statements'],
        summary: 'The last submissions that changed something',
        description: 'The last 1,000, oldest first. They survive a restart of the service.',
        response: { 200: SUBMISSIONS },
      },
    },
    async () => ({ submissions: service.submissions() }),
  );
}
