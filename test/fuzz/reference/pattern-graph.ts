import type {
  PatternElement,
  PatternGroup,
  PatternLink,
  PatternSequence,
  PatternVariable,
} from '../../../src/plan/match-node.ts';

/**
 * Builds the graph that Flink makes of a pattern, in a plain way: states that wait for a row, and
 * edges in the order in which Flink adds them. No rule defines that order, but it decides which of
 * several matches with the same start comes first. Therefore the graph is built like Flink's: from
 * the end of the pattern to its beginning, each element in front of the state that follows it. This
 * code belongs to the fuzzer only and shares no code with the engine.
 */
export interface Graph {
  readonly start: State;
  /** How many states it has. */
  readonly size: number;
}

export interface State {
  readonly name: string;
  /** The variable of the rows that this state takes. */
  readonly variable: string | null;
  kind: 'start' | 'waiting' | 'complete' | 'dead' | 'absent-until-the-end';
  /** Largest distance to the last row taken, exclusive; null = any. */
  readonly gapMs: number | null;
  edges: Edge[];
}

/** `take` binds the row, `pass` skips it, `step` moves on and tests the same row again. */
export interface Edge {
  readonly does: 'take' | 'pass' | 'step';
  readonly to: State;
  when: Test;
}

/** A test of a row. `holds` returns whether a variable's condition is true. */
export type Test = (holds: (variable: string) => boolean) => boolean;

const always: Test = () => true;
const isA =
  (variable: string): Test =>
  (holds) =>
    holds(variable);
const no =
  (test: Test): Test =>
  (holds) =>
    !test(holds);
const both =
  (a: Test, b: Test): Test =>
  (holds) =>
    a(holds) && b(holds);
/**
 * Returns `test` with the condition that `ends` is not true. Without `ends` returns `test` alone.
 */
const unless = (ends: Test | null, test: Test): Test => (ends === null ? test : both(no(ends), test));

/** An element and its surroundings in the pattern. */
interface Place {
  readonly element: PatternVariable | PatternGroup;
  readonly before: Place | null;
  /** The following element; for the last element of a group the element after the group. */
  after: Place | null;
}

/** The group that is being built, and whether this turn follows another turn. */
interface Turn {
  readonly group: PatternGroup;
  readonly later: boolean;
}

export function patternGraph(pattern: PatternSequence, bounded: boolean): Graph {
  return new GraphMaker(bounded).graph(pattern);
}

class GraphMaker {
  readonly #bounded: boolean;
  readonly #names = new Set<string>();
  readonly #dead = new Map<string, State>();
  readonly #unguarded = new Map<State, State>();

  constructor(bounded: boolean) {
    this.#bounded = bounded;
  }

  graph(pattern: PatternSequence): Graph {
    const complete = this.#state('(complete)', null, 'complete');
    const start = this.#sequence(placesOf(pattern, null), complete, null);
    start.kind = 'start';
    return { start, size: this.#names.size };
  }

  #sequence(places: readonly Place[], sink: State, turn: Turn | null): State {
    let next = sink;
    for (const place of places.slice(1).reverse()) {
      if (place.element.link === 'not-followed-by') next = this.#notFollowedBy(place, next, turn);
      else if (place.element.link === 'not-next') next = this.#notNext(place, next, turn);
      else next = this.#element(place, next, turn);
    }
    return this.#element(places[0]!, next, turn);
  }

  /**
   * Creates a state only at the end of a pattern with a bound: there the match is complete when the
   * bound passes.
   */
  #notFollowedBy(place: Place, next: State, turn: Turn | null): State {
    if (!this.#bounded || next.kind !== 'complete') return next;
    const unwanted = takes(place, turn);
    const waiting = this.#own(place, 'absent-until-the-end');
    add(waiting, 'step', this.#deadEnd(place, unwanted), unwanted);
    add(waiting, 'pass', waiting, no(unwanted));
    return waiting;
  }

  #notNext(place: Place, next: State, turn: Turn | null): State {
    const unwanted = takes(place, turn);
    const waiting = this.#own(place, 'waiting');
    const dead = this.#deadEnd(place, unwanted);
    // At the end of the pattern, the next row must arrive before the match is complete.
    add(waiting, next.kind === 'complete' ? 'pass' : 'step', next, no(unwanted));
    add(waiting, 'step', dead, unwanted);
    return waiting;
  }

  #element(place: Place, sink: State, turn: Turn | null): State {
    const { min, max, optional } = place.element.quantifier;
    let first: State;
    if (max === null) {
      const loop = this.#endlessLoop(place, this.#withoutNotsBefore(place, sink), turn);
      first = this.#turns(place, loop, sink, min, min, turn);
    } else if (min === 1 && max === 1) {
      first = this.#once(place, sink, sink, takes(place, turn), passesBefore(place, turn), optional, turn, false);
    } else {
      first = this.#turns(place, sink, sink, min, max, turn);
    }
    this.#dieOnNotsBefore(place, first, turn);
    return first;
  }

  /** Builds `from`..`to` turns in front of `sink`. Turns beyond `from` may leave to `leave`. */
  #turns(place: Place, sink: State, leave: State, from: number, to: number, turn: Turn | null): State {
    const { greedy, optional } = place.element.quantifier;
    const ends = endOf(place);
    const take = unless(ends, takes(place, turn));
    const between = passesBetween(place, turn);
    const pass = between === null ? null : unless(ends, between);
    if (greedy && from !== to) {
      if (ends !== null) this.#unguarded.set(sink, this.#copy(sink));
      guard(sink, take);
    }
    let next = sink;
    for (let n = from; n < to; n++) {
      next = this.#once(place, next, leave, take, pass, true, turn, true);
      this.#dieOnNotAfter(place, next, turn);
    }
    for (let n = 1; n < from; n++) {
      next = this.#once(place, next, next, take, pass, false, turn, true);
      this.#dieOnNotAfter(place, next, turn);
    }
    return this.#once(place, next, leave, take, passesBefore(place, turn), optional, turn, false);
  }

  /** Builds one turn: a state that takes a row, or the whole group. */
  #once(
    place: Place,
    sink: State,
    leave: State,
    take: Test,
    pass: Test | null,
    optional: boolean,
    turn: Turn | null,
    later: boolean,
  ): State {
    const { element } = place;
    if (element.kind === 'group') {
      const first = this.#sequence(placesOf(element.sequence, place.after), sink, { group: element, later });
      if (optional) add(first, 'step', leave, steps(turn));
      return first;
    }
    const state = this.#own(place, 'waiting');
    const target = this.#withoutNotsBefore(place, sink);
    add(state, 'take', target, take);
    const ends = endOf(place);
    if (optional && element.quantifier.greedy && ends !== null) {
      add(state, 'step', this.#unguarded.get(leave) ?? leave, both(steps(turn), ends));
      add(state, 'step', leave, both(steps(turn), no(ends)));
    } else if (optional) add(state, 'step', leave, steps(turn));
    if (pass === null) return state;
    const headOfOptional = isHead(place, turn) && !turn!.later && turn!.group.quantifier.optional;
    if (!optional && !headOfOptional) {
      add(state, 'pass', state, pass);
      return state;
    }
    // The element cannot be left out after a row was skipped.
    const afterRow = this.#state(nameOf(place), element.variable, 'waiting');
    add(afterRow, 'take', target, take);
    add(afterRow, 'pass', afterRow, pass);
    this.#dieOnNotsBefore(place, afterRow, turn);
    add(state, 'pass', afterRow, pass);
    return state;
  }

  #endlessLoop(place: Place, sink: State, turn: Turn | null): State {
    const { element } = place;
    if (element.kind === 'group') {
      // The state for the way back is created first. It has no edges while the inside of the group
      // is created.
      const back = this.#own(place, 'waiting');
      const first = this.#sequence(placesOf(element.sequence, place.after), back, { group: element, later: true });
      add(first, 'step', sink, steps(turn));
      add(back, 'step', first, steps(turn));
      return first;
    }
    const ends = endOf(place);
    const take = unless(ends, takes(place, turn));
    const between = passesBetween(place, turn);
    const loop = this.#own(place, 'waiting');
    if (element.quantifier.greedy) {
      if (ends !== null) {
        const unguarded = this.#copy(sink);
        add(loop, 'step', unguarded, both(steps(turn), ends));
        this.#unguarded.set(sink, unguarded);
      }
      add(loop, 'step', sink, unless(ends, steps(turn)));
      guard(sink, takes(place, turn));
    } else add(loop, 'step', sink, steps(turn));
    add(loop, 'take', loop, take);
    this.#dieOnNotAfter(place, loop, turn);
    if (between !== null) {
      const pass = unless(ends, between);
      const afterRow = this.#state(nameOf(place), element.variable, 'waiting');
      add(afterRow, 'take', loop, take);
      add(afterRow, 'pass', afterRow, pass);
      add(loop, 'pass', afterRow, pass);
      this.#dieOnNotAfter(place, afterRow, turn);
    }
    return loop;
  }

  // --- negations ---

  #dieOnNotsBefore(place: Place, state: State, turn: Turn | null): void {
    for (const not of notsBefore(place)) {
      const unwanted = takes(not, turn);
      add(state, 'step', this.#deadEnd(not, unwanted), unwanted);
    }
  }

  #dieOnNotAfter(place: Place, state: State, turn: Turn | null): void {
    if (place.after?.element.link !== 'not-followed-by') return;
    const unwanted = takes(place.after, turn);
    add(state, 'step', this.#deadEnd(place.after, unwanted), unwanted);
  }

  #deadEnd(place: Place, unwanted: Test): State {
    const name = nameOf(place);
    const known = this.#dead.get(name);
    if (known !== undefined) return known;
    const dead = this.#state(name, place.element.kind === 'variable' ? name : null, 'dead');
    add(dead, 'take', dead, unwanted);
    this.#dead.set(name, dead);
    return dead;
  }

  /**
   * Returns the state after an optional element that took a row. Negations before that element no
   * longer apply.
   */
  #withoutNotsBefore(place: Place, sink: State): State {
    const nots = place.element.quantifier.optional ? notsBefore(place).map(nameOf) : [];
    return nots.length === 0 ? sink : this.#withoutDeadEnds(sink, nots);
  }

  #withoutDeadEnds(state: State, nots: readonly string[]): State {
    const copy = this.#state(state.name, state.variable, state.kind);
    for (const { does, to, when } of state.edges) {
      if (does !== 'step') add(copy, does, to === state ? copy : to, when);
      else if (to.kind !== 'dead') add(copy, does, this.#withoutDeadEnds(to, nots), when);
      else if (!nots.includes(to.name)) add(copy, does, to, when);
    }
    return copy;
  }

  // --- states ---

  #copy(state: State): State {
    const copy = this.#state(state.name.split(':')[0]!, state.variable, state.kind);
    for (const { does, to, when } of state.edges) add(copy, does, to === state ? copy : to, when);
    return copy;
  }

  /**
   * Creates a state of the element. The gap of a loop bounds the states that Flink numbers, so it
   * does not bound the first one.
   */
  #own(place: Place, kind: State['kind']): State {
    const { element } = place;
    const state = this.#state(nameOf(place), element.kind === 'variable' ? element.variable : null, kind);
    const { gapMs } = element.quantifier;
    return gapMs !== undefined && state.name.includes(':') ? Object.assign(state, { gapMs }) : state;
  }

  #state(base: string, variable: string | null, kind: State['kind']): State {
    let name = base;
    for (let n = 0; this.#names.has(name); n++) name = `${base}:${n}`;
    this.#names.add(name);
    return { name, variable, kind, gapMs: null, edges: [] };
  }
}

function placesOf({ elements }: PatternSequence, after: Place | null): Place[] {
  const places: Place[] = [];
  for (const element of elements as readonly PatternElement[]) {
    if (element.kind !== 'variable' && element.kind !== 'group')
      throw new Error(`the reference has no ${element.kind}`);
    const place: Place = { element, before: places.at(-1) ?? null, after };
    if (place.before !== null) place.before.after = place;
    places.push(place);
  }
  return places;
}

const nameOf = ({ element }: Place): string => (element.kind === 'variable' ? element.variable : '(group)');
const isHead = (place: Place, turn: Turn | null): boolean => turn !== null && place.before === null;

/** Returns the negations between a place and the last element before it that must take a row. */
function notsBefore(place: Place): Place[] {
  const nots: Place[] = [];
  for (let at = place; at.before !== null; at = at.before) {
    const { link, quantifier } = at.before.element;
    if (link === 'not-followed-by') nots.push(at.before);
    else if (!quantifier.optional) break;
  }
  return nots;
}

function endOf({ element }: Place): Test | null {
  return element.quantifier.until === undefined ? null : isA(element.quantifier.until);
}

function groupEnd(turn: Turn | null): Test | null {
  return turn?.group.quantifier.until === undefined ? null : isA(turn.group.quantifier.until);
}

function condition({ element }: Place): Test {
  return element.kind === 'variable' ? isA(element.variable) : always;
}

function takes(place: Place, turn: Turn | null): Test {
  return unless(groupEnd(turn), condition(place));
}

/**
 * Returns the rows at which an attempt may step on. In a group these do not include the rows that
 * end the group's loop.
 */
function steps(turn: Turn | null): Test {
  return unless(groupEnd(turn), always);
}

/** Returns the rows that may be skipped while the element waits for its first row; null: none. */
function passesBefore(place: Place, turn: Turn | null): Test | null {
  if (isHead(place, turn) && turn!.later) return passesBetween(place, turn);
  const link: PatternLink = isHead(place, turn)
    ? turn!.group.link
    : place.before === null
      ? 'next'
      : place.element.link;
  const pass = link === 'followed-by' ? no(condition(place)) : link === 'followed-by-any' ? always : null;
  return pass === null ? null : unless(groupEnd(turn), pass);
}

/** Returns the rows that may be skipped between two rows of a loop; null: none. */
function passesBetween(place: Place, turn: Turn | null): Test | null {
  const { inner } = isHead(place, turn) ? turn!.group.quantifier : place.element.quantifier;
  const pass = inner === 'relaxed' ? no(condition(place)) : inner === 'combinations' ? always : null;
  return pass === null ? null : unless(groupEnd(turn), pass);
}

function add(from: State, does: Edge['does'], to: State, when: Test): void {
  from.edges.push({ does, to, when });
}

/**
 * Makes a loop greedy: a row that could continue the loop cannot leave it. Flink adds this to the
 * edges that the next state has at this moment.
 */
function guard(next: State, continues: Test): void {
  for (const edge of next.edges) edge.when = both(edge.when, no(continues));
}
