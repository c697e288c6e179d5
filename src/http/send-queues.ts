import fs from 'node:fs';
import net from 'node:net';
import type { Clock } from '../core/clock.ts';

/** The kernel's tables of TCP connections. Only Linux has them. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
const READ_AGAIN_MS = 1_000;
const BYTES_OF_WORD = /../g;

/**
 * Returns how many bytes a client has not acknowledged. The kernel accepts megabytes for a client
 * that reads nothing or has disconnected. Therefore a completed write does not mean that the client
 * has the data. Systems without the tables always return null.
 */
export class SendQueues {
  readonly #clock: Clock;
  #bytes: ReadonlyMap<string, number> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the bytes that the kernel still holds for the client, or null. */
  unacknowledged(socket: net.Socket): number | null {
    const { localPort, remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined) return null;
    const now = this.#clock.monotonicMs();
    if (now - this.#readAt >= READ_AGAIN_MS) {
      this.#readAt = now;
      this.#bytes = readTables();
    }
    return this.#bytes.get(`${localPort} ${plainAddress(remoteAddress)} ${remotePort}`) ?? null;
  }
}

function readTables(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const file of TABLES) {
    let text: string;
    try {
      text = fs.readFileSync(file, 'utf8');
    } catch {
      continue;
    }
    for (const [key, bytes] of sendQueuesIn(text)) found.set(key, bytes);
  }
  return found;
}

/** Returns the bytes of each connection by `local port, remote address, remote port`. */
export function sendQueuesIn(table: string): readonly (readonly [key: string, bytes: number])[] {
  const line = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]{2} ([0-9A-F]{8}):/gm;
  return [...table.matchAll(line)].map(([, localPort, address, remotePort, queued]) => [
    `${Number.parseInt(localPort!, 16)} ${addressOf(address!)} ${Number.parseInt(remotePort!, 16)}`,
    Number.parseInt(queued!, 16),
  ]);
}

/** Returns the address of its hexadecimal form: words of four bytes, little-endian. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => word.match(BYTES_OF_WORD)!.reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes[2 * i]! + bytes[2 * i + 1]!);
  return plainAddress(groups.join(':'));
}

/** Returns one form of an address. An IPv4 address in IPv6 form becomes the IPv4 address. */
function plainAddress(address: string): string {
  if (!net.isIPv6(address)) return address;
  const [plain = address] = address.split('%');
  return new net.SocketAddress({ address: plain, family: 'ipv6' }).address.replace(/^::ffff:(?=\d+\.)/, '');
}
