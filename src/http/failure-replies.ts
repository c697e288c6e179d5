import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { EngineError } from '../core/engine-error.ts';
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts';
import type { LocatedDiagnostic } from '../core/located-diagnostic.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/**
 * The form of every error reply: `{"error": {"code", "message"}}`, with `diagnostics` if a SQL text
 * has mistakes.
 */
export interface FailureBody {
  readonly error: { readonly code: ErrorCode; readonly message: string };
  readonly diagnostics?: readonly LocatedDiagnostic[];
}

export function replyWithFailure(
  reply: FastifyReply,
  code: ErrorCode,
  message: string,
  diagnostics?: readonly LocatedDiagnostic[],
): FastifyReply {
  return reply
    .code(ERROR_CODES[code].http)
    .headers(SECURITY_HEADERS)
    .type(FAILURE_TYPE)
    .send(failureText(code, message, diagnostics));
}

export const FAILURE_TYPE = 'application/json; charset=utf-8';

/** Returns the body of an error reply. */
export function failureText(code: ErrorCode, message: string, diagnostics?: readonly LocatedDiagnostic[]): string {
  const body: FailureBody = { error: { code, message }, ...(diagnostics && { diagnostics }) };
  return JSON.stringify(body);
}

/**
 * Converts an error of a handler to a reply. An `EngineError` keeps its code; its
 * `details.diagnostics` are the mistakes of a SQL text. An unexpected error becomes a 500 without
 * its message: the log has it, with the number of the request.
 */
export function replyToFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof EngineError) {
    // A refusal for lack of room is no fault, and writing it down for each client costs time.
    if (ERROR_CODES[error.code].http >= 500 && error.code !== 'HTTP_BUSY')
      request.log.error({ err: error }, 'request failed');
    if (error.code === 'HTTP_BUSY') reply.header('retry-after', '1');
    replyWithFailure(reply, error.code, error.message, diagnosticsOf(error));
    return;
  }
  const status = error.statusCode ?? 500;
  if (status < 500) {
    replyWithFailure(reply, codeOfStatus(status), messageOf(error));
    return;
  }
  request.log.error({ err: error }, 'request failed');
  replyWithFailure(reply, 'HTTP_INTERNAL', `internal error; the log has it under request ${request.id}`);
}

function diagnosticsOf(error: EngineError): readonly LocatedDiagnostic[] | undefined {
  const { diagnostics } = error.details;
  return Array.isArray(diagnostics) ? (diagnostics as readonly LocatedDiagnostic[]) : undefined;
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 413) return 'HTTP_TOO_LARGE';
  if (status === 415) return 'HTTP_UNSUPPORTED_MEDIA_TYPE';
  return status === 408 ? 'HTTP_TIMEOUT' : 'HTTP_BAD_REQUEST';
}

function messageOf(error: FastifyError): string {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'the body is too large';
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'the body must be JSON, with the header content-type: application/json';
    case 'FST_ERR_BAD_URL':
      return 'the path is not a valid URL path';
    default:
      return error.message;
  }
}

/**
 * Replies to a request that is not HTTP, or that arrived too slowly. There is no request object
 * yet, only the socket.
 */
export function replyToMalformedRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'HTTP_TIMEOUT', 'the request did not arrive in time']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'HTTP_TOO_LARGE', 'the headers are too large']
        : ['400 Bad Request', 'HTTP_BAD_REQUEST', 'this is not a valid HTTP request'];
  const body = JSON.stringify({ error: { code, message } });
  const headers = Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n${headers.join('')}connection: close\r\n\r\n${body}`,
  );
}
