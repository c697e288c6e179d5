import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpLimits } from './http-limits.ts';

/**
 * Keeps room for new connections. The server never refuses a connection while it holds a quiet one.
 * A quiet connection has sent no complete request, or waits between two requests. When the number
 * of connections would exceed the bound, a connection that waits between two requests is closed, or
 * the oldest one without a request, but not if its request may still be on its way. If there is
 * none, the new connection takes a reserved place. The application answers health checks there and
 * refuses other requests (`reserve-health.ts`). A connection there that sends nothing is closed
 * after a moment. Beyond the reserved places, the service closes the oldest one of them.
 */
export class ConnectionBudget {
  readonly #placesMax: number;
  readonly #reservedMax: number;
  readonly #arrivalMs: number;
  readonly #now: () => number;
  /** Connections that have sent no request, oldest first, with the time of their arrival. */
  readonly #arrived = new Map<Socket, number>();
  /** Connections that wait between two requests, in the order in which they became quiet. */
  readonly #idle = new Set<Socket>();
  /** Connections with unanswered requests, and the number of these requests. */
  readonly #busy = new Map<Socket, number>();
  /** Connections in reserved places, oldest first, and the number of their unanswered requests. */
  readonly #reserved = new Map<Socket, number>();

  /** `now`: monotonic milliseconds. */
  constructor(limits: Pick<HttpLimits, 'connections' | 'reservedConnections' | 'arrivalMs'>, now: () => number) {
    this.#placesMax = limits.connections;
    this.#reservedMax = limits.reservedConnections;
    this.#arrivalMs = limits.arrivalMs;
    this.#now = now;
  }

  /** Follows the connections and requests of the server. */
  watch(server: Server): void {
    server.on('connection', (socket) => this.#onConnection(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#onRequest(request.socket, response);
    });
  }

  /** Returns whether the connection has a reserved place. */
  isReserved(socket: Socket): boolean {
    return this.#reserved.has(socket);
  }

  #onConnection(socket: Socket): void {
    socket.once('close', () => this.#forget(socket));
    if (!this.#hasPlace()) {
      const oldest = this.#oldestQuiet();
      if (oldest === null) {
        this.#reserve(socket);
        return;
      }
      this.#close(oldest);
    }
    this.#arrived.set(socket, this.#now());
  }

  #reserve(socket: Socket): void {
    // A reply takes some milliseconds there, or its request is refused, so the oldest may go.
    const [oldest] = this.#reserved.keys();
    if (oldest !== undefined && this.#reserved.size >= this.#reservedMax) this.#close(oldest);
    this.#reserved.set(socket, 0);
    setTimeout(() => {
      if (this.#reserved.get(socket) === 0) this.#close(socket);
    }, this.#arrivalMs).unref();
  }

  /** Returns a connection that may be closed for another one, or null. */
  #oldestQuiet(): Socket | null {
    for (const socket of this.#idle) return socket;
    for (const [socket, since] of this.#arrived) return this.#now() - since >= this.#arrivalMs ? socket : null;
    return null;
  }

  /** Returns whether the connections that have no reserved place are below the bound. */
  #hasPlace(): boolean {
    return this.#arrived.size + this.#idle.size + this.#busy.size < this.#placesMax;
  }

  #onRequest(socket: Socket, response: ServerResponse): void {
    this.#arrived.delete(socket);
    this.#idle.delete(socket);
    const requests = this.#reserved.has(socket) ? this.#reserved : this.#busy;
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (requests.get(socket) ?? 1) - 1;
      if (left > 0 || requests === this.#reserved) {
        if (requests.has(socket)) requests.set(socket, left);
      } else if (requests.delete(socket) && !socket.destroyed) this.#idle.add(socket);
    });
  }

  #close(socket: Socket): void {
    this.#forget(socket);
    socket.destroy();
  }

  #forget(socket: Socket): void {
    this.#arrived.delete(socket);
    this.#idle.delete(socket);
    this.#busy.delete(socket);
    this.#reserved.delete(socket);
  }
}
