import type http from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';

const ATTEMPTS = 5;
const SILENCE_MS = 60_000;
/** Exceptions of a name node that is starting or in standby. */
const PASSING = new Set(['SafeModeException', 'StandbyException', 'RetriableException', 'LeaseExpiredException']);

/**
 * Returns the module for `http:` or `https:`. It is loaded here because the load takes 40 ms
 * (measured), and most jobs do not store checkpoints in HDFS.
 */
const transportOf = (address: string): typeof http =>
  process.getBuiltinModule(address.startsWith('https:') ? 'node:https' : 'node:http') as typeof http;

export interface WebHdfsPlace {
  /** For messages: the address as it was given. */
  readonly location: string;
  /** `http://namenode:9870` or `https://…`. */
  readonly origin: string;
  readonly user: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

/** A refusal of the file system, with the name of its Java exception. */
class Refusal extends Error {
  readonly status: number;
  readonly exception: string;

  constructor(status: number, exception: string, message: string) {
    super(message);
    this.status = status;
    this.exception = exception;
  }
}

/** Creates the body of a request. Each attempt creates a new body. */
export interface Content {
  readonly length: number;
  open(): Readable | Buffer;
}

/**
 * Sends requests of the WebHDFS API to the name node, which can redirect them to a data node. Uses
 * `node:http`, because data nodes answer writes with an unrequested `100 Continue`, which fetch
 * treats as an error. A request that fails for a temporary reason is tried up to five times with
 * growing pauses; then it fails with CHECKPOINT_STORE.
 */
export class WebHdfsClient {
  readonly #place: WebHdfsPlace;
  readonly #clock: Clock;
  readonly #attempts: number;
  readonly #agent: http.Agent;

  constructor(place: WebHdfsPlace, clock: Clock, attempts = ATTEMPTS) {
    this.#place = place;
    this.#clock = clock;
    this.#attempts = attempts;
    const options = { keepAlive: true, maxSockets: 8 };
    this.#agent = new (transportOf(place.origin).Agent)(options);
  }

  /** Returns the JSON reply of an operation of the name node. Null: the file does not exist. */
  async ask<T>(
    method: string,
    file: string,
    op: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<T | null> {
    return this.#attempt(op, file, async () => {
      const answer = await this.#toNameNode(method, file, op, more);
      const text = (await readAll(answer.body)).toString();
      return (text === '' ? {} : JSON.parse(text)) as T;
    });
  }

  /** Writes a file; replaces an existing one. */
  async write(file: string, content: Content): Promise<void> {
    await this.#attempt('CREATE', file, async () => {
      const answer = await this.#toNameNode('PUT', file, 'CREATE', { overwrite: 'true' });
      answer.body.resume();
      const to = answer.headers.location;
      if (to === undefined) throw new Error('the name node names no data node to write to');
      (await this.#send('PUT', to, content)).body.resume();
    });
  }

  /** Passes the content to `use`, which must read it completely; null: the file does not exist. */
  async read<T>(file: string, use: (body: Readable) => Promise<T>): Promise<T | null> {
    return this.#attempt('OPEN', file, async () => {
      let answer = await this.#toNameNode('GET', file, 'OPEN', {});
      const to = answer.headers.location;
      if (to !== undefined) {
        answer.body.resume();
        answer = await this.#send('GET', to, null);
      }
      return use(answer.body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #toNameNode(method: string, file: string, op: string, more: Readonly<Record<string, string>>): Promise<Answer> {
    const { origin, user } = this.#place;
    const path = file.split('/').map(encodeURIComponent).join('/');
    const query = new URLSearchParams({ op, 'user.name': user, ...more });
    return this.#send(method, `${origin}/webhdfs/v1${path}?${query}`, null);
  }

  /** Resolves with the head of a successful reply. */
  async #send(method: string, address: string, content: Content | null): Promise<Answer> {
    const url = new URL(address);
    const own = url.origin === this.#place.origin;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const request = transportOf(address).request(
        url,
        {
          method,
          ...(own ? { agent: this.#agent } : { agent: false }),
          headers:
            content === null ? {} : { 'content-type': 'application/octet-stream', 'content-length': content.length },
        },
        (body) => resolve({ status: body.statusCode ?? 0, headers: body.headers, body }),
      );
      request.on('error', (error) =>
        reject(new Error(`${url.host}: ${error.message || String(error)}`, { cause: error })),
      );
      request.setTimeout(SILENCE_MS, () => request.destroy(new Error(`no answer for ${SILENCE_MS / 1000} s`)));
      const source = content?.open() ?? null;
      if (source === null || Buffer.isBuffer(source)) request.end(source ?? undefined);
      else {
        source.on('error', (error) => request.destroy(error));
        source.pipe(request);
      }
    });
    if (answer.status >= 400) throw await refusalOf(answer);
    return answer;
  }

  async #attempt<T>(op: string, file: string, action: () => Promise<T>): Promise<T | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await action();
      } catch (error) {
        if (error instanceof Refusal && error.exception === 'FileNotFoundException') return null;
        const passing = !(error instanceof Refusal) || error.status >= 500 || PASSING.has(error.exception);
        if (passing && attempt < this.#attempts) {
          await this.#clock.sleep(50 * 2 ** attempt);
          continue;
        }
        const { location } = this.#place;
        throw new EngineError(
          'CHECKPOINT_STORE',
          `${location}: ${op} of ${file} failed: ${(error as Error).message}`,
          { location },
          error,
        );
      }
    }
  }
}

async function refusalOf({ status, body }: Answer): Promise<Refusal> {
  const text = (await readAll(body)).toString();
  if (text.includes('Hadoop IPC port')) {
    return new Refusal(
      status,
      '',
      'this is the RPC port of the name node; give the port of its web interface, usually 9870',
    );
  }
  if (status === 401) {
    return new Refusal(status, '', 'the name node wants authentication, and Kerberos is not supported');
  }
  try {
    const { exception, message } = (JSON.parse(text) as { RemoteException: { exception: string; message: string } })
      .RemoteException;
    return new Refusal(status, exception, `${exception} ${status}: ${message.split('\n')[0]}`);
  } catch {
    return new Refusal(status, '', `status ${status}, and no answer that WebHDFS gives`);
  }
}

export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
