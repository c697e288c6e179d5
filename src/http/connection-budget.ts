import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpLimits } from './http-limits.ts';

/**
 * Keeps room for new connections. The server never refuses a connection while it holds a quiet one.
 * A quiet connection has sent no complete request, or waits between two requests. When the number
 * of connections exceeds the bound, the connection that has been quiet for the longest time is
 * closed. If every connection is busy, the new one takes a reserved place. The application answers
 * only health checks there (`reserve-health.ts`). Beyond the reserved places, the service closes
 * new connections.
 */
export class ConnectionBudget {
  readonly #placesMax: number;
  readonly #reservedMax: number;
  /** Connections in the order in which they became quiet, oldest first. */
  readonly #quiet = new Set<Socket>();
  /** Connections with unanswered requests, and the number of these requests. */
  readonly #busy = new Map<Socket, number>();
  /** Connections in reserved places; they are also quiet or busy. */
  readonly #reserved = new Set<Socket>();

  constructor(limits: Pick<HttpLimits, 'connections' | 'reservedConnections'>) {
    this.#placesMax = limits.connections;
    this.#reservedMax = limits.reservedConnections;
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
    this.#quiet.add(socket);
    if (this.#hasPlace()) return;
    const oldest = this.#oldestQuiet(socket, false);
    if (oldest !== null) {
      this.#close(oldest);
      return;
    }
    if (this.#reserved.size >= this.#reservedMax) this.#close(this.#oldestQuiet(socket, true) ?? socket);
    if (!socket.destroyed) this.#reserved.add(socket);
  }

  /** Returns the oldest other quiet connection with, or without, a reserved place. */
  #oldestQuiet(socket: Socket, reserved: boolean): Socket | null {
    for (const quiet of this.#quiet) if (quiet !== socket && this.#reserved.has(quiet) === reserved) return quiet;
    return null;
  }

  /** Returns whether the connections that have no reserved place are within the bound. */
  #hasPlace(): boolean {
    return this.#quiet.size + this.#busy.size - this.#reserved.size <= this.#placesMax;
  }

  #onRequest(socket: Socket, response: ServerResponse): void {
    this.#quiet.delete(socket);
    this.#busy.set(socket, (this.#busy.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (this.#busy.get(socket) ?? 0) - 1;
      if (left > 0) {
        this.#busy.set(socket, left);
      } else if (this.#busy.delete(socket) && !socket.destroyed) {
        this.#quiet.add(socket);
      }
    });
  }

  #close(socket: Socket): void {
    this.#forget(socket);
    socket.destroy();
  }

  #forget(socket: Socket): void {
    this.#quiet.delete(socket);
    this.#busy.delete(socket);
    this.#reserved.delete(socket);
  }
}
