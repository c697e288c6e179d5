import http from 'node:http';
import net from 'node:net';
import pino from 'pino';
import { type App, type AppOptions, createApp } from '../../src/http/app.ts';
import type { ServiceApi } from '../../src/service/service-api.ts';

export const silentLog = pino({ level: 'silent' });

/** Starts an app on a free port of the loopback interface. `Symbol.asyncDispose` closes it. */
export async function startApp(
  service: ServiceApi,
  options: Partial<AppOptions> = {},
): Promise<App & AsyncDisposable & { port: number }> {
  const app = await createApp(service, { host: '127.0.0.1', port: 0, token: null, log: silentLog, ...options });
  return { ...app, port: Number(new URL(app.url).port), [Symbol.asyncDispose]: () => app.close() };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly json: () => never;
}

/**
 * Sends a request whose path and headers are not changed. `fetch` would normalize paths and refuse
 * to set Host.
 */
export function send(
  port: number,
  method: string,
  path: string,
  options: { readonly headers?: http.OutgoingHttpHeaders; readonly body?: string | Uint8Array } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', method, path, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text,
          json: () => JSON.parse(text) as never,
        });
      });
    });
    request.on('error', reject);
    request.end(options.body);
  });
}

export const postJson = (port: number, path: string, body: unknown, headers: http.OutgoingHttpHeaders = {}) =>
  send(port, 'POST', path, {
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Writes raw bytes. Resolves to all bytes received until the connection closes. */
export function sendRaw(port: number, ...parts: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
  });
}
