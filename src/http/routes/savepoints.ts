import type { FastifyInstance } from 'fastify';
import type { SavepointRequest } from '../../service/savepoint-status.ts';
import { jobOf } from '../job-id.ts';
import type { RouteContext } from '../route-context.ts';
import { JOB_FAILURES, refusal } from '../schemas/failure.ts';
import { JOB_PATH } from '../schemas/job.ts';
import { SAVEPOINT, SAVEPOINT_LIST, SAVEPOINT_PATH, SAVEPOINT_REQUEST } from '../schemas/savepoint.ts';

interface SavepointPath {
  readonly id: string;
  readonly name: string;
}

const FAILURES = { ...JOB_FAILURES, 404: refusal('There is no such job, or no such savepoint.') } as const;

export function savepointRoutes(app: FastifyInstance, { service }: RouteContext): void {
  app.post<{ Params: { id: string }; Body: SavepointRequest | null }>(
    '/v1/jobs/:id/savepoints',
    {
      schema: {
        tags: ['savepoints'],
        summary: 'Take a savepoint of a running job',
        description: 'Answers at once; look at `Location` until the state is no longer IN_PROGRESS.',
        params: JOB_PATH,
        body: SAVEPOINT_REQUEST,
        response: {
          202: SAVEPOINT,
          ...JOB_FAILURES,
          400: refusal('The request is malformed.'),
          409: refusal('The job does not run, or has a savepoint of that name.'),
        },
      },
    },
    async ({ params, body }, reply) => {
      const { id } = jobOf(service, params.id);
      const status = await service.takeSavepoint(id, body ?? {});
      const location = `/v1/jobs/${encodeURIComponent(id)}/savepoints/${encodeURIComponent(status.name)}`;
      return reply.code(202).header('location', location).send(status);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/v1/jobs/:id/savepoints',
    {
      schema: {
        tags: ['savepoints'],
        summary: 'The savepoints of a job',
        params: JOB_PATH,
        response: { 200: SAVEPOINT_LIST, ...JOB_FAILURES },
      },
    },
    async ({ params }) => ({ savepoints: await service.savepoints(jobOf(service, params.id).id) }),
  );

  app.get<{ Params: SavepointPath }>(
    '/v1/jobs/:id/savepoints/:name',
    {
      schema: {
        tags: ['savepoints'],
        summary: 'One savepoint, also while it is taken',
        params: SAVEPOINT_PATH,
        response: { 200: SAVEPOINT, ...FAILURES },
      },
    },
    async ({ params }) => service.savepoint(jobOf(service, params.id).id, params.name),
  );

  app.delete<{ Params: SavepointPath }>(
    '/v1/jobs/:id/savepoints/:name',
    {
      schema: {
        tags: ['savepoints'],
        summary: 'Delete a savepoint',
        description: "Its data goes with the job's next checkpoint, as far as no other one needs it.",
        params: SAVEPOINT_PATH,
        response: {
          204: { type: 'null', description: 'It is gone.' },
          ...FAILURES,
          409: refusal('It is being taken, or is the newest checkpoint, from which the job continues.'),
        },
      },
    },
    async ({ params }, reply) => {
      await service.deleteSavepoint(jobOf(service, params.id).id, params.name);
      return reply.code(204).send();
    },
  );
}
