import type { FastifyInstance } from 'fastify';
import { EngineError } from '../../core/engine-error.ts';
import { Follower } from '../follower.ts';
import { jobOf } from '../job-id.ts';
import type { RouteContext } from '../route-context.ts';
import { JOB_FAILURES } from '../schemas/failure.ts';
import { JOB_PATH } from '../schemas/job.ts';
import { SendQueues } from '../send-queues.ts';

/**
 * Adds the route for the output rows of a job as server-sent events. `follower.ts` describes the
 * events.
 */
export function resultRoutes(app: FastifyInstance, { service, limits, log, clock }: RouteContext): void {
  const sendQueues = new SendQueues(clock);
  const followers = new Map<string, number>();
  const open = new Set<Follower>();
  app.addHook('preClose', async () => {
    for (const follower of open) follower.end();
  });

  app.get<{ Params: { id: string } }>(
    '/v1/jobs/:id/results',
    {
      schema: {
        tags: ['results'],
        summary: 'Output rows of a job as they come',
        description:
          'Server-sent events: `columns` before the first row of a sink, `row` for each row, `end` with the last state of the job, `cut` before a client that does not keep up is cut off. Comments are heartbeats.',
        produces: ['text/event-stream'],
        params: JOB_PATH,
        response: {
          200: { type: 'string', description: 'the events' },
          ...JOB_FAILURES,
          429: { ...JOB_FAILURES[404], description: 'The job has too many followers.' },
        },
      },
    },
    async ({ params }, reply) => {
      const { id } = jobOf(service, params.id);
      const present = followers.get(id) ?? 0;
      if (present >= limits.followersPerJob) {
        throw new EngineError('HTTP_TOO_MANY', `job ${id} has ${present} followers; no more are served`, { job: id });
      }
      followers.set(id, present + 1);
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
      const follower = new Follower(raw, limits, sendQueues);
      open.add(follower);
      raw.once('close', () => {
        open.delete(follower);
        const left = followers.get(id)! - 1;
        if (left === 0) followers.delete(id);
        else followers.set(id, left);
        log.debug({ job: id, rows: follower.rowsSent }, 'follower left');
      });
      follower.follow((listener) => service.follow(id, listener));
    },
  );
}
