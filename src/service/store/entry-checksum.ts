import { createHash } from 'node:crypto';
import type { StoreEntry } from './store-database.ts';

/** The first 128 bits of a sha256 in hexadecimal digits. */
export type Checksum = string;

/** `position` is the place of the entry among all, so the checksum also protects the order. */
export const entryChecksum = ({ kind, name, content }: StoreEntry, position: number): Checksum =>
  checksumOf([String(position), kind, name, content]);

export function checksumOf(parts: readonly string[]): Checksum {
  const hash = createHash('sha256');
  // The length comes first, so that no two lists have the same bytes.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}

/**
 * A checksum of a set of entries, independent of their order. Adding a checksum and removing it is
 * the same operation. With the number of entries, it finds entries that are missing.
 */
export class SetDigest {
  #bits = 0n;
  #count = 0;

  add(checksum: Checksum): void {
    this.#bits ^= BigInt(`0x${checksum}`);
    this.#count++;
  }

  remove(checksum: Checksum): void {
    this.#bits ^= BigInt(`0x${checksum}`);
    this.#count--;
  }

  get count(): number {
    return this.#count;
  }

  get text(): string {
    return this.#bits.toString(16).padStart(32, '0');
  }

  copy(): SetDigest {
    const other = new SetDigest();
    other.#bits = this.#bits;
    other.#count = this.#count;
    return other;
  }
}
