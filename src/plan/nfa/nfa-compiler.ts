import type { PatternGroup, PatternSequence } from '../match-node.ts';
import { and, type EdgeCondition, not } from './condition.ts';
import { type Nfa, NfaState, PROCEED, type StateRole } from './nfa.ts';
import { PatternWalk, whileNot } from './pattern-walk.ts';

/**
 * Builds the automaton of a pattern by the construction of Flink's CEP library, so that the same
 * partial matches arise in the same order. It walks the sequence from its end to its beginning;
 * each element is built in front of the state that follows it (`sink`):
 *
 *     single     e --TAKE-> sink           relaxed: IGNORE on itself; optional: PROCEED to sink
 *     times      e:1 --TAKE-> e --TAKE-> sink          (inner contiguity between them)
 *     looping    e:0 --TAKE-> e --TAKE-> e (itself), e --PROCEED-> sink
 *     NOT NEXT   n ──PROCEED──► sink unless the row is n, else to the stop state
 *     NOT FOLLOWED BY: no state; the states around it get a PROCEED to its stop state
 *
 * Greedy has no priorities here: every edge of the sink is ANDed with "the row does not continue
 * the loop".
 */
export function compileNfa(
  pattern: PatternSequence,
  defined: readonly string[],
  options: { readonly bounded: boolean },
): Nfa {
  return new NfaCompiler(pattern, defined, options.bounded).compile();
}

class NfaCompiler {
  readonly #states: NfaState[] = [];
  readonly #names = new Set<string>();
  /** For each name: the first number that may still be free for its suffix. */
  readonly #nextNumber = new Map<string, number>();
  readonly #stops = new Map<string, NfaState>();
  /**
   * Copies of states before the greedy rewrite: a loop with UNTIL continues there at the row that
   * ends it.
   */
  readonly #beforeGreedy = new Map<NfaState, NfaState>();
  readonly #walk: PatternWalk;
  readonly #bounded: boolean;

  constructor(pattern: PatternSequence, defined: readonly string[], bounded: boolean) {
    this.#walk = new PatternWalk(pattern, defined);
    this.#bounded = bounded;
  }

  compile(): Nfa {
    const end = this.#newState('$end', 'final', -1);
    const start = this.#sequence(end);
    start.role = 'start';
    return {
      states: this.#states,
      start,
      variables: this.#walk.variables,
      hasPending: this.#states.some((state) => state.role === 'pending'),
      hasGap: this.#states.some((state) => state.gapMs > 0),
    };
  }

  /**
   * Builds from the current element back to the first of its sequence; returns the state where the
   * sequence begins.
   */
  #sequence(end: NfaState): NfaState {
    let sink = end;
    while (this.#walk.current.previous !== null) {
      sink = this.#elementOrNot(sink);
      this.#walk.back();
    }
    return this.#element(sink);
  }

  #elementOrNot(sink: NfaState): NfaState {
    const link = this.#walk.link();
    if (link === 'not-followed-by') {
      if (!(this.#bounded && sink.role === 'final')) return sink;
      const condition = this.#walk.takeCondition(this.#walk.current);
      const pending = this.#elementState('pending');
      pending.proceed(this.#stopState(condition, this.#walk.name(this.#walk.current)), condition);
      pending.ignore(pending, not(condition));
      return pending;
    }
    if (link === 'not-next') {
      const condition = this.#walk.takeCondition(this.#walk.current);
      const state = this.#elementState('normal');
      const stop = this.#stopState(condition, this.#walk.name(this.#walk.current));
      // At the end of a pattern the next row has to come before the match is complete, so it is an
      // IGNORE, not a PROCEED.
      if (sink.role === 'final') state.ignore(sink, not(condition));
      else state.proceed(sink, not(condition));
      state.proceed(stop, condition);
      return state;
    }
    return this.#element(sink);
  }

  #element(sink: NfaState): NfaState {
    const quantifier = this.#walk.quantifier();
    let first: NfaState;
    if (quantifier.max === null) {
      this.#walk.firstTurn(false);
      const loop = this.#loop(this.#withoutEarlierNots(sink));
      this.#walk.firstTurn(true);
      first = this.#times(loop, sink, quantifier.min, quantifier.min);
    } else if (quantifier.min === 1 && quantifier.max === 1) {
      first = this.#one(
        sink,
        sink,
        this.#walk.takeCondition(this.#walk.current),
        this.#walk.ignoreCondition(this.#walk.current),
        quantifier.optional,
      );
    } else {
      first = this.#times(sink, sink, quantifier.min, quantifier.max);
    }
    this.#stopOnEarlierNots(first);
    return first;
  }

  /** Builds `from`..`to` turns in front of `sink`. Turns beyond `from` may leave to `leave`. */
  #times(sink: NfaState, leave: NfaState, from: number, to: number): NfaState {
    this.#walk.firstTurn(false);
    const { until, greedy, optional } = this.#walk.quantifier();
    const ends = until === undefined ? null : this.#walk.condition(until);
    const ignore = whileNot(ends, this.#walk.innerIgnoreCondition(this.#walk.current));
    const take = whileNot(ends, this.#walk.takeCondition(this.#walk.current))!;
    if (greedy && from !== to) {
      if (ends !== null) this.#beforeGreedy.set(sink, this.#copy(sink));
      onlyUnless(sink, take);
    }
    let next = sink;
    for (let i = from; i < to; i++) {
      next = this.#one(next, leave, take, ignore, true);
      this.#stopOnFollowingNot(next);
    }
    for (let i = 0; i < from - 1; i++) {
      next = this.#one(next, next, take, ignore, false);
      this.#stopOnFollowingNot(next);
    }
    this.#walk.firstTurn(true);
    return this.#one(next, leave, take, this.#walk.ignoreCondition(this.#walk.current), optional);
  }

  /** Builds one turn of the current element: a state that takes a row, or a whole group. */
  #one(
    sink: NfaState,
    leave: NfaState,
    take: EdgeCondition,
    ignore: EdgeCondition | null,
    optional: boolean,
  ): NfaState {
    const element = this.#walk.current.element;
    if (element.kind === 'group') return this.#groupTurn(element, sink, leave, optional);
    const state = this.#elementState('normal');
    // Once a row is taken, negated variables before the optional elements no longer apply.
    const target = this.#withoutEarlierNots(sink);
    state.take(target, take);
    if (optional) {
      const ends = element.quantifier.until === undefined ? null : this.#walk.condition(element.quantifier.until);
      const proceeds = this.#walk.proceedCondition();
      if (element.quantifier.greedy && ends !== null) {
        state.proceed(this.#beforeGreedy.get(leave) ?? leave, and(proceeds, ends));
        state.proceed(leave, and(proceeds, not(ends)));
      } else {
        state.proceed(leave, proceeds);
      }
    }
    if (ignore !== null) {
      // An optional element that skips a row must not return to its PROCEED.
      let waiting = state;
      if (optional || this.#walk.headOfOptionalGroup()) {
        waiting = this.#newState(this.#walk.name(this.#walk.current), 'normal', state.variable);
        waiting.take(target, take);
        waiting.ignore(waiting, ignore);
        this.#stopOnEarlierNots(waiting);
      }
      state.ignore(waiting, ignore);
    }
    return state;
  }

  #groupTurn(group: PatternGroup, sink: NfaState, leave: NfaState, optional: boolean): NfaState {
    const first = this.#inside(group, sink);
    if (optional) first.proceed(leave, this.#walk.proceedCondition());
    return first;
  }

  #loop(sink: NfaState): NfaState {
    const element = this.#walk.current.element;
    if (element.kind === 'group') {
      const turn = this.#elementState('normal');
      const first = this.#inside(element, turn);
      first.proceed(sink, this.#walk.proceedCondition());
      turn.proceed(first, this.#walk.proceedCondition());
      return first;
    }
    const { until, greedy } = element.quantifier;
    const ends = until === undefined ? null : this.#walk.condition(until);
    const ignore = whileNot(ends, this.#walk.innerIgnoreCondition(this.#walk.current));
    const take = whileNot(ends, this.#walk.takeCondition(this.#walk.current))!;
    const proceeds = this.#walk.proceedCondition();
    const loop = this.#elementState('normal');
    if (greedy) {
      if (ends !== null) {
        const before = this.#copy(sink);
        loop.proceed(before, and(proceeds, ends));
        this.#beforeGreedy.set(sink, before);
      }
      loop.proceed(sink, ends === null ? proceeds : and(proceeds, not(ends)));
      onlyUnless(sink, this.#walk.takeCondition(this.#walk.current));
    } else {
      loop.proceed(sink, proceeds);
    }
    loop.take(loop, take);
    this.#stopOnFollowingNot(loop);
    if (ignore !== null) {
      const waiting = this.#newState(this.#walk.name(this.#walk.current), 'normal', loop.variable);
      waiting.take(loop, take);
      waiting.ignore(waiting, ignore);
      loop.ignore(waiting, ignore);
      this.#stopOnFollowingNot(waiting);
    }
    return loop;
  }

  /** Builds the elements of a group in front of `sink`. */
  #inside(group: PatternGroup, sink: NfaState): NfaState {
    return this.#walk.inside(group, () => this.#sequence(sink));
  }

  // --- NOT FOLLOWED BY
  // ------------------------------------------------------------

  #stopOnEarlierNots(state: NfaState): void {
    for (const { condition, name } of this.#walk.earlierNots())
      state.proceed(this.#stopState(condition, name), condition);
  }

  #stopOnFollowingNot(state: NfaState): void {
    const next = this.#walk.following;
    if (next === null || next.element.link !== 'not-followed-by') return;
    const condition = this.#walk.takeCondition(next);
    state.proceed(this.#stopState(condition, this.#walk.name(next)), condition);
  }

  #stopState(condition: EdgeCondition, name: string): NfaState {
    const known = this.#stops.get(name);
    if (known) return known;
    const stop = this.#newState(name, 'stop', this.#walk.variables.indexOf(name));
    stop.take(stop, condition);
    this.#stops.set(name, stop);
    return stop;
  }

  /**
   * Returns the sink as it is once an optional element has taken a row: without the ways into stop
   * states of negations before that element.
   */
  #withoutEarlierNots(sink: NfaState): NfaState {
    const nots = this.#walk.earlierNots();
    if (nots.length === 0 || !this.#walk.quantifier().optional) return sink;
    const stops = new Set(nots.map(({ name }) => name));
    const copy = this.#newState(sink.name, sink.role, sink.variable);
    for (const edge of sink.edges) {
      if (edge.action !== PROCEED) {
        copy.edges.push({ ...edge, target: edge.target === sink ? copy : edge.target });
      } else if (edge.target.role !== 'stop') {
        copy.edges.push({ ...edge, target: this.#withoutEarlierNots(edge.target) });
      } else if (!stops.has(edge.target.name)) {
        copy.edges.push({ ...edge });
      }
    }
    return copy;
  }

  #copy(state: NfaState): NfaState {
    const copy = this.#newState(state.name.split(':')[0]!, state.role, state.variable);
    for (const edge of state.edges) copy.edges.push({ ...edge, target: edge.target === state ? copy : edge.target });
    return copy;
  }

  // --- states and the walk
  // ------------------------------------------------------------

  #newState(base: string, role: StateRole, variable: number): NfaState {
    let name = base;
    let n = this.#nextNumber.get(base) ?? 0;
    while (this.#names.has(name)) name = `${base}:${n++}`;
    this.#nextNumber.set(base, n);
    this.#names.add(name);
    const state = new NfaState(this.#states.length, name, role, variable);
    this.#states.push(state);
    return state;
  }

  /**
   * Returns a state of the current element proper: the gap of a loop bounds all of them but the
   * first made, as in Flink.
   */
  #elementState(role: StateRole): NfaState {
    const element = this.#walk.current.element;
    const variable = element.kind === 'variable' ? this.#walk.variables.indexOf(element.variable) : -1;
    const state = this.#newState(this.#walk.name(this.#walk.current), role, variable);
    const { gapMs } = element.quantifier;
    if (gapMs !== undefined && state.name.includes(':')) state.gapMs = gapMs;
    return state;
  }
}

/** Rewrites the edges of a greedy loop: a row that can continue the loop can never leave it. */
function onlyUnless(state: NfaState, continues: EdgeCondition): void {
  for (const edge of state.edges) edge.condition = and(edge.condition, not(continues));
}
