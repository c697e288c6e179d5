import type { FastifyInstance } from 'fastify';
import { jobOf } from '../job-id.ts';
import type { RouteContext } from '../route-context.ts';
import { COMMON_FAILURES, JOB_FAILURES, refusal } from '../schemas/failure.ts';
import { JOB_DETAIL, JOB_LIST, JOB_LOG, JOB_PATH, JOB_SUMMARY } from '../schemas/job.ts';
import { START_REQUEST } from '../schemas/savepoint.ts';

interface JobPath {
  readonly id: string;
}

export function jobRoutes(app: FastifyInstance, { service, clock }: RouteContext): void {
  app.get(
    '/v1/jobs',
    {
      schema: {
        tags: ['jobs'],
        summary: 'All jobs with their counts',
        response: { 200: JOB_LIST, ...COMMON_FAILURES },
      },
    },
    async () => ({
      now: clock.now(),
      jobs: service.jobs().map((job) => ({ ...job, checkpoints: service.job(job.id)?.metrics?.checkpoints ?? null })),
    }),
  );

  app.get<{ Params: JobPath }>(
    '/v1/jobs/:id',
    {
      schema: {
        tags: ['jobs'],
        summary: 'One job: state, plan, counts of each operator, checkpoints, failures',
        params: JOB_PATH,
        response: { 200: JOB_DETAIL, ...JOB_FAILURES },
      },
    },
    async ({ params }) => jobOf(service, params.id),
  );

  app.get<{ Params: JobPath }>(
    '/v1/jobs/:id/log',
    {
      schema: {
        tags: ['jobs'],
        summary: 'The latest messages about a job',
        description: 'At most 200, oldest first, since the start of the service.',
        params: JOB_PATH,
        response: { 200: JOB_LOG, ...JOB_FAILURES },
      },
    },
    async ({ params }) => service.jobLog(jobOf(service, params.id).id),
  );

  app.post<{ Params: JobPath }>(
    '/v1/jobs/:id/stop',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Stop a job after a last checkpoint',
        description: 'Answers when the job has ended. Its checkpoints stay.',
        params: JOB_PATH,
        response: { 200: JOB_SUMMARY, ...JOB_FAILURES },
      },
    },
    async ({ params }) => service.stopJob(jobOf(service, params.id).id),
  );

  app.post<{ Params: JobPath; Body: { readonly savepoint?: string } | null }>(
    '/v1/jobs/:id/start',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Start a job that has ended again',
        description:
          'From its newest checkpoint, or a savepoint. Answers when it runs, or has failed to. A job that runs is left alone, and refused where a savepoint is named.',
        params: JOB_PATH,
        body: START_REQUEST,
        response: { 200: JOB_SUMMARY, ...JOB_FAILURES, 409: refusal('A savepoint is named, and the job runs.') },
      },
    },
    async ({ params, body }) => service.startJob(jobOf(service, params.id).id, body?.savepoint),
  );

  app.delete<{ Params: JobPath }>(
    '/v1/jobs/:id',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Stop a job at once and forget it with its checkpoints and savepoints',
        params: JOB_PATH,
        response: { 204: { type: 'null', description: 'It is gone.' }, ...JOB_FAILURES },
      },
    },
    async ({ params }, reply) => {
      await service.deleteJob(jobOf(service, params.id).id);
      return reply.code(204).send();
    },
  );
}
