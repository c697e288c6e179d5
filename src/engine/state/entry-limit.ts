import { EngineError } from '../../core/engine-error.ts';
import { megabytesText } from '../../core/quantity.ts';
import type { Entries } from './entries.ts';
import type { KeyedEntries } from './keyed-entries.ts';

/** An entry is encoded into one buffer, whose length is stored in 32 bits. */
const MOST = 1 << 30;
/** A test or a small job may have less memory than this. One entry may always have this much. */
const LEAST = 8 << 20;

/**
 * The limit of one entry. The state of a key is one entry of a pattern or an aggregation. All of it
 * must be in memory while a row of the key is processed, so it cannot exceed the memory for state.
 */
export class EntryLimit {
  readonly #bytes: number;
  readonly #nameOf: (operator: number) => string;

  /** `memoryBytes`: the largest cache that the job can get. */
  constructor(memoryBytes: number, nameOf: (operator: number) => string) {
    this.#bytes = Math.max(LEAST, Math.min(MOST, memoryBytes));
    this.#nameOf = nameOf;
  }

  /** Throws STATE_ENTRY_TOO_LARGE if the entry has more bytes than the limit. */
  check(entries: Entries, slot: number, bytes: number): void {
    if (bytes <= this.#bytes) return;
    const operator = this.#nameOf(entries.spec.operator);
    const key = entries.kind === 'keyed' ? ` of the key (${keyText(entries as KeyedEntries, slot)})` : '';
    throw new EngineError(
      'STATE_ENTRY_TOO_LARGE',
      `${operator}: the state${key} needs ${megabytesText(bytes)} of memory, but at most ${megabytesText(this.#bytes)} are possible; see state.memory`,
      { operator, bytes, limitBytes: this.#bytes },
    );
  }
}

function keyText(entries: KeyedEntries, slot: number): string {
  const text = entries.keyOf(slot).join(', ');
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
