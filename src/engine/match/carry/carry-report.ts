/** What became of the state of an operator when its job went on with another plan. */
export interface OperatorReload {
  readonly operator: string;
  /**
   * `kept`: as it was. `carried`: a changed pattern took over what still means something. `fresh`:
   * it starts without. `gone`: the plan has no such operator any more.
   */
  readonly outcome: 'kept' | 'carried' | 'fresh' | 'gone';
  /** Why it starts fresh. */
  readonly reason: string | null;
  /** What a changed pattern took over. */
  readonly kept: CarriedCounts | null;
  /** What it did not. */
  readonly dropped: readonly DroppedState[];
}

export interface CarriedCounts {
  readonly partialMatches: number;
  /** Complete, but an open one that began earlier holds them back. */
  readonly heldBackMatches: number;
  /** Rows that wait for the watermark. */
  readonly waitingRows: number;
}

export interface DroppedState {
  readonly what: 'partial matches' | 'held-back matches' | 'waiting rows' | 'rows before (PREV)';
  /** State of the old automaton; null: not of one. */
  readonly state: string | null;
  readonly count: number;
  readonly reason: string;
}

/** Something of the old state is lost. */
export const losesState = ({ outcome, dropped }: OperatorReload): boolean =>
  outcome === 'fresh' || outcome === 'gone' || dropped.length > 0;

/** For people, a line each. */
export function reloadLines(reload: OperatorReload): readonly string[] {
  const { operator, outcome, reason, kept, dropped } = reload;
  const lines: string[] = [];
  if (outcome === 'fresh') lines.push(`${operator} starts without state: ${reason}`);
  if (outcome === 'gone') lines.push(`${operator} is gone, and its state with it`);
  if (kept !== null) {
    const parts = [counted(kept.partialMatches, 'partial match', 'partial matches')];
    if (kept.heldBackMatches > 0) parts.push(counted(kept.heldBackMatches, 'match held back', 'matches held back'));
    if (kept.waitingRows > 0) parts.push(counted(kept.waitingRows, 'waiting row', 'waiting rows'));
    lines.push(`${operator} keeps ${parts.join(', ')}`);
  }
  for (const { what, state, count, reason: why } of dropped) {
    const where = state === null ? '' : ` in state ${state}`;
    lines.push(`${operator} drops ${count} ${what}${where}: ${why}`);
  }
  return lines;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Adds up what is dropped. */
export class DropCount {
  readonly #counts = new Map<string, DroppedState>();

  add(what: DroppedState['what'], state: string | null, reason: string, count = 1): void {
    if (count === 0) return;
    const key = `${what}\n${state}\n${reason}`;
    const before = this.#counts.get(key)?.count ?? 0;
    this.#counts.set(key, { what, state, count: before + count, reason });
  }

  list(): readonly DroppedState[] {
    return [...this.#counts.values()];
  }
}
