import net from 'node:net';
import type { Clock } from '../core/clock.ts';

/**
 * Wrong tokens that an address may send in a burst, and the time after which it may send one more.
 */
const BURST = 10;
const REFILL_MS = 5_000;
/** The number of remembered addresses. The address with the oldest failure is dropped first. */
const ADDRESSES_MAX = 1_024;

/**
 * A bucket of wrong tokens per address (per /64 network for IPv6). The right token is
 * accepted in any case (`guard-access.ts`).
 */
export class FailedAttempts {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  failed(address: string): void {
    const key = bucketKey(address);
    const left = Math.max(0, this.#left(key) - 1);
    this.#buckets.delete(key);
    this.#buckets.set(key, { left, at: this.#clock.monotonicMs() });
    if (this.#buckets.size > ADDRESSES_MAX) this.#buckets.delete(this.#buckets.keys().next().value!);
  }

  /** Returns 0 if the address may try, otherwise the seconds to wait. */
  waitSeconds(address: string): number {
    const left = this.#left(bucketKey(address));
    return left >= 1 ? 0 : Math.ceil(((1 - left) * REFILL_MS) / 1000);
  }

  #left(key: string): number {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return BURST;
    return Math.min(BURST, bucket.left + (this.#clock.monotonicMs() - bucket.at) / REFILL_MS);
  }
}

function bucketKey(address: string): string {
  const plain = address.replace(/^::ffff:/, '');
  if (!net.isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const groups = head.split(':').filter((g) => g !== '');
  const missing = 8 - groups.length - tail.split(':').filter((g) => g !== '').length;
  if (plain.includes('::')) groups.push(...Array<string>(missing).fill('0'));
  return groups
    .concat(tail.split(':').filter((g) => g !== ''))
    .slice(0, 4)
    .join(':');
}
