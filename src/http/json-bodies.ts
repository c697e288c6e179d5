import type { FastifyInstance } from 'fastify';
import { EngineError } from '../core/engine-error.ts';

/**
 * Bodies must be JSON in UTF-8; other types are refused (415). Also refused: bytes that are not
 * UTF-8, nesting beyond `depthMax` (recursive code must not exhaust the stack), and the keys
 * `__proto__` and `constructor.prototype`.
 */
export function readJsonBodies(app: FastifyInstance, depthMax: number): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(body as Buffer);
    } catch {
      done(new EngineError('HTTP_BAD_REQUEST', 'the body is not UTF-8'));
      return;
    }
    if (nestingOf(text) > depthMax) {
      done(new EngineError('HTTP_BAD_REQUEST', `the body is nested deeper than ${depthMax} levels`));
      return;
    }
    // The default parser calls back, it returns nothing.
    void parse(request, text, (error, value) => {
      if (error === null) done(null, value);
      else done(new EngineError('HTTP_BAD_REQUEST', `the body is not acceptable JSON: ${error.message}`, {}, error));
    });
  });
}

/** Deepest nesting of objects and arrays, without parsing. */
export function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 92) i++;
      else if (c === 34) inString = false;
    } else if (c === 34) inString = true;
    else if (c === 123 || c === 91) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (c === 125 || c === 93) depth--;
  }
  return deepest;
}
