import type { KeyedTable } from '../state/state-store.ts';
import type { KeyRecord } from './partial-match.ts';

/** The table measures the state of a key that took a row with more bytes of text. */
const LARGE_ROW = 1 << 14;
/** The state of a key with fewer nodes is not measured. */
const NODES_MIN = 1 << 15;

/**
 * Tells the table of the states which states have grown. The table measures these states, and
 * throws STATE_ENTRY_TOO_LARGE if one exceeds the limit of an entry.
 */
export class StateGrowth<State extends KeyRecord> {
  readonly #nodesIn: (state: State) => number;
  readonly #states: KeyedTable;
  /** Slots of the states that took large rows of the batch. */
  readonly #tookLarge: number[] = [];

  /** `nodesIn`: see `Matcher.nodesIn`. */
  constructor(nodesIn: (state: State) => number, states: KeyedTable) {
    this.#nodesIn = nodesIn;
    this.#states = states;
  }

  /**
   * Called after a row was offered to a key. `keptBytes`: the bytes of text that its state keeps of
   * the row. Measures a state at once when its number of nodes has doubled, because the rows of one
   * batch can make a state too large for the memory.
   */
  offered(state: State, slot: number, keptBytes: number): void {
    if (keptBytes > LARGE_ROW) this.#tookLarge.push(slot);
    const nodes = this.#nodesIn(state);
    if (nodes <= NODES_MIN || nodes <= (state.measureAt ?? 0)) return;
    this.#states.grew(slot);
    state.measureAt = 2 * this.#nodesIn(state);
  }

  /** Measures the states that took large rows. `values`: the states by slot. */
  batchEnded(values: readonly unknown[]): void {
    if (this.#tookLarge.length === 0) return;
    for (const slot of this.#tookLarge.splice(0)) if (values[slot] !== null) this.#states.grew(slot);
  }
}
