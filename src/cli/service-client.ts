import { EngineError } from '../core/engine-error.ts';
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts';
import { readToken } from './read-token.ts';

export interface ServiceFlags {
  readonly url: string;
  readonly tokenFile?: string;
}

/**
 * Sends a request to a running service. Throws an EngineError with the code and message of an error
 * reply. Throws SERVICE_UNREACHABLE if there is no reply.
 */
export class ServiceClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ url, tokenFile }: ServiceFlags) {
    if (!/^https?:\/\/[^/]+\/?$/.test(url)) {
      throw new EngineError('CONFIG_USAGE', `--url '${url}' must be an address such as http://127.0.0.1:8181`, { url });
    }
    this.#url = url.replace(/\/$/, '');
    this.#headers = tokenFile === undefined ? {} : { authorization: `Bearer ${readToken(tokenFile)}` };
  }

  /** Sends a request and returns the reply. Null: a reply without content. */
  async ask<T>(method: string, path: string, body?: object): Promise<T | null> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#url}${path}`, {
        method,
        headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (cause) {
      const why = (cause as Error).cause instanceof Error ? ((cause as Error).cause as Error) : (cause as Error);
      throw new EngineError(
        'SERVICE_UNREACHABLE',
        `no service answers at ${this.#url}: ${why.message}; start one with \`sequitur serve\`, or give its address with --url`,
        { url: this.#url },
        cause,
      );
    }
    if (!response.ok) throw this.#refused(response.status, text);
    return text === '' ? null : (JSON.parse(text) as T);
  }

  #refused(status: number, text: string): EngineError {
    try {
      const { code, message } = (JSON.parse(text) as { error: { code: string; message: string } }).error;
      if (code === 'HTTP_UNAUTHORIZED' && this.#headers['authorization'] === undefined) {
        return new EngineError(code, `${message}; give the file with the token of the service: --token-file FILE`, {});
      }
      if (Object.hasOwn(ERROR_CODES, code)) return new EngineError(code as ErrorCode, message, {});
    } catch {
      // The reply is not from this service.
    }
    return new EngineError(
      'SERVICE_UNREACHABLE',
      `the server at ${this.#url} is not a Sequitur service: status ${status}`,
      {
        status,
      },
    );
  }
}
