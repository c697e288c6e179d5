import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections that begin to be read in one turn of the event loop. */
const ADMITTED_PER_TURN = 8;
/** Beyond this number of waiting connections, the oldest begins to be read at once. */
const WAITING_MAX = 256;
/** For this time, other work waits while a connection arrives in each turn. */
const BURST_MS = 50;

interface Waiting {
  readonly socket: Socket;
  readonly admit: () => void;
}

/**
 * Reads the connections of a burst in turns. The event loop accepts one connection in each turn, so
 * a health check that comes after hundreds of connections waits for as many turns. While a
 * connection arrives in each turn, the others are not read, for at most 50 ms. Then a few begin to
 * be read in each turn, the newest and the oldest alternately. So a health check, which is the
 * newest when it arrives, waits for few others, and the oldest is not left to wait for ever. A
 * connection that does not belong to a burst is read at once. `now`: monotonic milliseconds.
 */
export class ConnectionTurns {
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  /** When the current burst began; null: there is none. */
  #burstSince: number | null = null;
  #hasArrived = false;
  /** A connection arrived in the turn before. */
  #arrivedBefore = false;
  #takesNewest = true;
  #scheduled = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Connections arrive in each turn. Other work should wait. */
  get isBurst(): boolean {
    return this.#arrivedBefore && this.#burstSince !== null && this.#now() - this.#burstSince < BURST_MS;
  }

  /** Makes the server admit its connections in turns. Call this after its listeners are set. */
  watch(server: Server): void {
    const listeners = server.listeners('connection');
    server.removeAllListeners('connection');
    // The socket is not read until it is resumed. See `pauseOnConnect` of `net.createServer`.
    (server as Server & { pauseOnConnect: boolean }).pauseOnConnect = true;
    server.on('connection', (socket: Socket) => {
      this.add(socket, () => {
        // The server has closed its other connections.
        if (!server.listening) {
          socket.destroy();
          return;
        }
        for (const listener of listeners) listener.call(server, socket);
        socket.resume();
      });
    });
  }

  /** Calls `admit` now or in one of the next turns, but not if the connection has ended by then. */
  add(socket: Socket, admit: () => void): void {
    socket.on('error', ignore);
    const next: Waiting = { socket, admit };
    if (this.#waiting.length === 0 && !this.#hasArrived && !this.#arrivedBefore) this.#admit(next);
    else this.#waiting.push(next);
    if (this.#waiting.length > WAITING_MAX) this.#admit(this.#waiting.shift());
    this.#hasArrived = true;
    this.#schedule();
  }

  #admit(next: Waiting | undefined): void {
    if (next === undefined) return;
    next.socket.off('error', ignore);
    if (!next.socket.destroyed) next.admit();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#nextTurn());
  }

  #nextTurn(): void {
    this.#scheduled = false;
    this.#arrivedBefore = this.#hasArrived;
    this.#hasArrived = false;
    if (this.#arrivedBefore) this.#burstSince ??= this.#now();
    if (!this.isBurst) this.#admitSome();
    if (this.#waiting.length > 0 || this.#arrivedBefore) this.#schedule();
    else this.#burstSince = null;
  }

  #admitSome(): void {
    for (let i = 0; i < ADMITTED_PER_TURN; i++) {
      this.#admit(this.#takesNewest ? this.#waiting.pop() : this.#waiting.shift());
      this.#takesNewest = !this.#takesNewest;
    }
  }
}

const ignore = (): void => {};
