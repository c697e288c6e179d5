import type { KeptRow, PathNode } from '../partial-match.ts';
import { pathRows } from '../partial-match.ts';
import type {
  ExplainedAttempt,
  ExplainedWay,
  LateRow,
  MatchExplanation,
  RowWithoutAttempt,
  ShownRow,
  Wanted,
  WayEnd,
} from './match-explanation.ts';

/** The limits of the lists for one key. Further items are only counted. */
const MOST_ATTEMPTS = 5000;
const MOST_ROWS = 5000;
const MOST_WAYS = 50;

interface Attempt {
  readonly first: KeptRow;
  readonly matches: { readonly path: PathNode | null; readonly end: WayEnd }[];
  /**
   * The other ends of its paths. A path may be in several states at once. The map contains the path
   * once, with its last end.
   */
  readonly others: Map<PathNode, WayEnd>;
  moreWays: number;
}

/**
 * The attempts of one key with the ends of their ways, the rows that began none, and the late rows.
 * Attempts and rows outside `from` to `to` (inclusive milliseconds) are not listed.
 */
export class AttemptList {
  readonly #from: number;
  readonly #to: number;
  readonly #attempts = new Map<KeptRow, Attempt>();
  readonly #late: LateRow[] = [];
  readonly #notBegun: RowWithoutAttempt[] = [];
  readonly #leftOut = { late: 0, attempts: 0, notBegun: 0 };

  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  /** Returns whether the list has rows and attempts of this time. */
  asks(time: number): boolean {
    return time >= this.#from && time <= this.#to;
  }

  late(row: LateRow): void {
    if (!this.asks(row.time)) return;
    if (this.#late.length >= MOST_ROWS) this.#leftOut.late++;
    else this.#late.push(row);
  }

  /** Adds a row that began no attempt. `wanted` is called only for a row that is listed. */
  notBegun(row: ShownRow, wanted: () => readonly Wanted[]): void {
    if (!this.asks(row.time)) return;
    if (this.#notBegun.length >= MOST_ROWS) this.#leftOut.notBegun++;
    else this.#notBegun.push({ ...row, wanted: wanted() });
  }

  /** Adds the end of a way. An empty match has no path. */
  close(first: KeptRow, path: PathNode | null, end: WayEnd): void {
    if (!this.asks(first.time)) return;
    let attempt = this.#attempts.get(first);
    if (attempt === undefined) {
      if (this.#attempts.size >= MOST_ATTEMPTS) {
        this.#leftOut.attempts++;
        return;
      }
      attempt = { first, matches: [], others: new Map(), moreWays: 0 };
      this.#attempts.set(first, attempt);
    }
    if (end.kind === 'match' || path === null) attempt.matches.push({ path, end });
    else if (attempt.others.size < MOST_WAYS || attempt.others.has(path)) attempt.others.set(path, end);
    else attempt.moreWays++;
  }

  /** Returns whether the attempt that begins with this row is in the list, or is only counted. */
  has(first: KeptRow): boolean {
    return this.#attempts.has(first) || this.#attempts.size >= MOST_ATTEMPTS;
  }

  /** Removes the end of a way that turned out to be a match. */
  reopen(first: KeptRow, path: PathNode): void {
    this.#attempts.get(first)?.others.delete(path);
  }

  /** Returns the lists. `variables` are the names of the variables, as paths number them. */
  explained(variables: readonly string[]): Pick<MatchExplanation, 'late' | 'attempts' | 'notBegun' | 'leftOut'> {
    return {
      late: this.#late,
      attempts: [...this.#attempts.values()].sort(byFirstRow).map((attempt) => explainedAttempt(attempt, variables)),
      notBegun: this.#notBegun,
      leftOut: this.#leftOut,
    };
  }
}

function explainedAttempt(
  { first, matches, others, moreWays }: Attempt,
  variables: readonly string[],
): ExplainedAttempt {
  const way = (path: PathNode | null, end: WayEnd): ExplainedWay => ({
    rows:
      path === null
        ? []
        : pathRows(path).map(({ variable, row }) => ({ variable: variables[variable]!, row: shown(row) })),
    end,
  });
  const further = [...others].map(([path, end]) => way(path, end)).sort((a, b) => b.rows.length - a.rows.length);
  return { first: shown(first), ways: [...matches.map(({ path, end }) => way(path, end)), ...further], moreWays };
}

const byFirstRow = (a: Attempt, b: Attempt): number =>
  a.first.time - b.first.time || a.first.sequence - b.first.sequence;

/** Returns a kept row as explanations show it. */
export const shown = ({ time, values }: KeptRow): ShownRow => ({ time, values });
