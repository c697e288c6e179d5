import { invariant } from '../../core/invariant.ts';
import type { PatternElement, PatternGroup, PatternLink, PatternSequence, Quantifier } from '../../plan/match-node.ts';
import { ALWAYS, and, type EdgeCondition, holds, not } from './condition.ts';
import { type Nfa, NfaState, PROCEED, type StateRole } from './nfa.ts';

/**
 * Builds the automaton of a pattern by the construction of Flink's CEP library, so that the same partial matches arise in the same
 * order. It walks the sequence from its end to its beginning; each element is built in front of the state that follows it (`sink`):
 *
 *     single     e ──TAKE──► sink          relaxed: IGNORE on itself; optional: PROCEED to sink
 *     times      e:1 ──TAKE──► e ──TAKE──► sink        (inner contiguity between them)
 *     looping    e:0 ──TAKE──► e ─┐TAKE (itself) , PROCEED ──► sink
 *     NOT NEXT   n ──PROCEED──► sink unless the row is n, else to the stop state
 *     NOT FOLLOWED BY: no state; the states around it get a PROCEED to its stop state
 *
 * Greedy has no priorities here: every edge of the sink is ANDed with "the row does not continue the loop".
 */
export function compileNfa(
  pattern: PatternSequence,
  defined: readonly string[],
  options: { readonly bounded: boolean },
): Nfa {
  return new NfaCompiler(pattern, defined, options.bounded).compile();
}

/** An element with its neighbours, as the construction walks. */
interface Link {
  readonly element: PatternElement;
  readonly previous: Link | null;
}

class NfaCompiler {
  readonly #states: NfaState[] = [];
  readonly #names = new Set<string>();
  readonly #variables: string[];
  readonly #stops = new Map<string, NfaState>();
  /** Groups that are not at the first turn of their loop: their head then follows by the inner contiguity. */
  readonly #laterTurn = new Set<PatternGroup>();
  /** What a state was before the greedy rewrite: where a loop with UNTIL goes on when the ending row comes. */
  readonly #beforeGreedy = new Map<NfaState, NfaState>();
  readonly #pattern: PatternSequence;
  readonly #bounded: boolean;
  #current: Link;
  #following: Link | null = null;
  #group: PatternGroup | null = null;

  constructor(pattern: PatternSequence, defined: readonly string[], bounded: boolean) {
    this.#pattern = pattern;
    this.#bounded = bounded;
    this.#variables = [...new Set([...variablesOf(pattern), ...loopEndsOf(pattern), ...defined])];
    this.#current = linkedFromEnd(pattern);
  }

  compile(): Nfa {
    const end = this.#newState('$end', 'final', -1);
    const start = this.#sequence(end);
    start.role = 'start';
    invariant(variablesOf(this.#pattern).length > 0, 'a pattern has at least one variable');
    return {
      states: this.#states,
      start,
      variables: this.#variables,
      hasPending: this.#states.some((state) => state.role === 'pending'),
      hasGap: this.#states.some((state) => state.gapMs > 0),
    };
  }

  /** Builds from the current element back to the first of its sequence; returns the state where the sequence begins. */
  #sequence(end: NfaState): NfaState {
    let sink = end;
    while (this.#current.previous !== null) {
      sink = this.#elementOrNot(sink);
      this.#following = this.#current;
      this.#current = this.#current.previous;
    }
    return this.#element(sink);
  }

  #elementOrNot(sink: NfaState): NfaState {
    const link = this.#link();
    if (link === 'not-followed-by') {
      if (!(this.#bounded && sink.role === 'final')) return sink;
      const condition = this.#takeCondition(this.#current);
      const pending = this.#elementState('pending');
      pending.proceed(this.#stopState(condition, this.#name(this.#current)), condition);
      pending.ignore(pending, not(condition));
      return pending;
    }
    if (link === 'not-next') {
      const condition = this.#takeCondition(this.#current);
      const state = this.#elementState('normal');
      const stop = this.#stopState(condition, this.#name(this.#current));
      // At the end of a pattern the next row has to come before the match is complete, so it is an IGNORE, not a PROCEED.
      if (sink.role === 'final') state.ignore(sink, not(condition));
      else state.proceed(sink, not(condition));
      state.proceed(stop, condition);
      return state;
    }
    return this.#element(sink);
  }

  #element(sink: NfaState): NfaState {
    const quantifier = this.#quantifier();
    let first: NfaState;
    if (quantifier.max === null) {
      this.#firstTurn(false);
      const loop = this.#loop(this.#withoutEarlierNots(sink));
      this.#firstTurn(true);
      first = this.#times(loop, sink, quantifier.min, quantifier.min);
    } else if (quantifier.min === 1 && quantifier.max === 1) {
      first = this.#one(
        sink,
        sink,
        this.#takeCondition(this.#current),
        this.#ignoreCondition(this.#current),
        quantifier.optional,
      );
    } else {
      first = this.#times(sink, sink, quantifier.min, quantifier.max);
    }
    this.#stopOnEarlierNots(first);
    return first;
  }

  /** `from`..`to` turns in front of `sink`; turns beyond `from` may leave to `leave`. */
  #times(sink: NfaState, leave: NfaState, from: number, to: number): NfaState {
    this.#firstTurn(false);
    const { until, greedy, optional } = this.#quantifier();
    const ends = until === undefined ? null : this.#condition(until);
    const ignore = whileNot(ends, this.#innerIgnoreCondition(this.#current));
    const take = whileNot(ends, this.#takeCondition(this.#current))!;
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
    this.#firstTurn(true);
    return this.#one(next, leave, take, this.#ignoreCondition(this.#current), optional);
  }

  /** One turn of the current element: a state that takes a row, or a whole group. */
  #one(
    sink: NfaState,
    leave: NfaState,
    take: EdgeCondition,
    ignore: EdgeCondition | null,
    optional: boolean,
  ): NfaState {
    const element = this.#current.element;
    if (element.kind === 'group') return this.#groupTurn(element, sink, leave, optional);
    const state = this.#elementState('normal');
    // Once a row is taken, negated variables before the optional elements no longer apply.
    const target = this.#withoutEarlierNots(sink);
    state.take(target, take);
    if (optional) {
      const ends = element.quantifier.until === undefined ? null : this.#condition(element.quantifier.until);
      if (element.quantifier.greedy && ends !== null) {
        state.proceed(this.#beforeGreedy.get(leave) ?? leave, ends);
        state.proceed(leave, not(ends));
      } else {
        state.proceed(leave, ALWAYS);
      }
    }
    if (ignore !== null) {
      // An optional element that passes over a row must not come back to its PROCEED.
      let waiting = state;
      if (optional || this.#headOfOptionalGroup()) {
        waiting = this.#newState(this.#name(this.#current), 'normal', state.variable);
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
    if (optional) first.proceed(leave, ALWAYS);
    return first;
  }

  #loop(sink: NfaState): NfaState {
    const element = this.#current.element;
    if (element.kind === 'group') {
      const turn = this.#elementState('normal');
      const first = this.#inside(element, turn);
      first.proceed(sink, ALWAYS);
      turn.proceed(first, ALWAYS);
      return first;
    }
    const { until, greedy } = element.quantifier;
    const ends = until === undefined ? null : this.#condition(until);
    const ignore = whileNot(ends, this.#innerIgnoreCondition(this.#current));
    const take = whileNot(ends, this.#takeCondition(this.#current))!;
    const loop = this.#elementState('normal');
    if (greedy) {
      if (ends !== null) {
        const before = this.#copy(sink);
        loop.proceed(before, ends);
        this.#beforeGreedy.set(sink, before);
      }
      loop.proceed(sink, ends === null ? ALWAYS : not(ends));
      onlyUnless(sink, this.#takeCondition(this.#current));
    } else {
      loop.proceed(sink, ALWAYS);
    }
    loop.take(loop, take);
    this.#stopOnFollowingNot(loop);
    if (ignore !== null) {
      const waiting = this.#newState(this.#name(this.#current), 'normal', loop.variable);
      waiting.take(loop, take);
      waiting.ignore(waiting, ignore);
      loop.ignore(waiting, ignore);
      this.#stopOnFollowingNot(waiting);
    }
    return loop;
  }

  /** Builds the elements of a group in front of `sink`. */
  #inside(group: PatternGroup, sink: NfaState): NfaState {
    const current = this.#current;
    const following = this.#following;
    const outer = this.#group;
    this.#group = group;
    this.#current = linkedFromEnd(group.sequence);
    const first = this.#sequence(sink);
    this.#current = current;
    this.#following = following;
    this.#group = outer;
    return first;
  }

  // --- conditions -------------------------------------------------------------------------------------------------------------

  #condition(variable: string): EdgeCondition {
    const index = this.#variables.indexOf(variable);
    invariant(index >= 0, () => `pattern names the unknown condition ${variable}`);
    return holds(index);
  }

  /** A group has no condition of its own. */
  #own(link: Link): EdgeCondition {
    return link.element.kind === 'variable' ? this.#condition(link.element.variable) : ALWAYS;
  }

  #groupUntil(): EdgeCondition | null {
    const until = this.#group?.quantifier.until;
    return until === undefined ? null : this.#condition(until);
  }

  #takeCondition(link: Link): EdgeCondition {
    return whileNot(this.#groupUntil(), this.#own(link))!;
  }

  #innerIgnoreCondition(link: Link): EdgeCondition | null {
    const inner = this.#headOfGroup(link) ? this.#group!.quantifier.inner : link.element.quantifier.inner;
    const skips = inner === 'consecutive' ? null : inner === 'relaxed' ? not(this.#own(link)) : ALWAYS;
    return whileNot(this.#groupUntil(), skips);
  }

  #ignoreCondition(link: Link): EdgeCondition | null {
    // The head of a group follows what stands before the group by the group's link, in later turns by the group's inner contiguity.
    if (this.#headOfGroup(link)) {
      if (this.#laterTurn.has(this.#group!)) return this.#innerIgnoreCondition(link);
      return whileNot(this.#groupUntil(), this.#skips(this.#group!.link, link));
    }
    return whileNot(this.#groupUntil(), this.#skips(this.#first(link) ? 'next' : link.element.link, link));
  }

  #skips(link: PatternLink, of: Link): EdgeCondition | null {
    if (link === 'followed-by') return not(this.#own(of));
    return link === 'followed-by-any' ? ALWAYS : null;
  }

  // --- NOT FOLLOWED BY --------------------------------------------------------------------------------------------------------

  /** Negated variables that stand between the current element and the last one that must take a row. */
  #earlierNots(): { readonly condition: EdgeCondition; readonly name: string }[] {
    const nots: { condition: EdgeCondition; name: string }[] = [];
    let link = this.#current;
    while (
      link.previous !== null &&
      (link.previous.element.quantifier.optional || link.previous.element.link === 'not-followed-by')
    ) {
      link = link.previous;
      if (link.element.link === 'not-followed-by')
        nots.push({ condition: this.#takeCondition(link), name: this.#name(link) });
    }
    return nots;
  }

  #stopOnEarlierNots(state: NfaState): void {
    for (const { condition, name } of this.#earlierNots()) state.proceed(this.#stopState(condition, name), condition);
  }

  #stopOnFollowingNot(state: NfaState): void {
    const next = this.#following;
    if (next === null || next.element.link !== 'not-followed-by') return;
    const condition = this.#takeCondition(next);
    state.proceed(this.#stopState(condition, this.#name(next)), condition);
  }

  #stopState(condition: EdgeCondition, name: string): NfaState {
    const known = this.#stops.get(name);
    if (known) return known;
    const stop = this.#newState(name, 'stop', this.#variables.indexOf(name));
    stop.take(stop, condition);
    this.#stops.set(name, stop);
    return stop;
  }

  /** The sink as it is once an optional element has taken a row: without the ways into stop states of negations before that element. */
  #withoutEarlierNots(sink: NfaState): NfaState {
    const nots = this.#earlierNots();
    if (nots.length === 0 || !this.#quantifier().optional) return sink;
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

  // --- states and the walk ----------------------------------------------------------------------------------------------------

  #newState(base: string, role: StateRole, variable: number): NfaState {
    let name = base;
    for (let n = 0; this.#names.has(name); n++) name = `${base}:${n}`;
    this.#names.add(name);
    const state = new NfaState(this.#states.length, name, role, variable);
    this.#states.push(state);
    return state;
  }

  /** A state of the current element proper: the gap of a loop bounds all of them but the first made, as in Flink. */
  #elementState(role: StateRole): NfaState {
    const element = this.#current.element;
    const variable = element.kind === 'variable' ? this.#variables.indexOf(element.variable) : -1;
    const state = this.#newState(this.#name(this.#current), role, variable);
    const { gapMs } = element.quantifier;
    if (gapMs !== undefined && state.name.includes(':')) state.gapMs = gapMs;
    return state;
  }

  #quantifier(): Quantifier {
    return this.#current.element.quantifier;
  }
  #link(): PatternLink {
    return this.#first(this.#current) ? 'next' : this.#current.element.link;
  }
  #first(link: Link): boolean {
    return link.previous === null;
  }
  #name(link: Link): string {
    return link.element.kind === 'variable' ? link.element.variable : '$group';
  }
  #headOfGroup(link: Link): boolean {
    return this.#group !== null && this.#first(link);
  }
  #headOfOptionalGroup(): boolean {
    return this.#headOfGroup(this.#current) && !this.#laterTurn.has(this.#group!) && this.#group!.quantifier.optional;
  }
  #firstTurn(first: boolean): void {
    const element = this.#current.element;
    if (element.kind !== 'group') return;
    if (first) this.#laterTurn.delete(element);
    else this.#laterTurn.add(element);
  }
}

/** `condition`, but not for rows that end the loop; null stays null. */
function whileNot(ends: EdgeCondition | null, condition: EdgeCondition | null): EdgeCondition | null {
  return ends === null || condition === null ? condition : and(not(ends), condition);
}

/** The greedy rewrite: a row that can continue the loop can never leave it. */
function onlyUnless(state: NfaState, continues: EdgeCondition): void {
  for (const edge of state.edges) edge.condition = and(edge.condition, not(continues));
}

function linkedFromEnd(sequence: PatternSequence): Link {
  let last: Link | null = null;
  for (const element of sequence.elements) last = { element, previous: last };
  invariant(last !== null, 'a pattern sequence has at least one element');
  return last;
}

/** Variables in order of declaration. */
export function variablesOf(sequence: PatternSequence): string[] {
  return sequence.elements.flatMap((element) =>
    element.kind === 'variable' ? [element.variable] : variablesOf(element.sequence),
  );
}

/** Names of the conditions that end loops. */
function loopEndsOf(sequence: PatternSequence): string[] {
  return sequence.elements.flatMap((element) => [
    ...(element.quantifier.until === undefined ? [] : [element.quantifier.until]),
    ...(element.kind === 'group' ? loopEndsOf(element.sequence) : []),
  ]);
}
