import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../core/clock.ts';
import { VERSION } from '../core/version.ts';
import type { ServiceApi } from '../service/service-api.ts';
import { ConnectionBudget } from './connection-budget.ts';
import { ConnectionTurns } from './connection-turns.ts';
import { consoleRoutes } from './console-files.ts';
import { createServer } from './create-server.ts';
import { replyToFailure, replyToMalformedRequest, replyWithFailure } from './failure-replies.ts';
import { FairTurns, TURN_MS } from './fair-turns.ts';
import { guardAccess } from './guard-access.ts';
import { guardOrigin } from './guard-origin.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './http-limits.ts';
import { readJsonBodies } from './json-bodies.ts';
import { checkExposure, listenOn } from './listen.ts';
import { boundReplies } from './reply-budget.ts';
import { reserveHealth } from './reserve-health.ts';
import type { RouteContext } from './route-context.ts';
import { healthRoutes } from './routes/health.ts';
import { jobRoutes } from './routes/jobs.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { openMatchRoutes } from './routes/open-matches.ts';
import { patternRoutes } from './routes/patterns.ts';
import { resultRoutes } from './routes/results.ts';
import { rowRoutes } from './routes/rows.ts';
import { savepointRoutes } from './routes/savepoints.ts';
import { statementRoutes } from './routes/statements.ts';
import { sendSecurityHeaders } from './security-headers.ts';

export interface AppOptions {
  readonly host: string;
  /** null: 8181 or the next free one. */
  readonly port: number | null;
  /** The bearer token that requests must carry; null is accepted on loopback only. */
  readonly token: string | null;
  readonly log: Logger;
  /** Additional accepted values of the Host header, e.g. the name that a proxy passes on. */
  readonly allowedHosts?: readonly string[];
  readonly clock?: Clock;
  readonly limits?: Partial<HttpLimits>;
}

export interface App {
  readonly url: string;
  /** Ends every open reply. The service keeps running. */
  close(): Promise<void>;
}

type OpenApiOptions = NonNullable<FastifyDynamicSwaggerOptions['openapi']>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route needs no token. */
    open?: boolean;
    /** Throws if the route cannot accept a request now. It is called before a body is parsed. */
    checkRoom?: () => void;
    /** The route is also served on reserved connections. */
    reserved?: boolean;
    /**
     * A link on a page of another origin may open the route. Only the page itself has this mark.
     */
    linkable?: boolean;
  }
}

/**
 * Creates the HTTP service: API, metrics, and the page at `/`. Throws CONFIG_USAGE for an explicit
 * port that is in use, and for an address other than loopback without a token. The guards in
 * `guard-origin.ts`, `guard-access.ts`, `json-bodies.ts` and `http-limits.ts` apply to each route.
 */
export async function createApp(service: ServiceApi, options: AppOptions): Promise<App> {
  checkExposure(options.host, options.token);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clock = options.clock ?? systemClock;
  const app = await buildApp({ service, limits, clock, log: options.log }, options);
  await app.ready();
  const url = await listenOn(app, options.host, options.port);
  options.log.info({ url, authentication: options.token !== null }, 'HTTP is ready');
  return { url, close: () => app.close() };
}

async function buildApp(context: RouteContext, options: AppOptions): Promise<FastifyInstance> {
  const { limits, log } = context;
  const now = (): number => context.clock.monotonicMs();
  const budget = new ConnectionBudget(limits, now);
  const connections = new ConnectionTurns(now);
  const turns = new FairTurns(now, TURN_MS, () => connections.isBurst);
  const app: FastifyInstance = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    serverFactory: (handler) => createServer(handler, limits, budget, turns, connections),
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 300 },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: false,
      },
    },
    frameworkErrors: replyToFailure,
    clientErrorHandler: replyToMalformedRequest,
  });
  // The schemas describe the replies, which a test checks; they do not filter them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(replyToFailure);
  app.setNotFoundHandler((request, reply) =>
    replyWithFailure(reply, 'HTTP_NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0]}`),
  );
  readJsonBodies(app, limits.jsonDepth, turns);
  boundReplies(app, limits.unreadReplyCharacters);
  sendSecurityHeaders(app, limits.idleAnswerTimeoutMs);
  reserveHealth(app, budget, limits.arrivalMs, turns);
  guardOrigin(app, options.host, options.allowedHosts ?? []);
  guardAccess(app, options.token, context.clock);
  app.addHook('onResponse', async (request, reply) => {
    const level = request.method === 'GET' ? 'debug' : 'info';
    const route = request.routeOptions.url ?? 'none';
    request.log[level](
      { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  await app.register(swagger, { openapi: OPENAPI });
  await app.register(async (scope) => {
    statementRoutes(scope, context);
    jobRoutes(scope, context);
    savepointRoutes(scope, context);
    openMatchRoutes(scope, context);
    resultRoutes(scope, context);
    rowRoutes(scope, context);
    patternRoutes(scope, context);
    healthRoutes(scope, context);
    metricsRoutes(scope, context);
    consoleRoutes(scope);
    let description: string | null = null;
    scope.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
      description ??= JSON.stringify(app.swagger());
      return reply.type('application/json; charset=utf-8').send(description);
    });
  });
  return app;
}

const OPENAPI: OpenApiOptions = {
  openapi: '3.0.3',
  info: {
    title: 'Sequitur',
    version: VERSION,
    description: 'Flink SQL and row patterns on event streams: statements, jobs, results, patterns.',
  },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  security: [{}, { bearer: [] }],
};
