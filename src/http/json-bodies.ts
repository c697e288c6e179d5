import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EngineError } from '../core/engine-error.ts';
import { isDeeperThan } from '../core/exact-json.ts';
import type { FairTurns } from './fair-turns.ts';

/**
 * Accepts only bodies in JSON and UTF-8. Refuses other types (415), bytes that are not UTF-8,
 * nesting beyond `depthMax` (recursive code must not exhaust the stack), and the keys `__proto__`
 * and `constructor.prototype`. Bodies that arrive together are parsed in turns.
 */
export function readJsonBodies(app: FastifyInstance, depthMax: number, turns: FairTurns): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  const read = (request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void): void => {
    let text: string;
    try {
      request.routeOptions.config.checkRoom?.();
    } catch (error) {
      done(error as Error);
      return;
    }
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    } catch {
      done(new EngineError('HTTP_BAD_REQUEST', 'the body is not UTF-8'));
      return;
    }
    if (isDeeperThan(depthMax, text)) {
      done(new EngineError('HTTP_BAD_REQUEST', `the body is nested deeper than ${depthMax} levels`));
      return;
    }
    // The default parser uses a callback and returns nothing.
    void parse(request, text, (error, value) => {
      if (error === null) done(null, value);
      else done(new EngineError('HTTP_BAD_REQUEST', `the body is not acceptable JSON: ${error.message}`, {}, error));
    });
  };
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    turns.run(() => read(request, body as Buffer, done));
  });
}
