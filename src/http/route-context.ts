import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { ServiceApi } from '../service/service-api.ts';
import type { HttpLimits } from './http-limits.ts';

/** What the routes need in addition to fastify. */
export interface RouteContext {
  readonly service: ServiceApi;
  readonly limits: HttpLimits;
  readonly clock: Clock;
  readonly log: Logger;
}
