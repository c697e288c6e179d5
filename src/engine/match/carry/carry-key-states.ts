import { ByteReader, ByteWriter } from '../../state/byte-codec.ts';
import type { StateBackend } from '../../state/state-backend.ts';
import type { ValueCodec } from '../../state/state-store.ts';
import { KeySchedule, type ScheduleOptions } from '../key-schedule.ts';
import { limitsOf } from '../match-limits.ts';
import { matchStateCodec } from '../match-state-codec.ts';
import type { MatchingSnapshot } from '../matching-counters.ts';
import { newKeyState } from '../nfa-matcher.ts';
import type { MatchKeyState } from '../partial-match.ts';
import { individualCodec } from '../path-sets/individual-codec.ts';
import { shareable } from '../path-sets/shareable.ts';
import { sharedStateCodec } from '../path-sets/shared-state-codec.ts';
import { STATES_TABLE, TIMERS_TABLE } from '../pattern-shape.ts';
import { THRESHOLD_COLUMNS } from '../threshold-note.ts';
import { TimeBounds } from '../time-bounds.ts';
import { CarriedTimers } from './carried-timers.ts';
import type { DropCount } from './carry-report.ts';
import { KeyStateConversion } from './convert-key-state.ts';
import type { PatternVersion } from './pattern-version.ts';
import { copyTable } from './table-copy.ts';

/** The position of the encoded key in the key of an entry. */
const KEY_AT = 5;

/** The snapshot values for the new operator. */
interface CarriedKeyStates {
  readonly matching: MatchingSnapshot;
  /** The sequence of the next timer; null: the timers have not changed. */
  readonly timers: number | null;
}

/**
 * Converts the states of all keys with Flink's semantics, and their timers. `now`: the watermark of
 * the checkpoint. Returns the new counters.
 */
export async function carryKeyStates(
  backend: StateBackend,
  before: PatternVersion,
  after: PatternVersion,
  from: MatchingSnapshot,
  now: number,
  drops: DropCount,
): Promise<CarriedKeyStates> {
  const conversion = new KeyStateConversion(before, after, drops);
  const readBefore = codecOf(before, conversion.before);
  const writeAfter = codecOf(after, conversion.after);
  const limits = limitsOf(after.settings);
  const schedule = sameTiming(conversion, before, after) ? null : new NewSchedule(conversion, after, now);
  let stateBytes = 0;
  const writer = new ByteWriter();
  const copy = { backend, from: before.operator, to: after.operator };
  await copyTable(
    { ...copy, table: STATES_TABLE },
    (value, key) => {
      const state = conversion.convert(readBefore.decode(new ByteReader(value)) as MatchKeyState);
      if (state === null) return null;
      schedule?.add(state, key);
      if (limits !== null) stateBytes += writeAfter.sizeOf(state);
      writer.position = 0;
      writeAfter.encode(state, writer);
      // The stored thresholds of a key depend on the old conditions, so reset them. Each key is
      // then processed with its next row.
      for (const _ of THRESHOLD_COLUMNS) writer.double(Number.NEGATIVE_INFINITY);
      return writer.finish();
    },
    () => schedule?.timers.take() ?? [],
  );
  if (schedule === null) await copyTable({ ...copy, table: TIMERS_TABLE }, (value) => value);
  else await backend.write(schedule.timers.finish());
  const counts = {
    matches: from.matches,
    timedOut: from.timedOut,
    partialMatches: conversion.partialMatches,
    open: conversion.open.snapshot(),
  };
  const timers = schedule === null ? null : schedule.timers.sequence;
  if (limits === null) return { matching: counts, timers };
  const { droppedPartialMatches = 0, droppedMatches = 0 } = from.limits ?? {};
  return { matching: { ...counts, limits: { droppedPartialMatches, droppedMatches, stateBytes } }, timers };
}

function codecOf({ node, kept, fields, settings }: PatternVersion, nfa: KeyStateConversion['after']): ValueCodec {
  const types = kept.map((column) => fields[column]!.type);
  const shared = shareable(node, nfa, settings);
  if (shared === null) return matchStateCodec(nfa, newKeyState, types);
  return individualCodec(sharedStateCodec(nfa, shared.order, types), shared.order, nfa);
}

/** Returns whether the existing deadlines are the same as those of the new version. */
function sameTiming(
  { before: nfaBefore, after: nfaAfter }: KeyStateConversion,
  before: PatternVersion,
  after: PatternVersion,
): boolean {
  const gaps = [nfaBefore, nfaAfter].map((nfa) => JSON.stringify(nfa.states.map(({ name, gapMs }) => [name, gapMs])));
  return (
    JSON.stringify(before.node.within) === JSON.stringify(after.node.within) &&
    firesAtBounds(before, nfaBefore) === firesAtBounds(after, nfaAfter) &&
    (gaps[0] === gaps[1] || !(nfaBefore.hasGap || nfaAfter.hasGap))
  );
}

/** Returns whether a bound may emit rows exactly at its time. */
function firesAtBounds({ node }: PatternVersion, { hasPending }: KeyStateConversion['after']): boolean {
  return hasPending || (node.rows.kind === 'one' && node.rows.timeouts);
}

/**
 * The deadlines of the new version. Partial matches that are past the new bounds expire with the
 * next watermark.
 */
class NewSchedule {
  readonly timers: CarriedTimers;
  readonly #now: number;
  readonly #schedule: KeySchedule<MatchKeyState>;
  #key: Buffer = Buffer.alloc(0);

  constructor({ after: nfa }: KeyStateConversion, after: PatternVersion, now: number) {
    const bounds = new TimeBounds(after.node.within, nfa.hasGap);
    this.#now = now;
    this.timers = new CarriedTimers(after.operator, after.bucketMs, now);
    const options: ScheduleOptions = {
      withinMs: after.node.within?.ms ?? null,
      scaleMs: after.scaleMs,
      hasPending: firesAtBounds(after, nfa),
    };
    this.#schedule = new KeySchedule<MatchKeyState>(
      {
        nextDeadline: ({ partial }) => bounds.next(partial),
        holdsBack: ({ completed }) => completed.length > 0,
        beganAtTimeZero: ({ partial: { first } }) => first !== null && first.start!.time <= 0,
      },
      { touch: () => {}, writeKey: () => {} },
      { add: (time, kind) => this.timers.add(time, kind, this.#key, KEY_AT) },
      options,
    );
  }

  add(state: MatchKeyState, key: Buffer): void {
    this.#key = key;
    state.exactDeadline = Number.NEGATIVE_INFINITY;
    state.cleanupDeadline = Number.NEGATIVE_INFINITY;
    this.#schedule.schedule(0, state, this.#now);
  }
}
