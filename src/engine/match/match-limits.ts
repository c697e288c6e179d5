import { EngineError } from '../../core/engine-error.ts';
import { parseSize } from '../../core/quantity.ts';
import type { FoundMatches, Matcher } from './matcher.ts';
import type { KeyRecord } from './partial-match.ts';

export const MATCH_LIMIT_SETTINGS = {
  partialMatches: 'sequitur.match.max-partial-matches-per-key',
  matches: 'sequitur.match.max-matches-per-row',
  bytes: 'sequitur.match.max-state',
  policy: 'sequitur.match.on-limit',
} as const;

/**
 * Limits of one operator; 0 = none. The default is none, because a limit changes results.
 */
export interface MatchLimits {
  readonly partialMatchesPerKey: number;
  readonly matchesPerRow: number;
  /** The bytes of all keys, as the state cache measures them. */
  readonly stateBytes: number;
  /**
   * `fail` fails the job. `drop-new` and `drop-oldest` drop partial matches with the latest or
   * earliest first rows, and matches beyond the limit. Both are counted.
   */
  readonly policy: 'fail' | 'drop-new' | 'drop-oldest';
}

/** Returns the limits in the settings. Returns null without limits. */
export function limitsOf(settings: Readonly<Record<string, string>>): MatchLimits | null {
  const number = (key: string): number => Number(settings[key] ?? 0);
  const limits: MatchLimits = {
    partialMatchesPerKey: number(MATCH_LIMIT_SETTINGS.partialMatches),
    matchesPerRow: number(MATCH_LIMIT_SETTINGS.matches),
    stateBytes: parseSize(settings[MATCH_LIMIT_SETTINGS.bytes] ?? '0') ?? 0,
    policy: (settings[MATCH_LIMIT_SETTINGS.policy] ?? 'fail') as MatchLimits['policy'],
  };
  return limits.partialMatchesPerKey + limits.matchesPerRow + limits.stateBytes === 0 ? null : limits;
}

/** Enforces the limits of one operator and counts dropped matches. */
export class LimitGuard<State extends KeyRecord, Row, Found extends FoundMatches> {
  droppedPartialMatches = 0;
  droppedMatches = 0;
  /** Of all keys; maintained only if it is limited. */
  stateBytes = 0;
  readonly #limits: MatchLimits;
  readonly #matcher: Matcher<State, Row, Found>;
  readonly #sizeOf: (state: State) => number;
  #matchesOfRow = 0;
  #openBefore = 0;
  #bytesBefore = 0;

  constructor(limits: MatchLimits, matcher: Matcher<State, Row, Found>, sizeOf: (state: State) => number) {
    this.#limits = limits;
    this.#matcher = matcher;
    this.#sizeOf = sizeOf;
  }

  /** Called before a row or the time is offered to a key. `fresh`: the key had no state. */
  before(state: State, fresh: boolean): void {
    this.#matchesOfRow = 0;
    this.#openBefore = this.#matcher.openIn(state);
    if (this.#limits.stateBytes > 0) this.#bytesBefore = fresh ? 0 : this.#sizeOf(state);
  }

  /** Returns whether a match may be emitted. Throws MATCH_LIMIT if the policy is `fail`. */
  mayMatch(key: readonly unknown[]): boolean {
    const { matchesPerRow, policy } = this.#limits;
    if (matchesPerRow === 0 || ++this.#matchesOfRow <= matchesPerRow) return true;
    if (policy === 'fail') {
      throw exceeded(`a row of the key (${key.join(', ')}) completes more than ${matchesPerRow} matches`, 'matches');
    }
    this.droppedMatches++;
    return false;
  }

  /**
   * Called after a row or the time was offered. Throws MATCH_LIMIT, or drops partial matches of the
   * key.
   */
  after(state: State, key: () => readonly unknown[], found: Found): void {
    const { partialMatchesPerKey: most, policy } = this.#limits;
    const open = this.#matcher.openIn(state);
    if (most > 0 && open > most) {
      if (policy === 'fail')
        throw exceeded(`the key (${key().join(', ')}) has ${open} partial matches`, 'partialMatches', most);
      this.#drop(state, open - most, found);
    }
    if (this.#limits.stateBytes > 0) this.#holdBytes(state, key, found);
  }

  #holdBytes(state: State, key: () => readonly unknown[], found: Found): void {
    const { stateBytes: most, policy } = this.#limits;
    const others = this.stateBytes - this.#bytesBefore;
    let own = this.#sizeOf(state);
    if (others + own > most && policy === 'fail')
      throw exceeded(
        `the partial matches of all keys take ${others + own} bytes, last (${key().join(', ')})`,
        'bytes',
        most,
      );
    if (others + own > most && policy === 'drop-new') {
      this.#drop(state, this.#matcher.openIn(state) - this.#openBefore, found);
      own = this.#sizeOf(state);
    }
    while (others + own > most && policy === 'drop-oldest' && this.#matcher.openIn(state) > 0) {
      this.#drop(state, Math.ceil(this.#matcher.openIn(state) / 10), found);
      own = this.#sizeOf(state);
    }
    this.stateBytes = others + own;
  }

  #drop(state: State, count: number, found: Found): void {
    if (count <= 0) return;
    this.droppedPartialMatches += this.#matcher.drop!(
      state,
      count,
      this.#limits.policy === 'drop-oldest' ? 'oldest' : 'newest',
      found,
    );
  }

  /** Called when the key's state is dropped. */
  gone(state: State): void {
    if (this.#limits.stateBytes > 0) this.stateBytes -= this.#sizeOf(state);
  }

  snapshot(): LimitSnapshot {
    const { droppedPartialMatches, droppedMatches, stateBytes } = this;
    return { droppedPartialMatches, droppedMatches, stateBytes };
  }

  restore(from: LimitSnapshot): void {
    this.droppedPartialMatches = from.droppedPartialMatches;
    this.droppedMatches = from.droppedMatches;
    this.stateBytes = from.stateBytes;
  }
}

export interface LimitSnapshot {
  readonly droppedPartialMatches: number;
  readonly droppedMatches: number;
  readonly stateBytes: number;
}

function exceeded(what: string, which: keyof typeof MATCH_LIMIT_SETTINGS, most?: number): EngineError {
  const setting = MATCH_LIMIT_SETTINGS[which];
  return new EngineError('MATCH_LIMIT', `${what}; ${setting}${most === undefined ? '' : ` is ${most}`}`, { setting });
}
