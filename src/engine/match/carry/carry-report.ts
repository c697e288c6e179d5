/**
 * The result of a reload for the state of one operator, when its job continues with another plan.
 */
export interface OperatorReload {
  readonly operator: string;
  /**
   * `kept`: the state has not changed. `carried`: the state of a changed pattern was converted.
   * `fresh`: the operator starts without state. `gone`: the new plan does not have the operator.
   */
  readonly outcome: 'kept' | 'carried' | 'fresh' | 'gone';
  /** Why the operator starts without state. */
  readonly reason: string | null;
  /** The converted state of a changed pattern. */
  readonly kept: CarriedCounts | null;
  /** The state that was dropped. */
  readonly dropped: readonly DroppedState[];
}

export interface CarriedCounts {
  readonly partialMatches: number;
  /** Complete matches that wait for an earlier open one. */
  readonly heldBackMatches: number;
  /** Rows that wait for the watermark. */
  readonly waitingRows: number;
}

export interface DroppedState {
  readonly what: 'partial matches' | 'held-back matches' | 'waiting rows' | 'rows before (PREV)';
  /** The state of the old automaton; null: the item has none. */
  readonly state: string | null;
  readonly count: number;
  readonly reason: string;
}

/** Returns whether old state is lost. */
export const losesState = ({ outcome, dropped }: OperatorReload): boolean =>
  outcome === 'fresh' || outcome === 'gone' || dropped.length > 0;

/** Returns the report as lines of text. */
export function reloadLines(reload: OperatorReload): readonly string[] {
  const { operator, outcome, reason, kept, dropped } = reload;
  const lines: string[] = [];
  if (outcome === 'fresh') lines.push(`${operator} starts without state: ${reason}`);
  if (outcome === 'gone') lines.push(`${operator} was removed with its state`);
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

/** Counts the dropped items. */
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
