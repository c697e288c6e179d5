import type { ServerResponse } from 'node:http';
import type { ResultEvent } from '../service/service-api.ts';
import type { HttpLimits } from './http-limits.ts';
import type { SendQueues } from './send-queues.ts';
import { spliced } from './spliced-json.ts';

type Subscribe = (listener: (event: ResultEvent) => void) => (() => void) | undefined;

/** The time for a disconnected client to read the buffered events, including the last event. */
const FAREWELL_MS = 2_000;

/**
 * One client that follows a job, as server-sent events:
 *
 *     event: columns   data: {"sink":"alerts","fields":[…]}     before the first row of a sink
 *     event: row       data: {"sink":"alerts","op":"+I","row":{…}}
 *     event: end       data: {"state":"FINISHED"}               the job has ended
 *     event: cut       data: {"error":{"code":…,"message":…}}   the client is too slow
 *
 * The job never waits for a client. Unread events are buffered up to a bound. Then the service
 * disconnects the client.
 */
export class Follower {
  readonly #raw: ServerResponse;
  readonly #bufferBytesMax: number;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #sinks = new Set<string>();
  #unsubscribe: (() => void) | undefined;
  readonly #unreadHeartbeatsMax: number;
  readonly #sendQueues: SendQueues;
  /** The bytes that the client had acknowledged at the last heartbeat. */
  #acknowledged = 0;
  /** Heartbeats since the client has acknowledged anything. */
  #unreadHeartbeats = 0;
  #ended = false;
  rowsSent = 0;

  constructor(
    raw: ServerResponse,
    limits: Pick<HttpLimits, 'followerBufferBytes' | 'heartbeatMs' | 'unreadHeartbeats'>,
    sendQueues: SendQueues,
  ) {
    this.#sendQueues = sendQueues;
    this.#raw = raw;
    this.#bufferBytesMax = limits.followerBufferBytes;
    this.#unreadHeartbeatsMax = limits.unreadHeartbeats;
    // A heartbeat prevents proxies from closing the connection. It also detects that a client has
    // disconnected or reads nothing.
    this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatMs);
    this.#heartbeat.unref();
    raw.once('close', () => this.#leave());
    raw.on('error', () => this.#leave());
    raw.flushHeaders();
  }

  follow(subscribe: Subscribe): void {
    const unsubscribe = subscribe((event) => this.#onEvent(event));
    // The job may have ended, or the client may have been cut off, during the call.
    if (this.#ended) unsubscribe?.();
    else if (unsubscribe === undefined) this.end();
    else this.#unsubscribe = unsubscribe;
  }

  end(): void {
    this.#leave();
    this.#raw.end();
  }

  #onEvent(event: ResultEvent): void {
    if (this.#ended) return;
    if (event.kind === 'end') {
      this.#send(eventText('end', JSON.stringify({ state: event.state })));
      this.end();
      return;
    }
    const { sink = '', fields, lines = [] } = event;
    let text = '';
    if (fields !== undefined && !this.#sinks.has(sink)) {
      this.#sinks.add(sink);
      text = eventText('columns', JSON.stringify({ sink, fields }));
    }
    for (const line of lines) text += eventText('row', spliced({ sink }, line));
    if (this.#send(text)) this.rowsSent += lines.length;
  }

  /**
   * Sends a heartbeat. Disconnects a client that has acknowledged nothing for some heartbeats
   * although bytes wait for it.
   */
  #beat(): void {
    if (this.#ended) return;
    const { socket } = this.#raw;
    const queued = socket === null ? null : this.#sendQueues.unacknowledged(socket);
    // Without the kernel's count, the bytes that the kernel has not accepted are known.
    const waiting = this.#raw.writableLength + (queued ?? 0);
    const acknowledged = (socket?.bytesWritten ?? 0) - waiting;
    const reads = waiting === 0 || acknowledged > this.#acknowledged;
    this.#acknowledged = acknowledged;
    this.#unreadHeartbeats = reads ? 0 : this.#unreadHeartbeats + 1;
    if (this.#unreadHeartbeats < this.#unreadHeartbeatsMax) {
      this.#send(': heartbeat\n\n');
      return;
    }
    // The client would not read a last event either.
    this.#leave();
    this.#raw.destroy();
  }

  #send(text: string): boolean {
    if (this.#ended || text === '') return false;
    if (this.#raw.writableLength > 0 && this.#raw.writableLength + text.length > this.#bufferBytesMax) {
      this.#cutOff();
      return false;
    }
    this.#raw.write(text);
    return true;
  }

  #cutOff(): void {
    const message = `this client does not keep up: cut off after ${this.rowsSent} rows`;
    const timer = setTimeout(() => this.#raw.destroy(), FAREWELL_MS);
    this.#raw.once('close', () => clearTimeout(timer));
    this.#raw.write(eventText('cut', JSON.stringify({ error: { code: 'HTTP_TOO_MANY', message } })));
    this.end();
  }

  #leave(): void {
    this.#ended = true;
    clearInterval(this.#heartbeat);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}

/** Returns the text of an event. `data` is one line: JSON without line breaks. */
const eventText = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`;
