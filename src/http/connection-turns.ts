import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The number of waiting connections that are admitted in one turn of the event loop. */
const ADMITTED_PER_TURN = 8;
/** If more connections than this wait, the oldest is admitted at once. */
const WAITING_MAX = 256;
/** The longest time for which other work waits while a connection arrives in each turn. */
const BURST_MS = 200;

interface Waiting {
  readonly socket: Socket;
  readonly admit: () => void;
}

/**
 * Admits the connections of a burst in turns. A connection is read only after it is admitted. The
 * event loop accepts one connection in each turn, so a health check behind hundreds of connections
 * waits for hundreds of turns. While a connection arrives in each turn, no connection is admitted,
 * for at most 200 ms. Then a few connections are admitted in each turn, alternately the newest and
 * the oldest. A health check is the newest connection when it arrives, so it waits for few others.
 * The oldest connection does not wait for ever. A connection outside of a burst is admitted at
 * once. `now`: monotonic milliseconds.
 */
export class ConnectionTurns {
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  /** When the current burst began; null: there is none. */
  #burstSince: number | null = null;
  #hasArrived = false;
  /** Whether a connection arrived in the previous turn. */
  #arrivedBefore = false;
  #takesNewest = true;
  #scheduled = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a connection arrives in each turn. Other work should then wait. */
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
        // The server is closed, and it does not know of this connection.
        if (!server.listening) {
          socket.destroy();
          return;
        }
        for (const listener of listeners) listener.call(server, socket);
        socket.resume();
      });
    });
  }

  /** Calls `admit` now or in one of the next turns, unless the connection has ended by then. */
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
